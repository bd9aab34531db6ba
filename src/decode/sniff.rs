//! Which container it is, told by content and never by name.

use crate::base::Format;

use super::{gzip, tar, zip};

/// The container that begins with `head`, if it is one.
pub(super) fn container(head: &[u8]) -> Option<Format> {
    if head.starts_with(gzip::MAGIC) {
        return Some(Format::Gzip);
    }
    if zip::MAGICS.iter().any(|magic| head.starts_with(magic)) {
        return Some(Format::Zip);
    }
    tar::begins(head).then_some(Format::Tar)
}
