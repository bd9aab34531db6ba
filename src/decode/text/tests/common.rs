//! What holds for every format that has structure.

use proptest::prelude::*;

use super::{CHUNK, PIECE, found, found_in};
use crate::base::Format;

const FORMATS: [Format; 6] = [
    Format::Text,
    Format::Csv,
    Format::Json,
    Format::Sql,
    Format::Html,
    Format::Xml,
];

/// The same two people in each format.
const PEOPLE: [(Format, &str); 6] = [
    (Format::Text, "Anna anna@example.fi\nBo bo@example.se\n"),
    (
        Format::Csv,
        "name,email\nAnna,anna@example.fi\nBo,bo@example.se\n",
    ),
    (
        Format::Json,
        "[{\"n\":\"Anna\",\"e\":\"anna@example.fi\"},{\"n\":\"Bo\",\"e\":\"bo@example.se\"}]",
    ),
    (
        Format::Sql,
        "INSERT INTO t VALUES ('Anna','anna@example.fi'),('Bo','bo@example.se');\n",
    ),
    (
        Format::Html,
        "<table><tr><td>Anna<td>anna@example.fi</tr><tr><td>Bo<td>bo@example.se</table>",
    ),
    (
        Format::Xml,
        "<l><p><n>Anna</n><e>anna@example.fi</e></p><p><n>Bo</n><e>bo@example.se</e></p></l>",
    ),
];

#[test]
fn every_spelling_of_the_at_sign_is_decoded_in_every_format() {
    for (format, text) in PEOPLE {
        for spelling in ["&#64;", "&commat;", "%40", "\\u0040", "\\x40"] {
            let hidden = text.replace('@', spelling);
            let found = found_in(hidden.as_bytes(), format, CHUNK, PIECE);
            assert!(
                found.owned.contains("anna@example.fi"),
                "{format:?} {spelling}"
            );
            assert!(
                found.owned.contains("bo@example.se"),
                "{format:?} {spelling}"
            );
        }
    }
}

#[test]
fn two_people_are_two_records_in_every_format() {
    for (format, text) in PEOPLE {
        let found = found_in(text.as_bytes(), format, CHUNK, PIECE);
        let with = |a: &str| {
            let records = found.records.iter().map(|(_, cells)| cells.concat());
            records.filter(|r| r.contains(a)).collect::<Vec<_>>()
        };
        for (name, address, other) in [
            ("Anna", "anna@example.fi", "bo@"),
            ("Bo", "bo@example.se", "anna@"),
        ] {
            let records = with(address);
            assert_eq!(records.len(), 1, "{format:?}");
            assert!(
                records[0].contains(name) && !records[0].contains(other),
                "{format:?}"
            );
        }
    }
}

#[test]
fn a_record_longer_than_a_piece_keeps_its_number() {
    let long = "lorem ipsum ".repeat(3000);
    let text = format!("[{{\"a\":\"{long}\",\"b\":\"anna@example.fi\"}},{{\"a\":\"x\"}}]");
    let found = found_in(text.as_bytes(), Format::Json, 1000, 4096);
    let numbers: Vec<u64> = found.records.iter().map(|(n, _)| *n).collect();
    assert!(numbers.len() > 5 && numbers.is_sorted());
    assert_eq!(numbers.last(), Some(&2));
    assert_eq!(numbers.iter().filter(|n| **n == 2).count(), 1);
    assert!(found.owned.contains("anna@example.fi"));
    assert!(found.owned.contains(&long[1..long.len() - 1]));
}

#[test]
fn an_outer_record_meets_itself_around_inner_ones() {
    let json = found(
        "[{\"name\":\"Anna\",\"visits\":[{\"at\":\"Mon\"},{\"at\":\"Tue\"}],\"born\":\"1952-10-13\"}]",
    );
    assert_eq!(
        json.rows(),
        [
            vec!["at=Mon"],
            vec!["at=Tue"],
            vec!["name=Anna", "born=1952-10-13"]
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn chunks_of_any_size_give_the_same_records(
        parts in prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..60),
        chunk in 1_usize..40,
    ) {
        let text = parts.concat();
        for format in FORMATS {
            let whole = found_in(text.as_bytes(), format, CHUNK, PIECE);
            let cut = found_in(text.as_bytes(), format, chunk, PIECE);
            prop_assert_eq!(&cut.owned, &whole.owned, "{:?}", format);
            prop_assert_eq!(&cut.records, &whole.records, "{:?}", format);
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(
        parts in prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..200),
        noise: Vec<u8>,
        chunk in 1_usize..40,
    ) {
        let mut bytes = parts.concat().into_bytes();
        bytes.extend(noise);
        for format in FORMATS {
            found_in(&bytes, format, chunk, 4096);
        }
    }

    #[test]
    fn no_format_drops_an_address(
        parts in prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..30),
        more in prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..30),
    ) {
        let text = format!("{} anna@example.fi {}", parts.concat(), more.concat());
        for format in FORMATS {
            let found = found_in(text.as_bytes(), format, CHUNK, PIECE);
            prop_assert!(found.owned.contains("anna@example.fi"), "{:?} {:?}", format, text);
        }
    }
}

/// Bits of all formats, to be thrown together.
const PARTS: [&str; 70] = [
    "a",
    "Anna",
    "ä",
    "€",
    "😀",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    ",",
    ";",
    "|",
    "\"",
    "\"\"",
    "'",
    "''",
    "\\",
    "\\\"",
    "\\'",
    "\\n",
    "\\u0040",
    "\\ud83d",
    "\\N",
    "\\.",
    "\\.\n",
    "{",
    "}",
    "[",
    "]",
    ":",
    "null",
    "0",
    "1.5",
    "\"k\":",
    "{\"k\":\"v\"}",
    "\n{",
    "INSERT INTO t (a, b) VALUES ",
    "\nINSERT INTO `t` VALUES",
    "(1,'x')",
    "(",
    ")",
    "COPY t (a, b) FROM stdin;\n",
    "CREATE TABLE t (a int, b text);",
    "E'",
    "--",
    "/*",
    "*/",
    "#",
    "<",
    ">",
    "</",
    "<b>",
    "</b>",
    "<p>",
    "<tr>",
    "<td>",
    "<a href=\"",
    "<a href='x'>",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<![CDATA[",
    "]]>",
    "<x>",
    "</x>",
    "<x/>",
    "&#64;",
    "%40",
];
