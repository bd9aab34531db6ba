//! Looks fingerprints up: a filter first, then one sorted table a kind.
//!
//! Most fingerprints of a leak are strangers: the filter answers for 99 of 100 of
//! them with one look at memory. The others cost two: a jump by the fingerprint's
//! first bits to the few entries that share them, and these entries.

use std::fmt;
use std::sync::Arc;

use super::entries::Entries;
use super::filter::Filter;
use crate::base::Kind;
use crate::fingerprint::Fingerprint;

/// Entries that share a jump, on average: two cache lines of 64 bytes.
const ENTRIES_A_JUMP: usize = 8;
/// The largest jump table has 2^28 places of 4 bytes.
const JUMP_BITS: u32 = 28;

/// What a fingerprint that was found is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// An entry of the watchlist.
    Entry,
    /// One of nobody, planted to see whether the engine is awake.
    Canary,
}

/// What a list holds, made for looking up; shared by all workers of a run.
pub struct Index {
    filter: Filter,
    tables: Vec<Table>,
    canaries: Vec<(&'static Kind, Fingerprint)>,
}

impl Index {
    /// Makes an index of `entries`, which it shares, and of a run's `canaries`.
    ///
    /// Takes 2 to 4 bytes an entry for the filter and half a byte for the jumps.
    pub fn new(entries: &Entries, canaries: &[(&'static Kind, Fingerprint)]) -> Self {
        let total = usize::try_from(entries.total()).unwrap_or(usize::MAX);
        let mut filter = Filter::with_room(total.saturating_add(canaries.len()));
        let mut tables = Vec::new();
        for section in entries.sections() {
            for fingerprint in section.sorted.iter() {
                filter.add(fingerprint);
            }
            tables.push(Table::new(section.kind, Arc::clone(&section.sorted)));
        }
        for (_, fingerprint) in canaries {
            filter.add(fingerprint);
        }
        Self {
            filter,
            tables,
            canaries: canaries.to_vec(),
        }
    }

    /// What `fingerprint`, of an identifier of `kind`, is; `None` for a stranger.
    ///
    /// A canary that is on the list is an entry: somebody has that name or number.
    #[inline]
    pub fn probe(&self, kind: &Kind, fingerprint: &Fingerprint) -> Option<Listed> {
        if !self.filter.may_hold(fingerprint) {
            return None;
        }
        self.find(kind, fingerprint)
    }

    /// What the filter let pass.
    fn find(&self, kind: &Kind, fingerprint: &Fingerprint) -> Option<Listed> {
        let mut tables = self.tables.iter();
        if tables.any(|table| is_same(table.kind, kind) && table.holds(fingerprint)) {
            return Some(Listed::Entry);
        }
        // Canaries are a few dozen, and one stranger in a hundred comes here.
        self.canaries
            .iter()
            .any(|(of, canary)| canary == fingerprint && is_same(of, kind))
            .then_some(Listed::Canary)
    }

    /// The kinds that are listed; canaries of other kinds add none.
    pub fn kinds(&self) -> Vec<&'static Kind> {
        self.tables.iter().map(|table| table.kind).collect()
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.tables.iter().map(|table| table.kind))
            .finish()
    }
}

/// Two profiles of one kind are two tables.
fn is_same(one: &Kind, other: &Kind) -> bool {
    one == other && one.profile == other.profile
}

/// The entries of one kind and where to begin among them.
struct Table {
    kind: &'static Kind,
    sorted: Arc<Vec<Fingerprint>>,
    /// For each value of the first bits, where its entries begin, and the end;
    /// empty when there are more entries than 32 bits count.
    jumps: Vec<u32>,
    bits: u32,
}

impl Table {
    fn new(kind: &'static Kind, sorted: Arc<Vec<Fingerprint>>) -> Self {
        let bits = (sorted.len() / ENTRIES_A_JUMP)
            .max(1)
            .ilog2()
            .min(JUMP_BITS);
        let mut jumps = Vec::new();
        if let Ok(end) = u32::try_from(sorted.len()) {
            jumps.reserve_exact((1 << bits) + 1);
            for (position, fingerprint) in (0..end).zip(sorted.iter()) {
                while jumps.len() <= bucket(fingerprint, bits) {
                    jumps.push(position);
                }
            }
            jumps.resize((1 << bits) + 1, end);
        }
        Self {
            kind,
            sorted,
            jumps,
            bits,
        }
    }

    fn holds(&self, fingerprint: &Fingerprint) -> bool {
        let bucket = bucket(fingerprint, self.bits);
        let place = |bucket: usize| usize::try_from(*self.jumps.get(bucket)?).ok();
        let from = place(bucket).unwrap_or(0);
        let to = place(bucket + 1).unwrap_or(self.sorted.len());
        self.sorted
            .get(from..to)
            .is_some_and(|shelf| shelf.binary_search(fingerprint).is_ok())
    }
}

/// The value of the first `bits` bits, at most 32.
fn bucket(fingerprint: &Fingerprint, bits: u32) -> usize {
    let whole = u128::from_be_bytes(fingerprint.0);
    usize::try_from(whole.checked_shr(128 - bits).unwrap_or(0)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::fingerprint::kinds;
    use crate::matching::entries::Section;

    fn entries(of: &BTreeSet<[u8; 16]>) -> Entries {
        let sorted = of.iter().copied().map(Fingerprint).collect();
        Entries::new(vec![Section {
            kind: email(),
            sorted: Arc::new(sorted),
        }])
    }

    fn email() -> &'static Kind {
        kinds::named("email").unwrap()
    }

    /// Bytes of which many share their beginning, as chance never makes them.
    fn crowded() -> impl Strategy<Value = [u8; 16]> {
        (any::<[u8; 16]>(), 0_usize..16).prop_map(|(mut bytes, equal)| {
            bytes[..equal].fill(7);
            bytes
        })
    }

    proptest! {
        #[test]
        fn members_are_found_and_nothing_else(
            members in proptest::collection::btree_set(crowded(), 1..300),
            others in proptest::collection::vec(crowded(), 0..300),
        ) {
            let index = Index::new(&entries(&members), &[]);
            for member in &members {
                prop_assert_eq!(index.probe(email(), &Fingerprint(*member)), Some(Listed::Entry));
            }
            for other in others {
                let found = index.probe(email(), &Fingerprint(other)).is_some();
                prop_assert_eq!(found, members.contains(&other));
            }
        }
    }

    /// A sequence without a pattern: SHA-256 of a number.
    fn scattered(number: u32) -> [u8; 16] {
        let digest = crate::base::Sha256::of(&number.to_be_bytes());
        digest.0[..16].try_into().unwrap()
    }

    #[test]
    fn one_stranger_in_fifty_at_most_passes_the_filter() {
        // 2^16 entries fill the filter as far as it is ever filled: 16 bits each.
        let members: BTreeSet<_> = (0..1 << 16).map(scattered).collect();
        let index = Index::new(&entries(&members), &[]);
        let strangers = (1 << 20)..(1 << 20) + 10_000;
        let passed = strangers
            .map(|number| Fingerprint(scattered(number)))
            .filter(|stranger| index.filter.may_hold(stranger))
            .count();
        assert!(passed < 200, "{passed} of 10000");
    }

    #[test]
    fn a_canary_is_told_from_an_entry_unless_it_is_listed() {
        let [canary, listed] = [[9; 16], [1; 16]].map(Fingerprint);
        let canaries = [(email(), canary), (email(), listed)];
        let index = Index::new(&entries(&BTreeSet::from([[1; 16]])), &canaries);
        assert_eq!(index.probe(email(), &canary), Some(Listed::Canary));
        assert_eq!(index.probe(email(), &listed), Some(Listed::Entry));
    }

    #[test]
    fn an_index_is_shared_by_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Index>();
    }

    #[test]
    fn the_same_bytes_as_another_kind_are_a_stranger() {
        static OTHER: Kind = Kind {
            name: "other",
            profile: 1,
            family: crate::base::Family::Contact,
            strength: crate::base::Strength::Weak,
            canonical_form: "",
            check: "",
            source: "",
            example: "",
            headings: &[],
            shape: crate::base::Shape::Mailbox,
            canonical: |_, _, _| Ok(()),
        };
        let index = Index::new(&entries(&BTreeSet::from([[1; 16]])), &[]);
        assert_eq!(index.probe(&OTHER, &Fingerprint([1; 16])), None);
    }
}
