//! Labels and values in lines: `Diagnosis: F32.1`, `"salary": 1`, `pwd=kissa`.

use std::ops::Range;

/// Bytes of a label.
const LONGEST: usize = 64;
/// Bytes of a value that are looked at: whether there is one, and which.
const VALUE: usize = 256;

/// Hands the label before each colon or equals sign of `text`, and what stands
/// behind it in the line, to `each`; the next line where nothing does.
pub(super) fn each(text: &str, each: &mut dyn FnMut(&str, &str)) {
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let last = line.trim_end().len();
        let mut start = 0;
        for (at, byte) in line.bytes().enumerate() {
            match byte {
                b',' | b';' | b'|' | b'\t' | b'{' | b'(' | b'[' | b'&' => start = at + 1,
                b':' | b'=' => {
                    let label = label(line, start..at);
                    start = at + 1;
                    let Some(label) = label else {
                        continue;
                    };
                    let value = value(line, at + 1);
                    if value.is_empty() && at + 1 == last {
                        // Unless that is a label itself.
                        let below = lines.peek().filter(|below| !below.contains([':', '=']));
                        each(label, below.copied().unwrap_or_default());
                    } else {
                        each(label, value);
                    }
                }
                _ => {}
            }
        }
    }
}

/// The label in `range`, if it is one.
fn label(line: &str, range: Range<usize>) -> Option<&str> {
    if range.is_empty() || range.len() > LONGEST {
        return None;
    }
    let label = line.get(range)?;
    // The end of a sentence is none of a label.
    let label = label.rsplit(". ").next().unwrap_or(label);
    label.chars().any(char::is_alphabetic).then_some(label)
}

/// What stands behind the sign before `start`, up to what ends a value.
fn value(line: &str, start: usize) -> &str {
    let end = line.floor_char_boundary(start.saturating_add(VALUE));
    let rest = line.get(start..end).unwrap_or_default().trim_start();
    let end = rest.find([',', ';', '|', '\t', '}', ')', ']', '&']);
    rest.get(..end.unwrap_or(rest.len()))
        .unwrap_or_default()
        .trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        each(text, &mut |label, value| {
            found.push((label.trim().to_owned(), value.to_owned()));
        });
        found
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = expected.iter();
        owned
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    }

    #[test]
    fn labels_stand_before_a_colon_or_an_equals_sign() {
        for (text, expected) in [
            ("Diagnosis: F32.1", &[("Diagnosis", "F32.1")][..]),
            ("a=1&b=2", &[("a", "1"), ("b", "2")]),
            (
                "{\"pwd\": \"x\", \"ip\": \"\"}",
                &[("\"pwd\"", "\"x\""), ("\"ip\"", "\"\"")],
            ),
            ("Hoito:\nalkaa\n", &[("Hoito", "alkaa")]),
            ("Hoito:\n", &[("Hoito", "")]),
            ("Hoito:\nSyy: x", &[("Hoito", ""), ("Syy", "x")]),
            ("He left. Salary: 1", &[("Salary", "1")]),
            ("12:30", &[]),
        ] {
            assert_eq!(labels(text), pairs(expected), "{text}");
        }
    }

    #[test]
    fn a_flood_of_colons_is_read_once() {
        // Looking from each of them to the end of the line would take minutes.
        let text = "a:".repeat(200_000) + &" ".repeat(200_000);
        assert_eq!(labels(&text).len(), 200_000);
    }
}
