//! What can be wrong with a watchlist.

use std::io;

use crate::fingerprint::KeyId;

/// Why a watchlist cannot be used or written.
///
/// Lines are counted from 1. What is quoted (a header's key, a kind's label) has
/// the shape of a name and at most 40 bytes; anything else is only numbered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read.
    #[error("the watchlist could not be read")]
    Read(#[source] io::Error),
    /// The file could not be written.
    #[error("the watchlist could not be written")]
    Write(#[source] io::Error),
    /// The index that was made of it could not be read or written, or is damaged.
    #[error("the index of the watchlist could not be used")]
    Index(#[source] io::Error),
    /// It does not begin as a watchlist does.
    #[error("the file is not a blindsift watchlist")]
    NotAWatchlist,
    /// It was written by a newer version.
    #[error("the watchlist has version {version}; this program reads version 1")]
    Newer {
        /// The version that the file names.
        version: u32,
    },
    /// A line is not what it should be.
    #[error("line {line} of the watchlist: {what}")]
    Malformed {
        /// Where.
        line: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A header that this version does not know.
    #[error("line {line} of the watchlist: unknown header `{key}`")]
    UnknownHeader {
        /// Where.
        line: u64,
        /// What it is called.
        key: String,
    },
    /// A header stands there twice.
    #[error("line {line} of the watchlist: a second `{key}`")]
    SecondHeader {
        /// Where.
        line: u64,
        /// What it is called.
        key: &'static str,
    },
    /// A header is missing.
    #[error("the watchlist has no header `{key}`")]
    NoHeader {
        /// What it is called.
        key: &'static str,
    },
    /// Its fingerprints are not made with a key, or in another way.
    #[error("line {line} of the watchlist: the mode `{mode}` is not supported by this version")]
    Mode {
        /// Where.
        line: u64,
        /// The mode.
        mode: &'static str,
    },
    /// It defines a kind of its own that cannot be used.
    #[error("line {line} of the watchlist: the kind that it defines cannot be used: {what}")]
    CustomKind {
        /// Where.
        line: u64,
        /// Why.
        what: &'static str,
    },
    /// A kind, or a profile of it, that this version does not know.
    #[error("line {line} of the watchlist: unknown kind `{label}`")]
    UnknownKind {
        /// Where.
        line: u64,
        /// The kind's name and profile.
        label: String,
    },
    /// An entry that should stand before the one above it.
    #[error("line {line} of the watchlist: the entries are not sorted")]
    Unsorted {
        /// Where.
        line: u64,
    },
    /// An entry that stands there twice.
    #[error("line {line} of the watchlist: the same entry as the line above")]
    Duplicate {
        /// Where.
        line: u64,
    },
    /// There are more entries than the header says.
    #[error("line {line} of the watchlist: the header says {declared} entries, this is one more")]
    TooMany {
        /// Where the first one too many stands.
        line: u64,
        /// What the header says.
        declared: u64,
    },
    /// There are fewer entries than the header says.
    #[error(
        "the watchlist ends at line {line} with {found} of the {declared} entries that its header says"
    )]
    TooFew {
        /// The last line.
        line: u64,
        /// What the header says.
        declared: u64,
        /// How many there are.
        found: u64,
    },
    /// It ends in the middle of a line or of the header.
    #[error("the watchlist is cut off at line {line}")]
    CutOff {
        /// The last line.
        line: u64,
    },
    /// There is nothing on it.
    #[error("the watchlist has no entries")]
    Empty,
    /// It was made with another key.
    #[error("the watchlist was made with key {list}, and this is key {key}")]
    WrongKey {
        /// The key that the list names.
        list: KeyId,
        /// The key that was given.
        key: KeyId,
    },
    /// A list cannot have that name.
    #[error("the watchlist's name is too long or holds a line break")]
    Name,
}

impl Error {
    /// What the user can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Read(_) => "check the path and its permissions",
            Self::Write(_) => "check the folder's permissions and the space left on the disk",
            Self::Index(_) => {
                "run again: the index is made anew; if this comes back, check the disk that it is on"
            }
            Self::NotAWatchlist => "make one with `blindsift watchlist build`",
            Self::Newer { .. } | Self::UnknownHeader { .. } | Self::UnknownKind { .. } => {
                "was it made with a newer blindsift? use that version, or make the list again with this one"
            }
            Self::Mode { .. } => "make the list with a key, by `blindsift watchlist build --key`",
            Self::CustomKind { .. } => {
                "copy the list again, or correct the definition and make the list again"
            }
            Self::Unsorted { .. } | Self::Duplicate { .. } => {
                "sort the entries with `LC_ALL=C sort -u` and put the header back in front"
            }
            Self::TooMany { .. } | Self::TooFew { .. } | Self::CutOff { .. } => {
                "copy the list again, or make it again; if it was edited on purpose, correct `entries:`"
            }
            Self::Malformed { .. } | Self::SecondHeader { .. } | Self::NoHeader { .. } => {
                "copy the list again, or make it again with `blindsift watchlist build`"
            }
            Self::Empty => "make a list of at least one person",
            Self::WrongKey { .. } => {
                "list and key belong together: use the key that the list was made with"
            }
            Self::Name => "choose a name of at most 200 bytes on one line",
        }
    }
}
