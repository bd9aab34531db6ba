use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::base::{Family, Kind, Sha256, Shape, Strength};
use crate::fingerprint::kinds;
use crate::matching::body::Sink;
use crate::matching::compiled::Compiler;
use crate::matching::entries::{Entries, Section};
use crate::matching::header::{Head, Hints};
use crate::matching::lines::Lines;
use crate::matching::pages::Out;

/// Entries by kind, each with its hint.
type Members = BTreeMap<&'static str, BTreeMap<[u8; 16], Option<[u8; 4]>>>;

fn kind(name: &str) -> &'static Kind {
    kinds::named(name).unwrap()
}

/// The index of `members`, and its pages as they would be in a file.
fn compiled(members: &Members) -> (Resident, Pages) {
    let total: usize = members.values().map(BTreeMap::len).sum();
    let header = format!(
        "blindsift-watchlist 1\nmode: keyed\nkey-id: e257beeb4d21de50\nhint: sha256-inner\n\
         entries: {total}\n\n"
    );
    let head = Head::read(&mut Lines::new(header.as_bytes())).unwrap();
    assert_eq!(head.hints, Some(Hints::Inner));
    let mut compiler = Compiler::new(&head, u64::MAX, Out::Memory(Vec::new())).unwrap();
    let mut sections = Vec::new();
    for (name, entries) in members {
        compiler.begin(kind(name)).unwrap();
        for (entry, hint) in entries {
            compiler.entry(Fingerprint(*entry), hint.map(Hint)).unwrap();
        }
        sections.push(Section {
            kind: kind(name),
            is_shared: false,
            count: entries.len() as u64,
            hinted: entries.values().flatten().count() as u64,
        });
    }
    let list = Sha256([7; 32]);
    let (resident, out) = compiler.finish(Entries(sections), list).unwrap();
    let Out::Memory(pages) = out else {
        panic!("it was memory")
    };
    (resident, Pages::Memory(pages))
}

fn index(members: &Members) -> Index {
    let (_, pages) = compiled(members);
    // What is written is what is read back.
    let resident = Resident::read(&pages, Sha256([7; 32]), kinds::ALL).unwrap();
    Index::new(resident, pages, None)
}

fn emails(entries: impl IntoIterator<Item = [u8; 16]>) -> Members {
    let hinted = entries.into_iter().map(|entry| (entry, None)).collect();
    BTreeMap::from([("email", hinted)])
}

/// Bytes of which many share their beginning, as chance never makes them.
fn crowded() -> impl Strategy<Value = [u8; 16]> {
    (any::<[u8; 16]>(), 0_usize..16).prop_map(|(mut bytes, equal)| {
        bytes[..equal].fill(7);
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn members_are_found_and_nothing_else(
        members in proptest::collection::btree_set(crowded(), 1..700),
        others in proptest::collection::vec(crowded(), 0..300),
        other_kind in proptest::collection::btree_set(crowded(), 1..300),
    ) {
        let mut all = emails(members.iter().copied());
        all.insert("phone", other_kind.iter().map(|entry| (*entry, None)).collect());
        let index = index(&all);
        let email = index.slot_of(kind("email")).unwrap();
        let phone = index.slot_of(kind("phone")).unwrap();
        for entry in members.iter().chain(&others).chain(&other_kind) {
            let probe = |slot| index.probe(slot, &Fingerprint(*entry)).is_some();
            prop_assert_eq!(probe(email), members.contains(entry));
            prop_assert_eq!(probe(phone), other_kind.contains(entry));
            prop_assert_eq!(index.lists("phone", &Fingerprint(*entry)), probe(phone));
        }
        prop_assert!(index.check().is_ok());
    }

    #[test]
    fn guessing_a_page_finds_what_halving_finds(
        fences in proptest::collection::btree_set(crowded(), 0..700),
        entries in proptest::collection::vec(crowded(), 1..100),
    ) {
        let fences: Vec<Unit> = fences.into_iter().collect();
        for entry in entries.iter().chain(&fences) {
            let expected = fences.partition_point(|first| first <= entry);
            prop_assert_eq!(begun(&fences, entry), expected);
        }
    }

    #[test]
    fn no_entry_is_lost_by_its_hint(
        entries in proptest::collection::btree_map(any::<[u8; 16]>(), any::<Option<[u8; 4]>>(), 1..50),
        hints in proptest::collection::btree_map(any::<[u8; 16]>(), any::<[u8; 4]>().prop_map(Some), 1..50),
    ) {
        let all = BTreeMap::from([("email", entries.clone()), ("phone", hints.clone())]);
        let index = index(&all);
        let email = index.slot_of(kind("email")).unwrap();
        let phone = index.slot_of(kind("phone")).unwrap();
        prop_assert!(index.has_hints());
        for hint in hints.values().flatten() {
            prop_assert!(index.may_hint(phone, Hint(*hint)));
        }
        // Some have no hint: all must be looked at.
        let is_mixed = entries.values().any(Option::is_none);
        prop_assert!(!is_mixed || index.may_hint(email, Hint([1, 2, 3, 4])));
    }
}

#[test]
fn pages_are_full_and_partly_full_at_every_border() {
    for count in [1, 254, 255, 256, 510, 511] {
        let entry = |number: u32| {
            Sha256::of(&number.to_be_bytes()).0[..16]
                .try_into()
                .unwrap()
        };
        let index = index(&emails((0..count).map(entry)));
        let email = index.slot_of(kind("email")).unwrap();
        let found = (0..2 * count).filter(|number| {
            let fingerprint = Fingerprint(entry(*number));
            index.probe(email, &fingerprint) == Some(Listed::Entry)
        });
        assert!(found.eq(0..count), "{count}");
    }
}

#[test]
fn a_canary_is_told_from_an_entry_unless_it_is_listed() {
    let [canary, listed] = [[9; 16], [1; 16]].map(Fingerprint);
    let members = BTreeMap::from([("email", BTreeMap::from([([1; 16], Some([1; 4]))]))]);
    let index = index(&members).with_canaries([
        (kind("email"), canary, Hint([9; 4])),
        (kind("email"), listed, Hint([1; 4])),
        (kind("phone"), canary, Hint([8; 4])),
    ]);
    let email = index.slot_of(kind("email")).unwrap();
    assert_eq!(index.probe(email, &canary), Some(Listed::Canary));
    assert_eq!(index.probe(email, &listed), Some(Listed::Entry));
    assert!(!index.lists("email", &canary));
    assert!(index.may_hint(email, Hint([9; 4])) && index.may_hint(email, Hint([1; 4])));
    assert_eq!(index.slot_of(kind("phone")), None);
    assert_eq!(index.kinds(), [kind("email")]);
}

#[test]
fn an_index_without_hints_lets_every_hint_pass() {
    let index = index(&emails([[1; 16]]));
    let email = index.slot_of(kind("email")).unwrap();
    assert!(!index.has_hints() && index.may_hint(email, Hint([0; 4])));
}

#[test]
fn an_index_is_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Index>();
}

#[test]
fn another_profile_of_a_kind_is_not_listed() {
    static OTHER: Kind = Kind {
        name: "email",
        profile: 2,
        family: Family::Contact,
        strength: Strength::Weak,
        canonical_form: "",
        check: "",
        source: "",
        example: "",
        headings: &[],
        shape: Shape::Mailbox,
        space: None,
        rate: None,
        born: None,
        canonical: |_, _, _| Ok(()),
    };
    let index = index(&emails([[1; 16]]));
    assert_eq!(index.slot_of(&OTHER), None);
}

#[test]
fn an_index_of_another_list_or_version_is_refused() {
    let (_, pages) = compiled(&emails([[1; 16]]));
    let other = Sha256([8; 32]);
    assert!(Resident::read(&pages, other, kinds::ALL).is_err());
    let list = Sha256([7; 32]);
    assert!(Resident::read(&pages, list, kinds::ALL).is_ok());
    let without: Vec<_> = kinds::ALL
        .iter()
        .filter(|kind| kind.name != "email")
        .copied()
        .collect();
    assert!(Resident::read(&pages, list, &without).is_err());
}

#[test]
fn numbers_that_do_not_fit_the_file_are_refused_and_reserve_nothing() {
    use crate::matching::pages::{UNITS, Unit, Writer, join};
    let huge = u64::MAX;
    let feet: [[Unit; 3]; 5] = [
        [join(1, huge), join(1, 0), join(1, 0)],
        [join(huge, 1), join(1, 0), join(1, 0)],
        [join(1, 1), join(huge, huge), join(1, 0)],
        [join(1, 1), join(huge / 2, huge / 2), join(huge, 0)],
        [join(0, 0), join(0, 0), join(0, 0)],
    ];
    for foot in feet {
        let mut writer = Writer::new(Out::Memory(Vec::new()));
        for _ in 0..2 * UNITS {
            writer.add([0; 16]).unwrap();
        }
        writer.add(*b"blindsift-index\x01").unwrap();
        writer.add([7; 16]).unwrap();
        writer.add([7; 16]).unwrap();
        for unit in foot {
            writer.add(unit).unwrap();
        }
        let Out::Memory(pages) = writer.finish().unwrap() else {
            panic!("it was memory")
        };
        let read = Resident::read(&Pages::Memory(pages), Sha256([7; 32]), kinds::ALL);
        assert!(read.is_err());
    }
}

#[test]
fn strangers_that_pass_the_filter_are_strangers_all_the_same() {
    let members: BTreeSet<[u8; 16]> = (0..50_000_u32)
        .map(|number| {
            Sha256::of(&number.to_be_bytes()).0[..16]
                .try_into()
                .unwrap()
        })
        .collect();
    let index = index(&emails(members.iter().copied()));
    let email = index.slot_of(kind("email")).unwrap();
    let strangers = members.iter().map(|member| {
        // Only the middle differs, of which the filter knows nothing but some bits.
        let mut stranger = *member;
        stranger[8] ^= 0x20;
        stranger
    });
    let taken = strangers.filter(|stranger| {
        let found = index.probe(email, &Fingerprint(*stranger)).is_some();
        found != members.contains(stranger)
    });
    assert_eq!(taken.count(), 0);
}
