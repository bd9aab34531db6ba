//! What holds for every format that has structure.

use proptest::prelude::*;

use super::{CHUNK, PIECE, found, found_in, sniff};
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

/// Each identifier as leaks spell it, and plainly.
const SPELLINGS: [(&str, &[&str]); 3] = [
    (
        "131052-308T",
        &[
            "１３１０５２－３０８Ｔ",
            "١٣١٠٥٢-٣٠٨T",
            "۱۳۱۰۵۲\u{2013}۳۰۸T",
            "१३१०५२−३०८T",
            "𝟏𝟑𝟏𝟎𝟓𝟐‑𝟑𝟎𝟖T",
            "13\u{ad}1052-\u{200b}308T\u{feff}",
            "131052&#8209;308T",
            "131&shy;052&ndash;308T",
            "131052\\u2011308T",
            "131052\\u00ad-308\\u200dT",
            "131052%E2%80%91308T",
        ],
    ),
    (
        "040 123 4567",
        &[
            "040\u{a0}123\u{a0}4567",
            "040\u{2009}123\u{202f}4567",
            "040&nbsp;123&#160;4567",
            "040&thinsp;123\\u00a04567",
            "040%C2%A0123\u{3000}4567",
            "０４０　１２３　４５６７",
        ],
    ),
    (
        "anna@example.fi",
        &[
            "ａｎｎａ＠ｅｘａｍｐｌｅ．ｆｉ",
            "anna\u{200b}@\u{2060}example.fi",
            "an\\u00adna@exam&shy;ple.fi",
            "\u{202a}anna@example.fi\u{202c}",
        ],
    ),
];

#[test]
fn every_spelling_is_plain_in_every_format_and_chunk() {
    for (format, text) in PEOPLE {
        for (plain, spellings) in SPELLINGS {
            for spelling in spellings {
                // Beside letters that begin as some of those do.
                let text = text.replace("anna@example.fi", &format!("“ä… {spelling} – Ж€ ع中"));
                for chunk in (1..14).chain([CHUNK]) {
                    let found = found_in(text.as_bytes(), format, chunk, PIECE);
                    let expected = format!("“ä… {plain} - Ж€ ع中");
                    assert!(
                        found.owned.contains(&expected),
                        "{format:?} {chunk} {spelling}: {}",
                        found.owned
                    );
                }
            }
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
pub(super) const PARTS: [&str; 70] = [
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

#[test]
fn rows_of_labels_and_values_are_no_records() {
    for text in [
        "name | Anna Virtanen\nborn | 1952-10-13\nmail | anna@example.fi\n",
        "Name\tAnna Virtanen\nDate Of Birth\t1952-10-13\n",
        "-[ RECORD 1 ]\nid|1\nn|Anna\n-[ RECORD 2 ]\nid|2\nn|Bo\n-[ RECORD 3 ]\nid|3\nn|Eva\n",
    ] {
        assert_eq!(sniff(text.as_bytes(), true), Some(Format::Text), "{text}");
    }
    for text in [
        "name,email\nAnna,anna@example.fi\nBo,bo@example.se\n",
        "name;phone\nAnna Virtanen;0401234567\nBo Ek;0401234568\n",
        "anna@example.fi;secret\nbo@example.se;hunter2\n",
        "id\temail\n1\tanna@example.fi\n2\tbo@example.se\n",
    ] {
        assert_eq!(sniff(text.as_bytes(), true), Some(Format::Csv), "{text}");
    }
}

#[test]
fn json_that_a_script_assigns_is_json() {
    for text in [
        "var users = [{\"n\":\"Anna\"},{\"n\":\"Bo\"}];\nmodule.exports = users;\n",
        "window.YTD.account.part0 = [ {\"n\" : \"Anna\"}, {\"n\" : \"Bo\"} ]",
        "callback({\"a\":[{\"n\":\"Anna\"},{\"n\":\"Bo\"}]})",
    ] {
        assert_eq!(sniff(text.as_bytes(), true), Some(Format::Json), "{text}");
        let found = found(text);
        let rows = found.rows();
        let has = |cell: &str| rows.iter().any(|row| *row == [cell]);
        assert!(has("n=Anna") && has("n=Bo"), "{rows:?}");
    }
}

#[test]
fn rows_under_keys_that_name_a_thing_are_records() {
    let json = found("{\"131052-308T\":[\"Anna\"],\"131052-309U\":[\"Bo\"]}");
    let rows: Vec<String> = json.rows().iter().map(|row| row.join(" ")).collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(
        rows[0].contains("Anna") && rows[0].contains("308T"),
        "{rows:?}"
    );
    assert!(
        rows[1].contains("Bo") && rows[1].contains("309U"),
        "{rows:?}"
    );
}

#[test]
fn text_that_is_dumped_as_hexadecimal_digits_is_read() {
    // python3: "anna@example.fi".encode().hex()
    let hex = "616e6e61406578616d706c652e6669";
    for text in [
        format!("INSERT INTO t VALUES (1,0x{hex},0xFF00FF00);\n"),
        format!("INSERT INTO t VALUES (1,X'{hex}',0xFF00FF00);\n"),
    ] {
        let found = found(&text);
        let rows = found.rows();
        assert_eq!(rows, [["1", "anna@example.fi", "0xFF00FF00"]], "{text}");
    }
}
