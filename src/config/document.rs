//! TOML text in, tables of known keys out, each value with its line.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::error::{At, Error};
use super::keys::{self, JOB, KIND, Key, LIMITS, SOURCE, STATE, Shape, Table};

/// Characters of a line that an error shows.
const SHOWN: usize = 100;
/// Longest name of a job or source, in bytes: it becomes a folder's name.
const LONGEST_NAME: usize = 64;

/// The file's tables.
#[derive(Debug)]
pub(super) struct Document {
    /// In the file's order.
    pub(super) jobs: Vec<Section>,
    /// In the file's order.
    pub(super) sources: Vec<Section>,
    pub(super) limits: Section,
    pub(super) state: Section,
}

/// One table.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) table: &'static Table,
    /// Empty if the table has none.
    pub(super) name: String,
    pub(super) at: At,
    written: BTreeMap<&'static str, Entry>,
}

/// A value and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) value: Value,
    pub(super) at: At,
}

/// A value of its key's shape.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Whole(u64),
    List(Vec<(String, At)>),
}

impl Document {
    /// Reads `text`; every key in the result is known and has the right type.
    pub(super) fn read(text: &str) -> Result<Self, Error> {
        let lines = Lines(text);
        let root = parsed(&lines)?;
        let mut document = Self {
            jobs: Vec::new(),
            sources: Vec::new(),
            limits: Section::empty(&LIMITS, String::new(), At::File),
            state: Section::empty(&STATE, String::new(), At::File),
        };
        for (key, value) in in_order(root.get_ref()) {
            let at = lines.at(key.span().start);
            let word: &str = key.get_ref();
            match word {
                "job" => document.jobs = named_sections(&lines, &JOB, &at, value)?,
                "source" => document.sources = named_sections(&lines, &SOURCE, &at, value)?,
                "limits" => {
                    document.limits = section(&lines, &LIMITS, String::new(), at, value)?;
                }
                "state" => document.state = section(&lines, &STATE, String::new(), at, value)?,
                _ => {
                    return Err(Error::UnknownKey {
                        at,
                        key: shown(word),
                        suggestion: keys::table_suggestion(word),
                    });
                }
            }
        }
        Ok(document)
    }

    /// Reads `text` as a file of nothing but tables `[kind.NAME]`, in its order.
    pub(super) fn kinds(text: &str) -> Result<Vec<Section>, Error> {
        let lines = Lines(text);
        let root = parsed(&lines)?;
        let mut kinds = Vec::new();
        for (key, value) in in_order(root.get_ref()) {
            let at = lines.at(key.span().start);
            let word: &str = key.get_ref();
            if word != KIND.heading {
                let is_key = KIND.key(word).is_some();
                let nearest = if is_key { "[kind.NAME]" } else { KIND.heading };
                return Err(Error::UnknownKey {
                    at,
                    key: shown(word),
                    suggestion: Some(nearest.to_owned()),
                });
            }
            kinds = named_sections(&lines, &KIND, &at, value)?;
        }
        Ok(kinds)
    }

    /// Every table, the file's order within each kind.
    pub(super) fn sections_mut(&mut self) -> impl Iterator<Item = &mut Section> {
        self.jobs
            .iter_mut()
            .chain(&mut self.sources)
            .chain([&mut self.limits, &mut self.state])
    }
}

impl Section {
    fn empty(table: &'static Table, name: String, at: At) -> Self {
        Self {
            table,
            name,
            at,
            written: BTreeMap::new(),
        }
    }

    /// Replaces the value of `key`.
    pub(super) fn set(&mut self, key: &'static Key, entry: Entry) {
        self.written.insert(key.name, entry);
    }

    /// What was written for `key`, by the file or a variable.
    pub(super) fn written(&self, key: &str) -> Option<&Entry> {
        self.written.get(key)
    }

    /// The keys that were written, in alphabetical order.
    pub(super) fn keys_written(&self) -> impl Iterator<Item = &'static str> {
        self.written.keys().copied()
    }

    /// What holds for `key`: what was written, else the default.
    pub(super) fn holding(&self, key: &str) -> Option<Entry> {
        if let Some(entry) = self.written.get(key) {
            return Some(entry.clone());
        }
        let key = self.table.key(key)?;
        Some(Entry {
            value: Value::read(key.default?, key.shape, &At::Default)?,
            at: At::Default,
        })
    }

    /// The name that stands in variables: upper case, `-` as `_`.
    pub(super) fn variable_name(&self) -> String {
        upper(&self.name)
    }

    /// The variable that overrides `key`.
    pub(super) fn variable(&self, key: &Key) -> String {
        let mut name = format!("BLINDSIFT_{}_", upper(self.table.heading));
        if self.table.named {
            name.push_str(&self.variable_name());
            name.push('_');
        }
        name.push_str(&upper(key.name));
        name
    }
}

impl Value {
    /// Reads `text` as a value that stands in a variable.
    pub(super) fn read(text: &str, shape: Shape, at: &At) -> Option<Self> {
        Some(match shape {
            Shape::Text | Shape::Size => Self::Text(text.to_owned()),
            Shape::Whole => Self::Whole(text.parse().ok()?),
            Shape::List => Self::List(
                text.split(',')
                    .map(|item| (item.trim().to_owned(), at.clone()))
                    .collect(),
            ),
        })
    }

    fn from_toml(lines: &Lines<'_>, shape: Shape, value: &DeValue<'_>) -> Option<Self> {
        Some(match (shape, value) {
            (Shape::Text | Shape::Size, DeValue::String(text)) => Self::Text(text.to_string()),
            (Shape::Whole | Shape::Size, DeValue::Integer(integer)) => Self::Whole(whole(integer)?),
            (Shape::List, DeValue::Array(items)) => {
                let text = |item: &Spanned<DeValue<'_>>| {
                    let text = item.get_ref().as_str()?.to_owned();
                    Some((text, lines.at(item.span().start)))
                };
                Self::List(items.iter().map(text).collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }
}

/// What a value of `shape` looks like, for an error.
pub(super) fn expected(shape: Shape) -> &'static str {
    match shape {
        Shape::Text => "a string, in quotes",
        Shape::Whole => "a whole number that is not negative, without quotes",
        Shape::Size => "a number of bytes, or a string such as \"10 GiB\"",
        Shape::List => "a list of strings, such as [\"a\", \"b\"]",
    }
}

fn parsed<'t>(lines: &Lines<'t>) -> Result<Spanned<DeTable<'t>>, Error> {
    DeTable::parse(lines.0).map_err(|error| Error::Syntax {
        at: lines.at(error.span().map_or(lines.0.len(), |span| span.start)),
        problem: error.message().replace('\n', ", "),
    })
}

fn named_sections(
    lines: &Lines<'_>,
    table: &'static Table,
    at: &At,
    value: &Spanned<DeValue<'_>>,
) -> Result<Vec<Section>, Error> {
    let Some(tables) = value.get_ref().as_table() else {
        return Err(not_a_table(at.clone(), table.heading));
    };
    let mut sections: Vec<Section> = Vec::new();
    for (key, value) in in_order(tables) {
        let at = lines.at(key.span().start);
        let name: &str = key.get_ref();
        if !is_usable(name) {
            return Err(Error::Name {
                at,
                name: shown(name),
            });
        }
        if value.get_ref().as_table().is_none() {
            return Err(not_a_table(at, table.heading));
        }
        let section = section(lines, table, name.to_owned(), at, value)?;
        let same = |other: &&Section| other.variable_name() == section.variable_name();
        if let Some(other) = sections.iter().find(same) {
            return Err(Error::SameName {
                at: section.at,
                name: section.name,
                other: other.name.clone(),
            });
        }
        sections.push(section);
    }
    Ok(sections)
}

fn section(
    lines: &Lines<'_>,
    table: &'static Table,
    name: String,
    at: At,
    value: &Spanned<DeValue<'_>>,
) -> Result<Section, Error> {
    let Some(values) = value.get_ref().as_table() else {
        return Err(not_a_table(at, table.heading));
    };
    let mut section = Section::empty(table, name, at);
    for (word, value) in in_order(values) {
        let at = lines.at(word.span().start);
        let word: &str = word.get_ref();
        let Some(key) = table.key(word) else {
            return Err(Error::UnknownKey {
                at,
                key: shown(word),
                suggestion: keys::suggestion(table, word),
            });
        };
        let Some(value) = Value::from_toml(lines, key.shape, value.get_ref()) else {
            return Err(Error::Value {
                at,
                key: key.name.to_owned(),
                expected: expected(key.shape),
            });
        };
        section.set(key, Entry { value, at });
    }
    Ok(section)
}

fn not_a_table(at: At, heading: &str) -> Error {
    Error::Value {
        at,
        key: heading.to_owned(),
        expected: match heading {
            "job" => "tables [job.NAME]",
            "source" => "tables [source.NAME]",
            "kind" => "tables [kind.NAME]",
            _ => "a table, its heading in brackets",
        },
    }
}

type Item<'a, 'i> = (
    &'a Spanned<toml::de::DeString<'i>>,
    &'a Spanned<DeValue<'i>>,
);

/// The file's order: the crate sorts keys by name.
fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Item<'a, 'i>> {
    let mut items: Vec<_> = table.iter().collect();
    items.sort_by_key(|(key, _)| key.span().start);
    items
}

fn whole(integer: &DeInteger<'_>) -> Option<u64> {
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn is_usable(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= LONGEST_NAME
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn upper(name: &str) -> String {
    name.to_ascii_uppercase().replace('-', "_")
}

/// What may stand in one line of an error.
fn shown(text: &str) -> String {
    let mut shown: String = text
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(SHOWN)
        .collect();
    if text.trim().chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// The text, to look lines up in.
struct Lines<'a>(&'a str);

impl Lines<'_> {
    /// The line that holds the byte at `offset`.
    fn at(&self, offset: usize) -> At {
        let before = self.0.get(..offset).unwrap_or(self.0);
        let start = before.rfind('\n').map_or(0, |feed| feed + 1);
        let line = self.0.get(start..).and_then(|rest| rest.lines().next());
        At::Line {
            number: before.matches('\n').count() + 1,
            text: shown(line.unwrap_or_default()),
        }
    }
}
