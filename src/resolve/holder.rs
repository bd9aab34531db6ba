//! Tells the people of a list apart, where one of them may stand in several rows.
//!
//! An identifier of many people says little about any of them, one of a person with
//! many rows says all. Rows with one key are one person; without keys, rows with one
//! national identity code, or one name and date of birth; and else rows that say the
//! same in all their identifiers and names.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::column::Role;
use super::identifiers::Sink;
use super::people::Row;
use crate::base::{Family, Kind};

/// What a row says of whose it is.
#[derive(Debug, Default)]
pub(super) struct Identity {
    code: Option<u64>,
    person: Option<u64>,
    /// Of all identifiers, in any order.
    all: u64,
}

impl Identity {
    /// Takes an identifier of the row.
    pub(super) fn add(&mut self, kind: &Kind, canonical: &str) {
        let hash = hash_of(&(kind.name, canonical));
        let is_code = matches!(kind.family, Family::National | Family::Document);
        if is_code {
            self.code.get_or_insert(hash);
        } else if kind.name == "person" {
            self.person.get_or_insert(hash);
        }
        self.all = self.all.wrapping_add(hash);
    }

    /// A number that rows of other people do not have, but for chance.
    pub(super) fn number(&self, row: &Row<'_>) -> u32 {
        let own = row.key().map(|key| hash_of(&key));
        let told = own.or(self.code).or(self.person);
        let number = told.unwrap_or_else(|| {
            let names = row.cells().filter(|(_, role, _)| {
                matches!(role, Role::Name | Role::FirstName | Role::LastName)
            });
            let names: Vec<String> = names.map(|(_, _, name)| name.to_lowercase()).collect();
            self.all.wrapping_add(hash_of(&names))
        });
        u32::try_from(number >> 32).unwrap_or_default()
    }
}

impl Sink for Identity {
    fn identifier(&mut self, kind: &'static Kind, canonical: &str) {
        self.add(kind, canonical);
    }

    fn reject(&mut self, _: &str, _: &'static str) {}

    fn ambiguous_date(&mut self) {}
}

pub(super) fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
