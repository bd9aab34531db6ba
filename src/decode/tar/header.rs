//! One header block of a tar archive (POSIX.1-2017, pax, "ustar Interchange
//! Format"; GNU tar manual, "Basic Tar Format").

use tar::Header;

/// Everything in a tar archive comes in blocks of so many bytes.
pub(super) const BLOCK_BYTES: usize = 512;

/// One block.
pub(super) type Block = [u8; BLOCK_BYTES];

/// What a member is, as far as its data goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Data that is read. POSIX: a type that nobody knows is a regular file.
    File,
    /// GNU's old form of a file with holes: more headers may precede the data.
    Sparse,
    /// A folder.
    Folder,
    /// A link, a device, a pipe.
    NotAFile,
    /// GNU: the name of the next member.
    LongName,
    /// pax: properties of the next member.
    Properties,
    /// Headers that say nothing about where data lies.
    Ignored,
}

/// Whether `block` is a header whose checksum is right.
pub(super) fn is_valid(block: &[u8]) -> bool {
    let Some(header) = parse(block) else {
        return false;
    };
    let Ok(stated) = header.cksum() else {
        return false;
    };
    // The checksum is taken with blanks in its own place, bytes 148..156. Old
    // archivers summed signed bytes.
    let (mut unsigned, mut signed) = (0_i64, 0_i64);
    for (at, byte) in block.iter().enumerate() {
        let byte = if (148..156).contains(&at) {
            b' '
        } else {
            *byte
        };
        unsigned += i64::from(byte);
        signed += i64::from(byte.cast_signed());
    }
    is_used(block) && (unsigned == i64::from(stated) || signed == i64::from(stated))
}

/// Whether `block` bears the identification of POSIX or GNU archives.
pub(super) fn has_magic(block: &[u8]) -> bool {
    let magic = block.get(257..263);
    magic == Some(b"ustar\0") || magic == Some(b"ustar ")
}

/// Whether `block` was a header once: it shows the mark, or numbers where a
/// header has its size and its checksum, bytes 124..136 and 148..156.
pub(super) fn was_header(block: &[u8]) -> bool {
    let is_number = |field: Option<&[u8]>| {
        let digits = field.map(<[u8]>::trim_ascii).unwrap_or_default();
        let digits = digits.split(|byte| *byte == 0).next().unwrap_or_default();
        digits.len() >= 5 && digits.iter().all(|byte| matches!(byte, b'0'..=b'7'))
    };
    has_magic(block) || (is_number(block.get(124..136)) && is_number(block.get(148..156)))
}

/// How long the data is that `header` states. GNU's label of a volume leaves the
/// field empty.
pub(super) fn size(header: &Header) -> Option<u64> {
    let field = header.as_bytes().get(124..136)?;
    if field.iter().all(|byte| matches!(byte, 0 | b' ')) {
        return Some(0);
    }
    header.entry_size().ok()
}

/// Whether `block` holds anything but zeros.
pub(super) fn is_used(block: &[u8]) -> bool {
    block.iter().any(|byte| *byte != 0)
}

/// The header in `block`, its checksum unchecked.
pub(super) fn parse(block: &[u8]) -> Option<Header> {
    let block: &Block = block.try_into().ok()?;
    let mut header = Header::new_old();
    *header.as_mut_bytes() = *block;
    Some(header)
}

/// What kind of member `header` begins.
pub(super) fn kind(header: &Header) -> Kind {
    match header.as_bytes().get(156) {
        Some(b'1'..=b'4' | b'6') => Kind::NotAFile,
        Some(b'5') => Kind::Folder,
        Some(b'S') => Kind::Sparse,
        Some(b'L') => Kind::LongName,
        Some(b'x' | b'X') => Kind::Properties,
        // The name of a link, properties of all members, the volume's name.
        Some(b'K' | b'g' | b'V') => Kind::Ignored,
        _ => Kind::File,
    }
}

/// Whether another block of the map of holes follows this one; `at` is where
/// the flag stands: byte 482 of a header, byte 504 of a block that follows it.
pub(super) fn is_continued(block: &[u8], at: usize) -> bool {
    block.get(at).is_some_and(|flag| *flag != 0)
}
