//! The entries of a list in memory: 16 bytes each.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::Kind;
use crate::fingerprint::Fingerprint;

/// The fingerprints of a list, by kind, sorted and unique.
///
/// A clone shares them: an [`Index`](super::Index) adds its tables, not a copy.
#[derive(Debug, Clone, Default)]
pub struct Entries(Vec<Section>);

/// The entries of one kind.
#[derive(Clone)]
pub(super) struct Section {
    pub(super) kind: &'static Kind,
    pub(super) sorted: Arc<Vec<Fingerprint>>,
}

impl Entries {
    /// Takes over sections that are sorted by label, none of them empty.
    pub(super) fn new(sections: Vec<Section>) -> Self {
        Self(sections)
    }

    pub(super) fn sections(&self) -> &[Section] {
        &self.0
    }

    /// The kinds of which there is an entry, in the list's order.
    pub fn kinds(&self) -> Vec<&'static Kind> {
        self.0.iter().map(|section| section.kind).collect()
    }

    /// How many there are.
    pub fn total(&self) -> u64 {
        self.0
            .iter()
            .map(|section| section.sorted.len() as u64)
            .sum()
    }

    /// How many there are, by the kinds' names.
    pub fn by_kind(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for section in &self.0 {
            *counts.entry(section.kind.name.to_owned()).or_default() += section.sorted.len() as u64;
        }
        counts
    }

    /// Those of one kind.
    pub fn of(&self, kind: &Kind) -> &[Fingerprint] {
        self.0
            .iter()
            .find(|section| section.kind == kind)
            .map_or(&[], |section| &section.sorted)
    }
}

impl std::fmt::Debug for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind.name, self.sorted.len())
    }
}
