mod addresses;
mod likely;
mod people;
mod records;

use super::*;
use crate::base::{Anchor, Date, Emit, Family, Plan, Plans, Record, Runs, Strength, Unusable};
use proptest::prelude::*;

// This stage knows no kinds: these stand for those of the registry, with rules
// that are simple enough to see through.

static MAIL: Kind = kind("mail", Shape::Mailbox, |text, _, emit| {
    emit(&text.to_lowercase(), Variant::Exact);
    Ok(())
});

static PHONE: Kind = kind("phone", Shape::Telephone { plans }, |text, _, emit| {
    // Finland only: ten digits with the trunk prefix, twelve with the code.
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.replacen("3580", "358", 1);
    let national = digits.strip_prefix("00").unwrap_or(&digits);
    let national = national.strip_prefix("358").or(national.strip_prefix('0'));
    let national = national.filter(|digits| digits.len() == 9 && digits.starts_with(['4', '5']));
    emit(
        &format!("+358{}", national.ok_or(Unusable("no number"))?),
        Variant::Exact,
    );
    Ok(())
});

static HETU: Kind = Kind {
    born: Some(|code| {
        let part = |from: usize| code.get(from..from + 2)?.parse::<u8>().ok();
        Date::new(1900 + u16::from(part(4)?), part(2)?, part(0)?)
    }),
    ..kind(
        "hetu",
        Shape::Code {
            layouts: &["999999-999A", "999999-9999"],
        },
        |text, _, emit| {
            let number = format!("{}{}", &text[..6], &text[7..10]);
            let remainder = number.parse::<usize>().map_err(|_| Unusable("no number"))? % 31;
            let expected = b"0123456789ABCDEFHJKLMNPRSTUVWXY"[remainder];
            if text.as_bytes()[10].to_ascii_uppercase() != expected {
                return Err(Unusable("check character"));
            }
            emit(&text.to_uppercase(), Variant::Exact);
            Ok(())
        },
    )
};

static ACCOUNT: Kind = kind(
    "account",
    Shape::Bespoke {
        anchor: Anchor::LettersThenDigit,
        runs: Runs::from(1),
        span: |text| {
            let mut end = 0;
            let mut left = 18;
            for c in text.chars() {
                end += c.len_utf8();
                left -= usize::from(c.is_ascii_alphanumeric());
                if left == 0 {
                    return text.starts_with("FI").then_some(end);
                }
                if !c.is_ascii_alphanumeric() && !matches!(c, ' ' | '\u{a0}') {
                    return None;
                }
            }
            None
        },
    },
    |text, _, emit| {
        let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        emit(&plain, Variant::Exact);
        Ok(())
    },
);

static PERSON: Kind = kind("person", Shape::Person, |_, _, _| Err(Unusable("not read")));

static ADDRESS: Kind = kind("address", Shape::Address, |_, _, _| {
    Err(Unusable("not read"))
});

static ALL: &[&Kind] = &[&MAIL, &PHONE, &HETU, &ACCOUNT, &PERSON, &ADDRESS];

const fn kind(
    name: &'static str,
    shape: Shape,
    canonical: fn(&str, &Regions, Emit<'_>) -> Result<(), Unusable>,
) -> Kind {
    Kind {
        name,
        profile: 1,
        family: Family::Contact,
        strength: Strength::Strong,
        canonical_form: "",
        check: "",
        source: "",
        example: "",
        headings: &[],
        shape,
        space: None,
        rate: None,
        born: None,
        canonical,
    }
}

fn plans(_: &Regions) -> Plans {
    let plan = |code, trunk| Plan {
        code,
        trunk,
        has_written_trunk: trunk == "0",
        international: &[],
        is_irregular: false,
        lengths: u32::MAX,
        mobile_first: if trunk == "0" { 1 << 4 | 1 << 5 } else { 0 },
        mobile_lengths: 1 << 9,
    };
    Plans {
        home: vec![plan(358, "0")],
        world: vec![plan(1, "1"), plan(39, ""), plan(45, ""), plan(358, "0")],
    }
}

fn extractor(kinds: &[&'static Kind]) -> Extractor {
    Extractor::new(kinds, ALL, &Regions::parse(["FI"]).unwrap())
}

/// Every line of `text` as a record.
fn lines(text: &str) -> Vec<Record> {
    let mut records = Vec::new();
    let mut start = 0;
    for (at, line) in text.split('\n').enumerate() {
        records.push(Record {
            start: u32::try_from(start).unwrap(),
            end: u32::try_from(start + line.len()).unwrap(),
            number: at as u64 + 1,
        });
        start += line.len() + 1;
    }
    records
}

fn piece<'a>(text: &'a str, layout: Layout, records: &'a [Record]) -> Piece<'a> {
    Piece {
        text,
        own: 0..text.len(),
        is_whole: true,
        layout,
        records,
        cells: &[],
        columns: &[],
    }
}

/// What is found of `kinds`: canonical form and the text that it was read from.
fn found(text: &str, kinds: &[&'static Kind]) -> Vec<(String, String)> {
    let records = lines(text);
    let mut found = Vec::new();
    extractor(kinds).candidates(&piece(text, Layout::Lines, &records), &mut |candidate| {
        let written = text[candidate.span.clone()].to_owned();
        found.push((candidate.canonical.to_owned(), written));
    });
    found
}

fn forms(text: &str, kinds: &[&'static Kind]) -> Vec<String> {
    found(text, kinds)
        .into_iter()
        .map(|found| found.0)
        .collect()
}

/// The numbers in `text` that stand up to the check.
fn numbers(text: &str) -> Vec<String> {
    let records = lines(text);
    let piece = piece(text, Layout::Lines, &records);
    let mut extractor = extractor(&[&PHONE]);
    let mut found = Vec::new();
    extractor.candidates(&piece, &mut |candidate| {
        found.push((candidate.canonical.to_owned(), candidate.span.clone()));
    });
    found.retain(|(form, span)| extractor.confirms(&piece, &PHONE, form, span));
    found.into_iter().map(|found| found.0).collect()
}

#[test]
fn kinds_that_are_not_wanted_are_not_found() {
    let text = "anna@example.fi 040 123 4567 131052-308T FI21 1234 5600 0007 85";
    assert_eq!(forms(text, &[]), [""; 0]);
    assert_eq!(forms(text, &[&MAIL]), ["anna@example.fi"]);
    assert_eq!(forms(text, &[&HETU]), ["131052-308T"]);
    assert_eq!(forms(text, &[&ACCOUNT]), ["FI2112345600000785"]);
}

#[test]
fn a_candidate_stands_where_it_was_written() {
    let text = "x;Anna@Example.FI;+358 (0)40 123 4567;131052-308t\nFI21 1234 5600 0007 85 and more";
    let found = found(text, &[&MAIL, &HETU, &ACCOUNT]);
    let found: Vec<_> = found
        .iter()
        .map(|(form, text)| (&form[..], &text[..]))
        .collect();
    assert_eq!(
        found,
        [
            ("anna@example.fi", "Anna@Example.FI"),
            ("131052-308T", "131052-308t"),
            ("FI2112345600000785", "FI21 1234 5600 0007 85"),
        ]
    );
}

#[test]
fn spellings_of_a_number_are_found() {
    for text in [
        "0401234567",
        "040 123 4567",
        "040-123 4567",
        "040/1234567",
        "040.123.4567",
        "(040) 123 4567",
        "+358 40 123 4567",
        "+358401234567",
        "(+358) 40 123 4567",
        "+358 (0)40 123 4567",
        "+358 (0) 40 123 4567",
        "+358-40-1234567",
        "+358 040 1234567",
        "00358-40-1234567",
        "00358 40 1234567",
        "358401234567",
        "040\u{a0}123\u{a0}4567",
        "040–1234567",
        "tel:0401234567",
        "puh.0401234567.",
        "phone=0401234567&x",
        "0401234567x12",
        "(0401234567)",
        "1,0401234567,2",
        "0401234567_old",
    ] {
        assert_eq!(numbers(text), ["+358401234567"], "{text}");
    }
}

#[test]
fn a_number_within_a_longer_run_is_none() {
    for text in [
        "xx0401234567",
        "0401234567xx",
        "10401234567",
        "04012345678",
        "12345678900401234567",
        "0401234567-8",
        "1.0401234567",
        "0401234567.5",
        "1-0401234567",
        "ä0401234567",
        "x+358401234567",
        "040\n1234567",
        "040\t1234567",
    ] {
        assert_eq!(numbers(text), [""; 0], "{text}");
    }
}

#[test]
fn spaces_may_stand_between_two_numbers() {
    for text in [
        "040 123 4567 050 765 4321",
        "040 1234567 (050 7654321)",
        "+358 40 123 4567 +358 50 765 4321",
        "0401234567 / 0507654321",
        "0401234567, 0507654321",
    ] {
        assert_eq!(numbers(text), ["+358401234567", "+358507654321"], "{text}");
    }
    assert_eq!(numbers("12 040 123 4567 7"), ["+358401234567"]);
}

#[test]
fn a_valid_code_claims_the_bytes_of_a_number() {
    // 050585955 = 31 * 1631805 leaves 0, so 0 is the check character, and 1 is not.
    assert_eq!(numbers("050585-9550"), [""; 0]);
    assert_eq!(forms("050585-9550", &[&HETU]), ["050585-9550"]);
    assert_eq!(numbers("050585-9551"), ["+358505859551"]);
    // An account number claims the groups within it.
    assert_eq!(numbers("FI21 0401 2345 6700 0785"), [""; 0]);
}

#[test]
fn glued_codes_are_none() {
    for text in [
        "1131052-308T",
        "131052-308TT",
        "x131052-308T",
        "131052-308Tä",
        "131052-308T1",
    ] {
        assert_eq!(forms(text, &[&HETU]), [""; 0], "{text}");
    }
    for text in [
        "_131052-308T_",
        "\"131052-308T\"",
        "hetu:131052-308T,",
        "2020-131052-308T.txt",
    ] {
        assert_eq!(forms(text, &[&HETU]), ["131052-308T"], "{text}");
    }
    for text in [
        "xFI2112345600000785",
        "FI21123456000007855",
        "FI2112345600000785x",
    ] {
        assert_eq!(forms(text, &[&ACCOUNT]), [""; 0], "{text}");
    }
}

#[test]
fn digits_that_mean_nothing_are_no_codes() {
    let mut noise = String::new();
    let mut state = 7_u64;
    for _ in 0..20_000 {
        // xorshift64, Marsaglia 2003.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let digits = format!("{state:020}");
        let part = |from: usize, to: usize| &digits[from..to];
        noise.extend([
            digits.as_str(),
            &format!(
                " {state:016x} {:08x}-{}-4{}-",
                state >> 32,
                part(0, 4),
                part(4, 7)
            ),
            &format!(
                "8{}-{:012x} 2020-10-{}T",
                part(7, 10),
                state >> 16,
                part(2, 4)
            ),
            &format!("{}:{}:{}Z\n", part(6, 8), part(8, 10), part(10, 12)),
        ]);
    }
    assert_eq!(forms(&noise, &[&HETU, &ACCOUNT]), [""; 0]);
}

fn part() -> impl Strategy<Value = String> {
    let filler = "lorem ipsum ".repeat(50);
    prop::sample::select(vec![
        "anna@example.fi".to_owned(),
        "email=o'brien+x@sub.example.fi,".to_owned(),
        "040 123 4567".to_owned(),
        "+358 (0)40-123 4567".to_owned(),
        "358 40 123 4567".to_owned(),
        "131052-308T".to_owned(),
        "FI21 1234 5600 0007 85".to_owned(),
        "Anna Virtanen 1952-10-13\n".to_owned(),
        "Anna Virtanen, October 13, 1952\n".to_owned(),
        "Anna Virtanen 13.10.52\n".to_owned(),
        "Mannerheimintie 10 A 5, 00100 Helsinki\n".to_owned(),
        "see...".to_owned(),
        "ä".to_owned(),
        " ".to_owned(),
        "\n".to_owned(),
        "-".to_owned(),
        "0".to_owned(),
        "@".to_owned(),
        filler,
    ])
}

/// The next border between characters.
fn border(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// What begins in `own`, sorted by place.
fn spans(text: &str, own: Range<usize>, kinds: &[&'static Kind]) -> Vec<(String, Range<usize>)> {
    let records = lines(text);
    let piece = Piece {
        own,
        ..piece(text, Layout::Lines, &records)
    };
    let mut found = Vec::new();
    extractor(kinds).candidates(&piece, &mut |candidate| {
        found.push((candidate.canonical.to_owned(), candidate.span.clone()));
    });
    sort(&mut found);
    found
}

fn sort(found: &mut [(String, Range<usize>)]) {
    found.sort_by_key(|(form, span)| (span.start, span.end, form.clone()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn cutting_a_text_anywhere_finds_the_same(
        parts in prop::collection::vec(part(), 0..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let text = parts.concat();
        let cut = border(&text, cut.index(text.len() + 1));
        let kinds: &[&Kind] = &[&MAIL, &PHONE, &HETU, &ACCOUNT];
        // Pieces overlap by a KiB on both sides.
        let ends = border(&text, (cut + 1024).min(text.len()));
        let begins = border(&text, cut.saturating_sub(1024));
        let mut halves = spans(&text[..ends], 0..cut, kinds);
        for (form, span) in spans(&text[begins..], cut - begins..text.len() - begins, kinds) {
            halves.push((form, span.start + begins..span.end + begins));
        }
        sort(&mut halves);
        prop_assert_eq!(halves, spans(&text, 0..text.len(), kinds));
    }

    #[test]
    fn owning_a_record_in_parts_finds_the_same(
        parts in prop::collection::vec(part(), 0..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let text = parts.concat();
        let cut = border(&text, cut.index(text.len() + 1));
        let mut halves = spans(&text, 0..cut, ALL);
        halves.extend(spans(&text, cut..text.len(), ALL));
        sort(&mut halves);
        prop_assert_eq!(halves, spans(&text, 0..text.len(), ALL));
    }

    #[test]
    fn no_text_makes_it_fail(text in "[-a-zA-Z0-9@. +/()'=:\\n\\u{a0}ä–]{0,200}") {
        let records = lines(&text);
        for layout in [Layout::Lines, Layout::Rows] {
            let piece = piece(&text, layout, &records);
            let mut extractor = extractor(ALL);
            let mut spans = Vec::new();
            extractor.candidates(&piece, &mut |candidate| {
                spans.push((candidate.kind, candidate.span.clone()));
            });
            for (kind, span) in spans.into_iter().take(5) {
                prop_assert!(text.get(span.clone()).is_some());
                extractor.exposed_with(&piece, kind, &span);
                extractor.claimed(&piece, &span);
            }
        }
    }
}
