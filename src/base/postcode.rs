//! Postcodes of nine countries.

use std::ops::Range;

use super::address::{Notation, char_at, char_before};
use super::spelling::is_word;

/// A postcode, and the notations that have such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postcode {
    /// Where it stands.
    pub span: Range<usize>,
    letters: [u8; 7],
    length: usize,
    notations: u8,
}

impl Postcode {
    /// The postcode whose first digits stand at `run`, in one of `notations`.
    pub fn at(text: &str, run: &Range<usize>, notations: &[Notation]) -> Option<Self> {
        let bytes = text.as_bytes();
        let wants = |notation| notations.contains(&notation);
        if matches!(run.len(), 1..=3) && wants(Notation::British) {
            let british = british(bytes, run.start);
            if british.is_some() {
                return british;
            }
        }
        if run.len() < 3 || is_glued_before(text, run.start) {
            return None;
        }
        let ends = |at| ends(text, at);
        match run.len() {
            3 if wants(Notation::FiveDigits) => {
                let end = run.end + 3;
                let is_swedish = bytes.get(run.start) != Some(&b'0')
                    && bytes.get(run.end) == Some(&b' ')
                    && digits(bytes, run.end + 1) == 2
                    && ends(end)
                    && !(bytes.get(end) == Some(&b' ') && digits(bytes, end + 1) > 0);
                is_swedish.then(|| Self::of(bytes, run.start..end, &[Notation::FiveDigits]))
            }
            4 => {
                let mut notations = notations.iter().copied();
                let four = notations
                    .any(|one| matches!(one, Notation::Norwegian | Notation::Danish))
                    && ends(run.end);
                if wants(Notation::Dutch)
                    && let Some(end) = behind_dutch(bytes, run)
                    && ends(end)
                {
                    return Some(Self::of(bytes, run.start..end, &[Notation::Dutch]));
                }
                let both = [Notation::Norwegian, Notation::Danish];
                four.then(|| Self::of(bytes, run.clone(), &both))
            }
            5 => {
                if bytes.get(run.end) == Some(&b'-') && digits(bytes, run.end + 1) == 4 {
                    let is_whole = wants(Notation::American) && ends(run.end + 5);
                    return is_whole.then(|| Self {
                        span: run.start..run.end + 5,
                        ..Self::of(bytes, run.clone(), &[Notation::American])
                    });
                }
                let both = [Notation::FiveDigits, Notation::American];
                ends(run.end).then(|| Self::of(bytes, run.clone(), &both))
            }
            _ => None,
        }
    }

    fn of(bytes: &[u8], span: Range<usize>, notations: &[Notation]) -> Self {
        let mut code = Self {
            span: span.clone(),
            letters: [0; 7],
            length: 0,
            notations: notations.iter().fold(0, |all, one| all | one.bit()),
        };
        let written = bytes.get(span).unwrap_or_default().iter();
        for (room, byte) in code
            .letters
            .iter_mut()
            .zip(written.filter(|byte| **byte != b' '))
        {
            *room = byte.to_ascii_lowercase();
            code.length += 1;
        }
        code
    }

    /// Without blanks, in lower case.
    pub fn text(&self) -> &str {
        let letters = self.letters.get(..self.length).unwrap_or_default();
        std::str::from_utf8(letters).unwrap_or_default()
    }

    /// Whether there are such postcodes in `notation`.
    pub fn fits(&self, notation: Notation) -> bool {
        self.notations & notation.bit() != 0
    }
}

/// How many digits stand from `at` on.
fn digits(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Whether what begins at `at` goes on what stands before it.
fn is_glued_before(text: &str, at: usize) -> bool {
    let Some(c) = char_before(text, at) else {
        return false;
    };
    let further = char_before(text, at - c.len_utf8());
    let is_mark = matches!(c, '.' | '-' | '/' | ':' | '+');
    is_word(c) || (is_mark && further.is_none_or(|c| c.is_ascii_digit() || c == ' '))
}

/// Whether a postcode can end at `at`.
fn ends(text: &str, at: usize) -> bool {
    let is_digit = |at| char_at(text, at).is_some_and(|c| c.is_ascii_digit());
    match char_at(text, at) {
        Some('.' | ':' | '-' | '/') => !is_digit(at + 1),
        Some('%' | '@' | '_') => false,
        Some(c) => !is_word(c),
        None => true,
    }
}

/// Where the letters end that stand behind the digits of a Dutch postcode.
fn behind_dutch(bytes: &[u8], run: &Range<usize>) -> Option<usize> {
    let is_apart = bytes.get(run.end) == Some(&b' ');
    let at = run.end + usize::from(is_apart);
    let letters = <[u8; 2]>::try_from(bytes.get(at..at + 2)?).ok()?;
    // `2020 in` is none, and PostNL gives none of these three.
    let is_code = letters.iter().all(u8::is_ascii_uppercase)
        || !is_apart && letters.iter().all(u8::is_ascii_lowercase);
    let is_given = !matches!(
        &letters.map(|c| c.to_ascii_uppercase()),
        b"SA" | b"SD" | b"SS"
    );
    (is_code && is_given && bytes.get(run.start) != Some(&b'0')).then_some(at + 2)
}

/// The British postcode whose first digit stands at `digit`.
///
/// BS 7666: one or two letters, a digit, a digit or a letter or neither; a digit and
/// two letters other than `CIKMOV`.
fn british(bytes: &[u8], digit: usize) -> Option<Postcode> {
    let head = bytes.get(..digit)?.iter().rev();
    let area = head.take(3).take_while(|byte| byte.is_ascii_alphabetic());
    let start = digit - area.count();
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    if !(1..=2).contains(&(digit - start)) || before.is_some_and(is_word) {
        return None;
    }
    let length = |at: usize| {
        let rest = bytes.get(at..).unwrap_or_default();
        rest.iter().take(8).take_while(|byte| is_word(byte)).count()
    };
    let (first, mut end) = (length(start), start + length(start));
    let outward = match first {
        5..=7 => first - 3,
        2..=4 if bytes.get(end) == Some(&b' ') && length(end + 1) == 3 => {
            end += 4;
            first
        }
        _ => return None,
    };
    let outward = bytes.get(start..start + outward)?;
    let [number, letters @ ..] = bytes.get(end - 3..end)? else {
        return None;
    };
    let district = outward.get(digit - start..)?;
    let is_outward = match district {
        [one] => one.is_ascii_digit(),
        [one, other] => one.is_ascii_digit() && other.is_ascii_alphanumeric(),
        _ => false,
    };
    let is_inward = number.is_ascii_digit()
        && letters
            .iter()
            .all(|c| c.is_ascii_alphabetic() && !b"CIKMOV".contains(&c.to_ascii_uppercase()));
    (is_outward && is_inward).then(|| Postcode::of(bytes, start..end, &[Notation::British]))
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::base::NOTATIONS;

    fn postcode(text: &str, notations: &[Notation]) -> Option<String> {
        let digit = |c: char| c.is_ascii_digit();
        let start = text.find(digit)?;
        let end = text[start..]
            .find(|c| !digit(c))
            .map_or(text.len(), |at| start + at);
        Postcode::at(text, &(start..end), notations).map(|code| code.text().to_owned())
    }

    #[test]
    fn postcodes_of_nine_countries_are_known() {
        for (text, expected) in [
            ("00100 Helsinki", "00100"),
            ("FI-00100 Helsinki", "00100"),
            ("111 29 Stockholm", "11129"),
            ("SE-111 29", "11129"),
            ("10118-0110", "10118"),
            ("0150 Oslo", "0150"),
            ("1012 LG Amsterdam", "1012lg"),
            ("1012lg", "1012lg"),
            ("SW1A 2AA", "sw1a2aa"),
            ("m1 1ae", "m11ae"),
            ("EC1A1BB", "ec1a1bb"),
            ("B33 8TH", "b338th"),
        ] {
            assert_eq!(
                postcode(text, &NOTATIONS).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "100100",
            "00100a",
            "3.00100",
            "00100.5",
            "+00100",
            "123 456",
            "123 45 67",
            "1952-10",
            "X1 2CV",
            "ABC1 2AA",
            "12345-67",
        ] {
            assert_eq!(postcode(text, &NOTATIONS), None, "{text}");
        }
        // A year before a word is no Dutch postcode.
        assert_eq!(postcode("2020 in", &[Notation::Dutch]), None);
        assert_eq!(postcode("1012 SS", &[Notation::Dutch]), None);
    }
}
