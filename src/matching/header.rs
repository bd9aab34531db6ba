//! The header of a list: `key: value` lines up to an empty one.

use std::io::Read;

use jiff::Timestamp;

use super::lines::Lines;
use super::{Error, PREFIX, VERSION};
use crate::base::{Definition, Kind, Regions};
use crate::fingerprint::KeyId;
use crate::fingerprint::kinds::custom;

/// The longest name of a list, in bytes.
const NAME_BYTES: usize = 200;
/// The longest word that an error repeats, in bytes.
const WORD_BYTES: usize = 40;

/// How the hints that [`Hints::Inner`] stands for are named in the header.
pub(super) const HINTS: &str = "sha256-inner";

/// How the hints of a list are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hints {
    /// As [`Hint`](crate::fingerprint::Hint) says.
    Inner,
    /// In a way that this version does not know: they are left aside.
    Unknown,
}

/// What a header says, its values checked.
pub(super) struct Head {
    pub(super) key_id: KeyId,
    pub(super) name: String,
    pub(super) created: Option<Timestamp>,
    pub(super) expires: Option<Timestamp>,
    pub(super) regions: Regions,
    pub(super) hints: Option<Hints>,
    /// The list's own kinds.
    pub(super) own: Vec<&'static Kind>,
    pub(super) entries: u64,
}

impl Head {
    /// Reads the first line, the header, and the empty line after it.
    pub(super) fn read<R: Read>(lines: &mut Lines<R>) -> Result<Self, Error> {
        read_version(lines)?;
        let mut fields = Fields::default();
        loop {
            let Some(text) = lines.next()? else {
                return Err(Error::CutOff {
                    line: lines.number(),
                });
            };
            if text.is_empty() {
                return fields.check();
            }
            let pair = text
                .split_once(':')
                .map(|(key, value)| (key.to_owned(), value.trim().to_owned()));
            let line = lines.number();
            let (key, value) = pair.ok_or(Error::Malformed {
                line,
                what: "a header is `key: value`, and an empty line ends the headers",
            })?;
            fields.take(line, &key, &value)?;
        }
    }
}

fn read_version<R: Read>(lines: &mut Lines<R>) -> Result<(), Error> {
    let first = lines.next().map(|first| {
        first
            .and_then(|line| line.strip_prefix(PREFIX))
            .map(str::parse::<u32>)
    });
    let version = match first {
        Ok(version) => version,
        Err(error @ Error::Read(_)) => return Err(error),
        Err(error) if lines.begins_with(PREFIX) => return Err(error),
        Err(_) => None,
    };
    match version {
        Some(Ok(VERSION)) => Ok(()),
        Some(Ok(version)) if version > VERSION => Err(Error::Newer { version }),
        _ => Err(Error::NotAWatchlist),
    }
}

/// The headers read so far.
#[derive(Default)]
struct Fields {
    mode: Option<()>,
    key_id: Option<KeyId>,
    name: Option<String>,
    created: Option<Timestamp>,
    expires: Option<Timestamp>,
    regions: Option<Regions>,
    hint: Option<Hints>,
    own: Vec<&'static Kind>,
    entries: Option<u64>,
}

impl Fields {
    fn take(&mut self, line: u64, key: &str, value: &str) -> Result<(), Error> {
        match key {
            "mode" => set(&mut self.mode, line, "mode", mode(line, value)?),
            "key-id" => {
                let id = KeyId::parse(value).ok_or(Error::Malformed {
                    line,
                    what: "a key id is 16 lower-case hex digits",
                })?;
                set(&mut self.key_id, line, "key-id", id)
            }
            "name" => {
                check_name(value).map_err(|_| Error::Malformed {
                    line,
                    what: "the name is too long or holds control characters",
                })?;
                set(&mut self.name, line, "name", value.to_owned())
            }
            "created" => set(&mut self.created, line, "created", time(line, value)?),
            "expires" => set(&mut self.expires, line, "expires", time(line, value)?),
            "regions" => {
                let regions = Regions::parse(value.split_whitespace()).map_err(|unusable| {
                    Error::Malformed {
                        line,
                        what: unusable.0,
                    }
                })?;
                set(&mut self.regions, line, "regions", regions)
            }
            "hint" if value == HINTS => set(&mut self.hint, line, "hint", Hints::Inner),
            // Without hints, a list is matched in full: slower, and nobody is missed.
            "hint" if is_word(value) => set(&mut self.hint, line, "hint", Hints::Unknown),
            "hint" => Err(Error::Malformed {
                line,
                what: "a hint is named by letters, digits and dashes",
            }),
            "entries" => {
                let count = value.parse().map_err(|_| Error::Malformed {
                    line,
                    what: "the number of entries is no number",
                })?;
                set(&mut self.entries, line, "entries", count)
            }
            "kind" => Definition::parse(value)
                .and_then(|definition| custom::define(&definition))
                .and_then(|kind| custom::add(&mut self.own, kind))
                .map_err(|unusable| Error::CustomKind {
                    line,
                    what: unusable.0,
                }),
            _ if is_word(key) => Err(Error::UnknownHeader {
                line,
                key: key.to_owned(),
            }),
            _ => Err(Error::Malformed {
                line,
                what: "the header's key is no word",
            }),
        }
    }

    fn check(self) -> Result<Head, Error> {
        self.mode.ok_or(Error::NoHeader { key: "mode" })?;
        Ok(Head {
            key_id: self.key_id.ok_or(Error::NoHeader { key: "key-id" })?,
            name: self.name.unwrap_or_default(),
            created: self.created,
            expires: self.expires,
            regions: self.regions.unwrap_or_default(),
            hints: self.hint,
            own: self.own,
            entries: self.entries.ok_or(Error::NoHeader { key: "entries" })?,
        })
    }
}

fn set<T>(field: &mut Option<T>, line: u64, key: &'static str, value: T) -> Result<(), Error> {
    if field.is_some() {
        return Err(Error::SecondHeader { line, key });
    }
    *field = Some(value);
    Ok(())
}

fn mode(line: u64, value: &str) -> Result<(), Error> {
    match value {
        "keyed" => Ok(()),
        "plain" => Err(Error::Mode {
            line,
            mode: "plain",
        }),
        "blind" => Err(Error::Mode {
            line,
            mode: "blind",
        }),
        _ => Err(Error::Malformed {
            line,
            what: "unknown mode",
        }),
    }
}

fn time(line: u64, value: &str) -> Result<Timestamp, Error> {
    value.parse().map_err(|_| Error::Malformed {
        line,
        what: "a time is written as 2026-11-21T10:00:00Z",
    })
}

/// Whether an error may repeat `text`: a name, and no longer than one.
pub(super) fn is_word(text: &str) -> bool {
    (1..=WORD_BYTES).contains(&text.len())
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_/".contains(&byte)
        })
}

/// Checks that `name` fits on one header line and comes back as it was.
pub(super) fn check_name(name: &str) -> Result<(), Error> {
    if name.len() > NAME_BYTES || name.chars().any(char::is_control) || name.trim() != name {
        return Err(Error::Name);
    }
    Ok(())
}
