use std::cell::RefCell;

use proptest::prelude::*;

use super::super::anchor::{Anchor, Anchors, before};
use super::reference;
use super::*;
use crate::base::{Emit, Family, Plan, Runs, Shape, Strength, Unusable, Variant, is_word};

/// Reads as no country does, but so that every difference shows.
static KIND: Kind = Kind {
    name: "phone",
    profile: 1,
    family: Family::Contact,
    strength: Strength::Strong,
    canonical_form: "",
    check: "",
    source: "",
    example: "",
    headings: &[],
    shape: Shape::Telephone {
        plans: |_| Plans::default(),
    },
    space: None,
    rate: None,
    born: None,
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() > 15 || digits.starts_with("00") {
        return Err(Unusable("no number"));
    }
    let digits = digits.trim_start_matches('0');
    emit(&format!("+{digits}"), Variant::Exact);
    emit(
        &format!("+55{}", &digits[digits.len() / 2..]),
        Variant::Exact,
    );
    Ok(())
}

/// Country code, trunk prefix, whether it is always written, whether more than
/// that is taken away, possible lengths.
const WORLD: [(u16, &str, bool, bool, &[u8]); 12] = [
    (1, "1", false, false, &[7, 10]),
    (7, "8", true, false, &[10, 14]),
    (36, "06", true, false, &[8, 9]),
    (39, "", false, false, &[6, 7, 8, 9, 10, 11, 12]),
    (46, "0", true, false, &[6, 7, 8, 9, 10, 12]),
    (
        49,
        "0",
        true,
        false,
        &[4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    ),
    (55, "0", false, true, &[8, 9, 10, 11]),
    (61, "0", false, true, &[5, 6, 7, 8, 9, 10, 12]),
    (358, "0", true, false, &[5, 6, 7, 8, 9, 10, 11, 12]),
    (692, "1", false, false, &[7]),
    (800, "", false, false, &[8]),
    (881, "", false, false, &[9, 10]),
];

/// The plans of the world, and at home those of `codes`.
fn plans(codes: &[u16], all_lengths: u32) -> Plans {
    let plan = |(code, trunk, written, irregular, lengths): &(u16, &'static str, _, _, &[u8])| {
        let lengths = lengths.iter().fold(0, |all, digits| all | 1 << digits);
        Plan {
            code: *code,
            trunk,
            has_written_trunk: *written,
            international: match code {
                1 => &["011"],
                7 => &["810", "811"],
                _ => &[],
            },
            is_irregular: *irregular,
            lengths: lengths | all_lengths,
            mobile_first: match code {
                358 => 1 << 4 | 1 << 5,
                36 | 49 => 1 << 7,
                _ => 0,
            },
            mobile_lengths: 0b111 << 7,
        }
    };
    let world: Vec<Plan> = WORLD.iter().map(plan).collect();
    let of = |code: &u16| world.iter().find(|plan| plan.code == *code).copied();
    Plans {
        home: codes.iter().filter_map(of).collect(),
        world,
    }
}

type Found = Vec<(String, Range<usize>)>;

/// What `find` gives of every run of digits in `text`.
fn runs(text: &str, mut find: impl FnMut(Range<usize>, Each<'_>)) -> Found {
    let mut found = Vec::new();
    let mut anchors = Anchors::none().and_runs(Runs::from(1));
    for anchor in anchors.within(text.as_bytes(), 0..text.len()) {
        if let Anchor::Digits(run) = anchor
            && !before(text, run.start).is_some_and(is_word)
        {
            find(run, &mut |form, span| found.push((form.to_owned(), span)));
        }
    }
    found
}

thread_local! {
    /// Plain and fast finders of everyone's numbers, with the lengths that there
    /// are and with all.
    static FINDERS: RefCell<Vec<(reference::Telephone, Telephone)>> = {
        let homes = [
            &[][..], &[358], &[46, 358], &[39], &[1, 358], &[36], &[55], &[7, 692, 49],
        ];
        let plans = |all| homes.into_iter().map(move |codes| plans(codes, all));
        let both = [0, u32::MAX].into_iter().flat_map(plans).map(|plans| {
            let plain = reference::Telephone::new(&KIND, plans.clone());
            (plain, Telephone::new(&KIND, plans))
        });
        RefCell::new(both.collect())
    };
}

/// Both find the same, in the same order.
fn assert_same(text: &str) {
    let regions = Regions::default();
    FINDERS.with_borrow_mut(|finders| {
        for (at, (plain, fast)) in finders.iter_mut().enumerate() {
            plain.reset();
            fast.reset();
            let expected = runs(text, |run, each| {
                plain.find(text, run.start, &regions, each);
            });
            let found = runs(text, |run, each| fast.find_run(text, run, &regions, each));
            assert_eq!(found, expected, "finder {at} in {text:?}");
        }
    });
}

/// A number as people write it.
fn number() -> impl Strategy<Value = String> {
    let sign = prop_oneof!["", "\\+", "00", "\\(\\+", "＋", "tel:", "011", "0", "06"];
    let code = prop_oneof![
        "", "358", "46", "1", "39", "36", "55", "7", "49", "61", "692"
    ];
    let trunk = prop_oneof!["", "0", "\\(0\\)", " \\(0\\) ", "\\(0", "06", "8"];
    let blank = prop_oneof![" ", "-", "", "\\. ", "\u{a0}", "–", "/", "\\) ", " - "];
    let groups = proptest::collection::vec("[0-9]{1,7}", 1..5);
    let end = prop_oneof![
        "", ",", "x12", " x1", ";ext=1", "a", "ä", "\n", "\\.", " 050", "ext\\. 1", "X: 1", "e1"
    ];
    (sign, code, trunk, blank, groups, end).prop_map(|(sign, code, trunk, blank, groups, end)| {
        format!("{sign}{code}{trunk}{}{end}", groups.join(&blank)).replace('\\', "")
    })
}

/// What stands around numbers.
fn other() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-3][0-9][-./][01][0-9][-./](19|20)[0-9]{2}",
        "[0-9]{1,3}(\\.[0-9]{1,3}){3}",
        "[0-3][0-9][01][0-9]{3}[-+A][0-9]{3}[0-9A-Z]",
        "FI[0-9]{2}( [0-9]{4}){3} [0-9]{2}",
        "[0-9]{5} [A-ZÄÖ][a-zäö]{3,9}",
        "[a-z]{2,9}\\.[a-zä]{2,9}[0-9]{0,4}@mail\\.example",
        "[0-9a-f]{16}",
        "[0-9]{1,21}",
        "[a-zäö ]{0,9}",
    ]
}

fn row() -> impl Strategy<Value = String> {
    let field = prop_oneof![3 => number(), 2 => other()];
    let border = prop_oneof![",", ";", " ", "\t", "','", "\"", "\n", "\n", ""];
    proptest::collection::vec((field, border), 1..7)
        .prop_map(|fields| fields.into_iter().flat_map(|(a, b)| [a, b]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn punctuation_at_random_gives_what_the_plain_finder_finds(
        text in "([0-9 +\\-./()\u{a0}–xX,;a＋\n]|ext|E){0,60}"
    ) {
        assert_same(&text);
    }

    #[test]
    fn digits_with_little_between_give_what_the_plain_finder_finds(
        text in "(\\+|00|0|\\(0\\)|[0-9]{1,9}|358|[ ./()–-]|\u{a0}| ){0,24}"
    ) {
        assert_same(&text);
    }

    #[test]
    fn rows_give_what_the_plain_finder_finds(text in row()) {
        assert_same(&text);
    }

    #[test]
    fn damaged_rows_give_what_the_plain_finder_finds(
        text in row(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = text.into_bytes();
        for (at, byte) in changes {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        assert_same(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_text_gives_what_the_plain_finder_finds(text in "\\PC{0,80}") {
        assert_same(&text);
    }
}

#[test]
fn digits_are_kept_across_words() {
    let text = b"0123456789012345678x";
    for first in 0..=19 {
        let mut dialled = Dialled::new();
        if first > 0 {
            assert!(dialled.push(text, 0, first));
            dialled.bracket();
        }
        if first < 19 {
            assert!(dialled.push(text, first, 19 - first));
        }
        assert!(!dialled.push(text, 0, 1));
        let digits = |dialled: &Dialled| (0..20).map(|at| dialled.at(at)).collect::<Vec<_>>();
        assert_eq!(digits(&dialled), *b"0123456789012345678\0");
        for from in 0..=19 {
            let mut rest = [0; 16];
            let behind = &text[from..19.min(from + 16)];
            rest[..behind.len()].copy_from_slice(behind);
            assert_eq!(dialled.from(from).to_le_bytes(), rest);
        }
        let mut expected = text[..19].to_vec();
        if let Some(without) = dialled.without_zero() {
            expected.remove(first - 1);
            expected.extend([0, 0]);
            assert_eq!((digits(&without), without.length()), (expected, 18));
        }
    }
}

/// What is found in `text` with the plan of Finland at home.
fn finnish(text: &str) -> Vec<String> {
    let mut telephone = Telephone::new(&KIND, plans(&[358], 0));
    let found = runs(text, |run, each| {
        telephone.find_run(text, run, &Regions::default(), each);
    });
    found.into_iter().map(|found| found.0).collect()
}

#[test]
fn lengths_that_no_number_has_are_no_candidates() {
    assert_eq!(finnish("0456 12 9377"), ["+35845612", "+358456129377"]);
    // A postcode: four digits behind the trunk prefix.
    assert_eq!(finnish("03970"), [""; 0]);
    assert_eq!(finnish("045602"), ["+35845602"]);
    assert_eq!(finnish("+358 4560 2937"), ["+35845602937"]);
}

#[test]
fn a_number_that_has_lost_its_zero_is_found_where_it_stands_alone() {
    for text in ["401234567", "a\n401234567\n5", "401234567\n", "\n401234567"] {
        assert_eq!(finnish(text), ["+358401234567"], "{text:?}");
    }
    for text in [
        "id 401234567",
        "401234567 ",
        "401234567,1",
        "301234567",
        "4012345678901",
        "40 1234567",
    ] {
        assert_eq!(finnish(text), [""; 0], "{text:?}");
    }
}

#[test]
fn an_extension_does_not_hide_the_number() {
    for extension in [
        "x12",
        "X 12",
        " x12",
        "ext12",
        "ext. 12",
        " ext. 12",
        " EXT 12",
        ";ext=12",
        "#12",
        " #12",
        " alanumero 12",
        ", ext 12",
        "x:12",
    ] {
        let text = format!("040 123 4567{extension}");
        assert!(
            finnish(&text).contains(&"+358401234567".to_owned()),
            "{text}"
        );
    }
    for text in [
        "0401234567exit",
        "0401234567e",
        "0401234567xx1",
        "0401234567ext",
    ] {
        assert_eq!(finnish(text), [""; 0], "{text}");
    }
}

#[test]
fn more_regions_than_readings_fit_a_table_are_all_read() {
    let regions = Regions::default();
    let mut home = plans(&[358], 0);
    home.home = (0..40)
        .flat_map(|_| plans(&[49, 46, 358], 0).home)
        .collect();
    let mut telephone = Telephone::new(&KIND, home);
    let mut found = Vec::new();
    telephone.find_run("0401234567", 0..10, &regions, &mut |form, _| {
        found.push(form.to_owned());
    });
    assert_eq!(found, ["+49401234567", "+46401234567", "+358401234567"]);
}
