//! What is wrong with a configuration, where, and what to do about it.

use std::fmt;

/// What is wrong with a configuration.
///
/// It is the operator's own file, so its lines may be shown. Values of the
/// environment's variables are not.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read.
    #[error("the configuration could not be read")]
    Io(#[source] std::io::Error),
    /// No configuration is that long; somebody named another file.
    #[error("the file is longer than {most} bytes, so it is no configuration")]
    TooLong {
        /// The longest that is read.
        most: u64,
    },
    /// It is not text.
    #[error("the file is not UTF-8 text, so it is no configuration")]
    NotText,
    /// It is not TOML.
    #[error("{at}: {problem}")]
    Syntax {
        /// Where.
        at: At,
        /// What the TOML reader says.
        problem: String,
    },
    /// A key or table that nothing reads.
    #[error("{at}: unknown key `{key}`{}", Nearest(.suggestion.as_deref()))]
    UnknownKey {
        /// Where.
        at: At,
        /// As it was written.
        key: String,
        /// The nearest known key, or the table in which the key is known.
        suggestion: Option<String>,
    },
    /// A variable `BLINDSIFT_…` that nothing reads.
    #[error("unknown variable {name}{}", Nearest(.suggestion.as_deref()))]
    UnknownVariable {
        /// Its name.
        name: String,
        /// The nearest variable for a key of this file.
        suggestion: Option<String>,
    },
    /// A job names a source that is not there.
    #[error("{at}: there is no source `{name}`{}", Nearest(.suggestion.as_deref()))]
    UnknownSource {
        /// Where.
        at: At,
        /// As it was written.
        name: String,
        /// The nearest source of the file.
        suggestion: Option<String>,
    },
    /// Something that must be there is not.
    #[error("{at}: `{key}` is missing")]
    Missing {
        /// The table that lacks it.
        at: At,
        /// What is missing.
        key: &'static str,
    },
    /// A value of the wrong type, or out of bounds.
    #[error("{at}: `{key}` must be {expected}")]
    Value {
        /// Where.
        at: At,
        /// Whose value it is.
        key: String,
        /// What would be right.
        expected: &'static str,
    },
    /// Two keys that exclude each other.
    #[error("{at}: `{key}` cannot stand beside `{other}`")]
    Clash {
        /// Where the first one stands.
        at: At,
        /// The first one.
        key: &'static str,
        /// The other one.
        other: &'static str,
    },
    /// A name that cannot be a folder's and a variable's.
    #[error("{at}: `{name}` is not a usable name")]
    Name {
        /// Where.
        at: At,
        /// As it was written.
        name: String,
    },
    /// Two names that are one and the same in a variable's name.
    #[error("{at}: the names `{name}` and `{other}` differ in case or `-` and `_` only")]
    SameName {
        /// Where the second one stands.
        at: At,
        /// The second one.
        name: String,
        /// The first one.
        other: String,
    },
    /// An onion service would be looked up in the public DNS.
    #[error("{at}: a .onion address needs a `proxy`")]
    OnionWithoutProxy {
        /// Where the address stands.
        at: At,
    },
}

impl Error {
    /// The line that it is about, counted from 1.
    pub fn line(&self) -> Option<usize> {
        match self.at()? {
            At::Line { number, .. } => Some(*number),
            At::Variable(_) | At::File | At::Default => None,
        }
    }

    /// The key, variable, source or name that it is about.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::UnknownKey { key, .. } | Self::Value { key, .. } => Some(key),
            Self::Missing { key, .. } | Self::Clash { key, .. } => Some(key),
            Self::UnknownVariable { name, .. }
            | Self::UnknownSource { name, .. }
            | Self::Name { name, .. }
            | Self::SameName { name, .. } => Some(name),
            Self::OnionWithoutProxy { .. } => Some("proxy"),
            Self::Io(_) | Self::TooLong { .. } | Self::NotText | Self::Syntax { .. } => None,
        }
    }

    /// What was probably meant.
    pub fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownKey { suggestion, .. }
            | Self::UnknownVariable { suggestion, .. }
            | Self::UnknownSource { suggestion, .. } => suggestion.as_deref(),
            _ => None,
        }
    }

    /// What the user can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Io(_) => "check the path and the file's permissions",
            Self::TooLong { .. } | Self::NotText => "name a `blindsift.toml`",
            Self::Syntax { .. } => "correct the line; https://toml.io shows how values are written",
            Self::UnknownKey { .. } => "correct the name or remove the line; nothing is ignored",
            Self::UnknownVariable { .. } => {
                "correct the name or unset it; a variable overrides a value of a job or source that the file names"
            }
            Self::UnknownSource { .. } => "correct the name, or add a table [source.NAME]",
            Self::Missing { .. } => "add it; the README walks through a whole file",
            Self::Value { .. } => "correct the value",
            Self::Clash { .. } => "remove one: a source is a web site or a path, never both",
            Self::Name { .. } => "use 1 to 64 ASCII letters, digits, `-` and `_`",
            Self::SameName { .. } => "rename one of them",
            Self::OnionWithoutProxy { .. } => {
                "add the Tor proxy, such as \"socks5h://127.0.0.1:9050\"; without it the name would be asked of the public DNS (RFC 7686)"
            }
        }
    }

    fn at(&self) -> Option<&At> {
        match self {
            Self::Syntax { at, .. }
            | Self::UnknownKey { at, .. }
            | Self::UnknownSource { at, .. }
            | Self::Missing { at, .. }
            | Self::Value { at, .. }
            | Self::Clash { at, .. }
            | Self::Name { at, .. }
            | Self::SameName { at, .. }
            | Self::OnionWithoutProxy { at } => Some(at),
            Self::Io(_) | Self::TooLong { .. } | Self::NotText | Self::UnknownVariable { .. } => {
                None
            }
        }
    }
}

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// A line of the file.
    Line {
        /// Counted from 1.
        number: usize,
        /// What stands there, cut after 100 characters.
        text: String,
    },
    /// A variable of the environment, by name.
    Variable(String),
    /// The file as a whole.
    File,
    /// Nowhere: it is the default.
    Default,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { number, text } => write!(f, "line {number}, `{text}`"),
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::File => f.write_str("the file"),
            Self::Default => f.write_str("the default"),
        }
    }
}

struct Nearest<'a>(Option<&'a str>);

impl fmt::Display for Nearest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(table) if table.starts_with('[') => write!(f, ", it belongs in {table}"),
            Some(word) => write!(f, ", the nearest is `{word}`"),
            None => Ok(()),
        }
    }
}
