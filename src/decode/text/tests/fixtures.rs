//! Every case below `fixtures/decode/text` is what its `expected.txt` says.
//!
//! `expected.txt` was written by hand: the format on its first line, then a line
//! for each record: its number, and its cells between ` | `, each as
//! `column=text` where the column is known.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::{CHUNK, Found, PIECE, found_in, sniff};

fn shown(found: &Found) -> String {
    let mut shown = String::new();
    for (number, cells) in &found.records {
        writeln!(shown, "{number}: {}", cells.join(" | ")).unwrap();
    }
    shown
}

#[test]
fn every_fixture_reads_as_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/decode/text");
    let mut cases = 0;
    for format in fs::read_dir(root).unwrap() {
        for case in fs::read_dir(format.unwrap().path()).unwrap() {
            let case = case.unwrap().path();
            let files = fs::read_dir(&case)
                .unwrap()
                .map(|file| file.unwrap().path());
            let input = files
                .into_iter()
                .find(|f| f.file_stem() == Some("input".as_ref()));
            let input = fs::read(input.unwrap()).unwrap();
            let expected = fs::read_to_string(case.join("expected.txt")).unwrap();
            let format = sniff(&input, true).expect("it is text");
            let got = found_in(&input, format, CHUNK, PIECE);
            assert_eq!(
                format!("{}\n{}", format.name(), shown(&got)),
                expected,
                "{}",
                case.display()
            );
            // However it arrives.
            for chunk in [1, 2, 3, 7, 64] {
                let again = found_in(&input, format, chunk, PIECE);
                assert_eq!(shown(&again), shown(&got), "{} by {chunk}", case.display());
            }
            cases += 1;
        }
    }
    assert!(cases >= 25, "{cases}");
}
