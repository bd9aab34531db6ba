//! Machine-readable zones of travel documents.
//!
//! ICAO Doc 9303, part 3: lines of 30, 36 or 44 letters, digits and fillers (`<`). The
//! anchor is in the middle of a line: birth and check digit, sex, expiry and check
//! digit, which are seven digits, a letter or filler, seven digits.
//!
//! A zone reaches across lines, and this is the only shape that does: elsewhere a line
//! feed ends a cell, but the upper line of a zone, with the issuing state, stands in
//! the line above wherever the zone was read or typed as it is printed. What is in
//! between may be a line feed, a blank or two, or nothing.

use std::ops::Range;

use super::anchor::{Anchors, after, before};
use super::wanted::Found;
use crate::base::{Kind, Regions, Runs, Shape, is_word};

/// Bytes from the beginning of a zone to its end, without the third line of TD1.
pub(super) const REACH: usize = 2 * 44 + BETWEEN;
/// Bytes between two lines, at most.
const BETWEEN: usize = 4;
/// Digits of a date and its check digit.
const DATE: usize = 7;
/// Characters of a line of TD1, whose second line the birth begins.
const CARD: usize = 30;
/// Those of TD3 and TD2, and where the birth stands in their second line.
const BOOKLETS: [usize; 2] = [44, 36];
const BIRTH: usize = 13;

/// Looks for zones of the kinds that have them.
#[derive(Debug, Clone, Default)]
pub(super) struct Zones(Vec<&'static Kind>);

impl FromIterator<&'static Kind> for Zones {
    fn from_iter<T: IntoIterator<Item = &'static Kind>>(kinds: T) -> Self {
        let is_zone = |kind: &&Kind| matches!(kind.shape, Shape::Zone { .. });
        Self(kinds.into_iter().filter(is_zone).collect())
    }
}

impl Zones {
    /// The anchors, besides `others`.
    pub(super) fn anchors(&self, others: Anchors) -> Anchors {
        if self.0.is_empty() {
            return others;
        }
        let birth = Runs::of(&[7]);
        others.and_runs(birth).and_glued(birth)
    }

    /// Hands the canonical form of the zone in which `run` is the birth to `found`.
    #[inline]
    pub(super) fn find(&self, text: &str, run: &Range<usize>, regions: &Regions, found: Found<'_>) {
        if run.len() == DATE && !self.0.is_empty() && is_middle(text.as_bytes(), run.end) {
            self.look(text, run.start, regions, found);
        }
    }

    fn look(&self, text: &str, birth: usize, regions: &Regions, found: Found<'_>) {
        for length in BOOKLETS {
            let start = birth.checked_sub(BIRTH);
            let Some(line) = start.and_then(|start| line(text, start, length)) else {
                continue;
            };
            if !ends(text, line.end) {
                continue;
            }
            let whole = above(text, line.start, length).map(|above| above.start..line.end);
            let alone = Some(line.clone()).filter(|line| begins(text, line.start));
            for span in whole.into_iter().chain(alone) {
                if self.read(text, &span, regions, found) {
                    return;
                }
            }
        }
        let Some(line) = line(text, birth, CARD) else {
            return;
        };
        let is_end = ends(text, line.end)
            || self::line(text, line.end, CARD).is_some_and(|third| ends(text, third.end));
        if is_end && let Some(above) = above(text, line.start, CARD) {
            self.read(text, &(above.start..line.end), regions, found);
        }
    }

    /// Whether a kind reads what stands at `span`.
    fn read(&self, text: &str, span: &Range<usize>, regions: &Regions, found: Found<'_>) -> bool {
        let zone = text.get(span.clone()).unwrap_or_default();
        let mut is_read = false;
        for kind in &self.0 {
            let canonical = kind.canonical;
            is_read |= canonical(zone, regions, &mut |form, variant| {
                found(kind, variant, form, span.clone());
            })
            .is_ok();
        }
        is_read
    }
}

/// Whether a sex and the digits of an expiry stand at `at`.
#[inline]
fn is_middle(bytes: &[u8], at: usize) -> bool {
    let Some((sex, expiry)) = bytes.get(at..).and_then(<[u8]>::split_first) else {
        return false;
    };
    matches!(sex, b'M' | b'F' | b'X' | b'<' | b'm' | b'f' | b'x')
        && expiry
            .first_chunk::<DATE>()
            .is_some_and(|date| date.iter().all(u8::is_ascii_digit))
}

/// The `length` characters of a zone at `start`, if so many are there.
fn line(text: &str, start: usize, length: usize) -> Option<Range<usize>> {
    let line = start..start + length;
    let bytes = text.as_bytes().get(line.clone())?;
    bytes.iter().copied().all(is_of_zone).then_some(line)
}

/// The line above the one that begins at `start`, if a zone begins with it.
fn above(text: &str, start: usize, length: usize) -> Option<Range<usize>> {
    let head = text.as_bytes().get(..start)?;
    let between = head
        .iter()
        .rev()
        .take(BETWEEN)
        .take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
    let end = start - between.count();
    let above = line(text, end.checked_sub(length)?, length)?;
    begins(text, above.start).then_some(above)
}

fn is_of_zone(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'<'
}

/// Whether what is before `at` belongs to no zone and no word.
fn begins(text: &str, at: usize) -> bool {
    !before(text, at).is_some_and(|c| c == '<' || is_word(c))
}

/// Whether what is at `at` belongs to no zone and no word.
fn ends(text: &str, at: usize) -> bool {
    !after(text, at).is_some_and(|c| c == '<' || is_word(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Family, Strength, Unusable, Variant};

    /// Reads whatever has the length of a zone.
    static ZONE: Kind = Kind {
        name: "zone",
        profile: 1,
        family: Family::Document,
        strength: Strength::Strong,
        canonical_form: "",
        check: "",
        source: "",
        example: "",
        headings: &[],
        shape: Shape::Zone { sample: "" },
        space: None,
        rate: None,
        born: None,
        canonical: |text, _, emit| {
            let zone = text.split_whitespace().collect::<String>();
            if ![88, 72, 60, 44, 36].contains(&zone.len()) {
                return Err(Unusable("not as long"));
            }
            emit(&zone, Variant::Exact);
            Ok(())
        },
    };

    fn found(text: &str) -> Vec<String> {
        let zones = Zones::from_iter([&ZONE]);
        let mut anchors = zones.anchors(Anchors::none());
        let mut found = Vec::new();
        for anchor in anchors.within(text.as_bytes(), 0..text.len()) {
            if let super::super::anchor::Anchor::Digits(run) = anchor {
                zones.find(text, &run, &Regions::default(), &mut |_, _, form, _| {
                    found.push(form.to_owned());
                });
            }
        }
        found
    }

    const UPPER: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
    const LOWER: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
    const GERMAN: &str = "C01X00T478D<<6408125F2702283<<<<<<<<<<<<<<04";
    const CARD: [&str; 3] = [
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    ];

    #[test]
    fn lines_are_found_apart_together_and_alone() {
        let both = format!("{UPPER}{LOWER}");
        for between in ["", " ", "\n", "\r\n", " \n "] {
            let text = format!("mrz: \"{UPPER}{between}{LOWER}\", x");
            assert_eq!(found(&text).concat(), both, "{between:?}");
        }
        assert_eq!(found(&format!("({LOWER})")), [LOWER]);
        assert_eq!(found(GERMAN), [GERMAN]);
        let expected = CARD[..2].concat();
        for between in ["", "\n", " "] {
            assert_eq!(found(&CARD.join(between)).concat(), expected);
            assert_eq!(found(&CARD[..2].join(between)).concat(), expected);
        }
    }

    #[test]
    fn what_is_longer_or_shorter_than_a_line_is_none() {
        for text in [
            format!("x{LOWER}"),
            format!("{LOWER}<"),
            format!("ä{LOWER}"),
            LOWER[1..].to_owned(),
            CARD[1].to_owned(),
            format!("{}\n\n\n\n\n{}", CARD[0], CARD[1]),
            "7408122F1204159".to_owned(),
        ] {
            assert_eq!(found(&text), [""; 0], "{text}");
        }
    }
}
