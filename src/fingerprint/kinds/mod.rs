//! The registry of kinds: one file each, one line each.
//!
//! Each file says in its header where its rule comes from, and its tests hold
//! vectors from that source.

mod email;

use crate::base::Kind;

/// Every kind, in the order in which `blindsift kinds` lists them.
pub static ALL: &[&Kind] = &[&email::KIND];

/// The kind of that name; `_` may stand for `-`.
pub fn named(name: &str) -> Option<&'static Kind> {
    ALL.iter()
        .copied()
        .find(|kind| kind.name == name || kind.name == name.replace('_', "-"))
}
