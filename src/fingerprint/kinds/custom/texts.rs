//! How many texts an expression matches, and one of them.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

use crate::base::{Emit, Unusable};

/// Texts of a pattern that are tried until one's check digits fit: of mod 97, one in
/// 97 does, and that none of so many does has a chance of e^-40.
const TRIES: usize = 4096;

/// How many texts `hir` matches, where it is a plain sequence of characters.
pub(super) fn count(hir: &Hir) -> Option<f64> {
    match hir.kind() {
        HirKind::Empty | HirKind::Literal(_) => Some(1.0),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges().iter();
            let counts = ranges.map(ClassUnicodeRange::len);
            Some(counts.fold(0.0, |sum, count| {
                sum + f64::from(u32::try_from(count).unwrap_or(u32::MAX))
            }))
        }
        HirKind::Repetition(repetition) => {
            let one = count(&repetition.sub)?;
            let counts = repetition.min..=repetition.max?;
            Some(counts.fold(0.0, |sum, times| {
                sum + one.powi(i32::try_from(times).unwrap_or(i32::MAX))
            }))
        }
        HirKind::Concat(hirs) => {
            let mut counts = hirs.iter().map(count);
            counts.try_fold(1.0, |product, count| Some(product * count?))
        }
        _ => None,
    }
}

/// A text of nobody that `hir` matches, and its canonical form.
pub(super) fn sample(
    hir: &Hir,
    form: &dyn Fn(&str, Emit<'_>) -> Result<(), Unusable>,
) -> Result<(String, String), Unusable> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut pick = |sides: u64| {
        // Xorshift; Marsaglia, 2003. The same ones every time.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % sides.max(1)
    };
    // What begins or ends with a blank, or holds a format's own characters, would
    // be found in a leak, but not in every canary.
    let is_plain = |text: &str| {
        text.trim() == text
            && !text.contains("  ")
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || " -./_:#".contains(c))
    };
    let mut is_any_plain = false;
    for _ in 0..TRIES {
        let mut text = String::new();
        write(hir, &mut pick, &mut text);
        if !is_plain(&text) {
            continue;
        }
        is_any_plain = true;
        let mut canonical = String::new();
        if form(&text, &mut |form, _| form.clone_into(&mut canonical)).is_ok() {
            return Ok((text, canonical));
        }
    }
    Err(Unusable(if is_any_plain {
        "no text of its pattern has a check digit that fits"
    } else {
        "no text of its pattern is of ASCII letters, digits, blanks and `-./_:#` alone"
    }))
}

/// Writes a text that `hir` matches, of ASCII where it can be.
fn write(hir: &Hir, pick: &mut impl FnMut(u64) -> u64, text: &mut String) {
    match hir.kind() {
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            let mut plain = class.clone();
            plain.intersect(&ClassUnicode::new(
                [('0', '9'), ('A', 'Z'), ('a', 'z')]
                    .map(|(start, end)| ClassUnicodeRange::new(start, end)),
            ));
            let class = if plain.ranges().is_empty() {
                class
            } else {
                &plain
            };
            let all = || {
                class
                    .ranges()
                    .iter()
                    .flat_map(|range| range.start()..=range.end())
            };
            let count = class.ranges().iter().map(|range| range.len() as u64).sum();
            text.extend(
                usize::try_from(pick(count))
                    .ok()
                    .and_then(|nth| all().nth(nth)),
            );
        }
        HirKind::Repetition(repetition) => {
            let more = repetition
                .max
                .unwrap_or(repetition.min)
                .min(repetition.min + 9)
                - repetition.min;
            let more = u32::try_from(pick(u64::from(more) + 1)).unwrap_or(0);
            for _ in 0..repetition.min + more {
                write(&repetition.sub, pick, text);
            }
        }
        HirKind::Concat(hirs) => hirs.iter().for_each(|hir| write(hir, pick, text)),
        HirKind::Alternation(hirs) => {
            let nth = usize::try_from(pick(hirs.len() as u64)).unwrap_or(0);
            if let Some(hir) = hirs.get(nth) {
                write(hir, pick, text);
            }
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Capture(_) | HirKind::Class(_) => {}
    }
}
