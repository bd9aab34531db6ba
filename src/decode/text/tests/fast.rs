//! What is read many bytes at a time is what is read step by step.

use proptest::prelude::*;

use super::common::PARTS;
use super::{CHUNK, Found, PIECE, read_in};
use crate::base::Format;

/// Rows as they are written, with every field in some of them.
const ROWS: [(Format, &[&str]); 6] = [
    (
        Format::Csv,
        &[
            "id,name,email,,phone,notes\n",
            "1,Anna,anna@example.fi,,,045 602 9377\n",
            ",,,,,\n",
            ",,\"\",,5,\n",
            "2,\"Ek, Bo\",\"\",,\"\",x,beyond\n",
            ",\"\",,\"a \"\"b\"\"\",,x\n",
            "\"3\",Eva,,,,Sorsapenger 50 E 43 tata paastakaille niista ssyykkyöstäksi rurtolla\n",
        ],
    ),
    (
        Format::Csv,
        &[
            "1,Anna Hämäläinen,anna@example.fi,,,045 602 9377,,\n",
            "2,,,,\n",
            ",,,\n",
            "\n",
            "3,\"Ek, Bo\",\"\",\"bo@example.se\",5\n",
            "\"4\",\"Eva\",\"\",\"Kettula, Sorsapenger 50 E 43, 69810\"\n",
            "5,\"he said \"\"no\"\"\",x\n",
            "6,\"two\nlines\",x\n",
            "7,5\" pipe,x,tata paastakaille niista ssyykkyöstäksi rurtolla tyystä pöipyössä\n",
            "\"\"\n",
            "8, \"blank before\" ,x\n",
        ],
    ),
    (
        Format::Csv,
        &[
            "1\tAnna\tanna@example.fi\t\tx\n",
            "2\t\t\t\t\n",
            "3\t\"O\\\"Brien\"\tb\tc\td\n",
            "4\t\"a\tb\"\t\"\"\t\t\n",
        ],
    ),
    (
        Format::Json,
        &[
            "{\"id\":1,\"name\":\"Anna\",\"phones\":[\"0451465991\"],\"ssn\":null,\"ok\":true}\n",
            "{\"a\" : \"b\", \"c\": 0.5, \"d\": {\"street\":\"x 1\",\"tags\":[1,2,[3]]}}\n",
            "{\"bio\":\"ssinn\\u00e4iksi \\\"hut\\\" \\\\ a\\/b\\nc\",\"\":\"\",\"e_mail-1\":\"x\"}\n",
            "[{\"131052-308T\":{\"n\":\"Bo\"},\"x\":\"y\"},{\"n\":[{\"v\":1},{\"v\":\"w\"}],\"b\":-1e5}]\n",
            "{\"cut\":\"off\n",
            "var a = {\"quite_a_long_name_of_a_property\":falsehood|x};\n",
        ],
    ),
    (
        Format::Sql,
        &[
            "INSERT INTO `t` VALUES (1,'Anna','anna@example.fi',NULL,-1.5),(2,'','b',0x616e6e61,3);\n",
            "INSERT INTO t (a, b) VALUES (1, 'O\\'Brien'), (2,'O''Brien'),\n (3,X'616e6e6140'),(4,E'a\\n');\n",
            "insert into t values (now(),CAST('x' AS text),\"d\",'a\nb') -- c\n,(5,'z');\n",
            "CREATE TABLE t (a int, b text);\n",
            "INSERT INTO t VALUES (6,'cut\n",
        ],
    ),
    (
        Format::Sql,
        &[
            "COPY t (a, b, c) FROM stdin;\n",
            "1\tAnna\tanna@example.fi\n",
            "\\N\t\\N\t\\N\n",
            "2\ta\\tb\\\\c\t\\x40\n",
            "\t\t\n",
            "\\.\n",
        ],
    ),
];

fn read(text: &[u8], format: Format, chunk: usize, piece: usize, skips_cells: bool) -> Found {
    let mut found = Found {
        skips_cells,
        ..Found::default()
    };
    read_in(text, format, chunk, piece, &mut found);
    found
}

/// Bytes of rows, and changes of them: where, what is put there, how much it covers.
type Changes = Vec<(prop::sample::Index, &'static str, usize)>;

fn changed(rows: &[&str], changes: &Changes) -> Vec<u8> {
    let mut text = rows.concat().into_bytes();
    for (place, part, covers) in changes {
        let start = place.index(text.len().max(1)).min(text.len());
        let end = (start + covers).min(text.len());
        text.splice(start..end, part.bytes());
    }
    text
}

fn changes(most: usize) -> impl Strategy<Value = Changes> {
    let part = prop::sample::select(PARTS.to_vec());
    let change = (any::<prop::sample::Index>(), part, 0_usize..4);
    prop::collection::vec(change, 0..most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn text_records_and_columns_do_not_depend_on_whether_cells_are_wanted(
        which in 0..ROWS.len(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        changes in changes(12),
        chunk in prop::sample::select(vec![1_usize, 3, 64, 1000, CHUNK]),
    ) {
        let (format, rows) = ROWS[which];
        let rows: Vec<&str> = picks.iter().map(|pick| *pick.get(rows)).collect();
        let text = changed(&rows, &changes);
        let slow = read(&text, format, CHUNK, PIECE, false);
        let fast = read(&text, format, chunk, PIECE, true);
        prop_assert_eq!(&fast.owned, &slow.owned, "{:?}", format);
        prop_assert_eq!(&fast.texts, &slow.texts, "{:?}", format);
        prop_assert_eq!(&fast.records, &slow.records, "{:?}", format);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn long_text_is_the_same_over_the_ends_of_sections_and_pieces(
        which in 0..ROWS.len(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..30),
        changes in changes(4),
        times in 20_usize..60,
        piece in prop::sample::select(vec![4096_usize, PIECE]),
    ) {
        let (format, rows) = ROWS[which];
        let rows: Vec<&str> = picks.iter().map(|pick| *pick.get(rows)).collect();
        let text = changed(&rows.repeat(times), &changes);
        let slow = read(&text, format, CHUNK, piece, false);
        let fast = read(&text, format, 40_000, piece, true);
        prop_assert_eq!(&fast.owned, &slow.owned, "{:?}", format);
        if piece == PIECE {
            prop_assert_eq!(&fast.texts, &slow.texts, "{:?}", format);
            prop_assert_eq!(&fast.records, &slow.records, "{:?}", format);
        }
    }

    #[test]
    fn random_bytes_are_the_same_as_well(
        bytes in prop::collection::vec(prop::sample::select(b",,\"\"\n\n\\ab1 {}[]:'();\t\xe4".to_vec()), 0..3000),
    ) {
        for format in [Format::Csv, Format::Json, Format::Sql] {
            let slow = read(&bytes, format, CHUNK, PIECE, false);
            let fast = read(&bytes, format, 700, PIECE, true);
            prop_assert_eq!(&fast.owned, &slow.owned, "{:?}", format);
            prop_assert_eq!(&fast.texts, &slow.texts, "{:?}", format);
            prop_assert_eq!(&fast.records, &slow.records, "{:?}", format);
        }
    }
}
