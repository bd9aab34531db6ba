//! Free text: every line is a record.

use super::Parser;
use super::builder::Builder;

/// Text without a structure that is known.
pub(super) struct Plain;

impl Parser for Plain {
    fn feed(&mut self, text: &[u8], _last: bool, to: &mut Builder<'_>) -> usize {
        to.text(text);
        text.len()
    }
}
