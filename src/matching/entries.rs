//! How many entries of which kind a list has.

use std::collections::BTreeMap;

use crate::base::Kind;

/// What stands behind the label of entries that several people share.
pub(super) const SHARED: &str = "/shared";

/// The entries of a list, counted by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries(pub(super) Vec<Section>);

/// The entries of one kind that are shared, or those that are not; they stand together
/// in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) kind: &'static Kind,
    /// Whether more people than a family have each of them.
    pub(super) is_shared: bool,
    pub(super) count: u64,
    /// Of them, those with a hint that this version can use.
    pub(super) hinted: u64,
}

impl Entries {
    /// The kinds of which there is an entry, in the list's order.
    pub fn kinds(&self) -> Vec<&'static Kind> {
        let mut kinds: Vec<&'static Kind> = self.0.iter().map(|section| section.kind).collect();
        // A kind may have two sections; two profiles are two kinds.
        kinds.dedup_by_key(|kind| (kind.name, kind.profile));
        kinds
    }

    /// How many there are.
    pub fn total(&self) -> u64 {
        self.0.iter().map(|section| section.count).sum()
    }

    /// How many are shared by more people than a family.
    pub fn shared(&self) -> u64 {
        self.shared_by_kind().values().sum()
    }

    /// How many are shared by more people than a family, by the kinds' names; kinds
    /// without any are left out.
    pub fn shared_by_kind(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for section in self.0.iter().filter(|section| section.is_shared) {
            *counts.entry(section.kind.name.to_owned()).or_default() += section.count;
        }
        counts
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

impl Section {
    /// What each of its lines begins with.
    pub(super) fn label(&self) -> String {
        let mut label = self.kind.label();
        if self.is_shared {
            label.push_str(SHARED);
        }
        label
    }
}
