//! How many entries of which kind a list has.

use std::collections::BTreeMap;

use crate::base::Kind;

/// The entries of a list, counted by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries(pub(super) Vec<Section>);

/// The entries of one kind, which stand together in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) kind: &'static Kind,
    pub(super) count: u64,
    /// Of them, those with a hint that this version can use.
    pub(super) hinted: u64,
}

impl Entries {
    /// The kinds of which there is an entry, in the list's order.
    pub fn kinds(&self) -> Vec<&'static Kind> {
        self.0.iter().map(|section| section.kind).collect()
    }

    /// How many there are.
    pub fn total(&self) -> u64 {
        self.0.iter().map(|section| section.count).sum()
    }

    /// How many have a hint that this version can use.
    pub fn hinted(&self) -> u64 {
        self.0.iter().map(|section| section.hinted).sum()
    }

    /// How many there are, by the kinds' names.
    pub fn by_kind(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for section in &self.0 {
            *counts.entry(section.kind.name.to_owned()).or_default() += section.count;
        }
        counts
    }
}
