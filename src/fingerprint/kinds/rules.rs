//! What the rules of many numbers have in common.

use crate::base::{Date, Unusable};

/// The letters and digits of `text`, letters in upper case, without the blanks,
/// dashes, dots, slashes, plus signs and apostrophes between them.
///
/// # Errors
///
/// [`Unusable`] when there is something else, or more than `N` of them.
pub(super) fn compact<const N: usize>(text: &str) -> Result<Compact<N>, Unusable> {
    let mut compact = Compact {
        bytes: [0; N],
        length: 0,
    };
    for byte in text.bytes() {
        if matches!(byte, b' ' | b'-' | b'.' | b'/' | b'+' | b'\'' | b'_') {
            continue;
        }
        if !byte.is_ascii_alphanumeric() {
            return Err(Unusable("not only letters, digits and separators"));
        }
        *compact
            .bytes
            .get_mut(compact.length)
            .ok_or(Unusable("too many characters"))? = byte.to_ascii_uppercase();
        compact.length += 1;
    }
    Ok(compact)
}

/// Upper-case letters and digits, at most `N`.
pub(super) struct Compact<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Compact<N> {
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(self.bytes()).unwrap_or_default()
    }

    /// All of them, when they are `N` digits. Zeros that a spreadsheet took from the
    /// front are put back: as many as `lost` may be missing.
    pub(super) fn digits(mut self, lost: usize) -> Result<Self, Unusable> {
        if !self.bytes().iter().all(u8::is_ascii_digit) {
            return Err(Unusable("not only digits"));
        }
        let missing = N - self.length;
        if missing > lost {
            return Err(Unusable("too few digits"));
        }
        self.bytes.rotate_right(missing);
        for zero in self.bytes.iter_mut().take(missing) {
            *zero = b'0';
        }
        self.length = N;
        Ok(self)
    }
}

/// The number that `digits` spell, of which there are nineteen at most.
pub(super) fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, digit| {
        number * 10 + u64::from(digit.wrapping_sub(b'0'))
    })
}

/// The number that the digits of `code` in that range spell; 0 when there are none.
pub(super) fn part(code: &[u8], range: std::ops::Range<usize>) -> u64 {
    number(code.get(range).unwrap_or_default())
}

/// That day, if there is such a day.
pub(super) fn date(year: u64, month: u64, day: u64) -> Option<Date> {
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    Date::new(u16::try_from(year).ok()?, month, day)
}

/// Whether nobody can be born in `year` yet.
pub(super) fn is_to_come(year: u64) -> bool {
    year > u64::from(Date::this_year())
}

/// `text` without the letters of `country` before it, as VAT numbers have them.
pub(super) fn without_country<'a>(text: &'a str, country: &str) -> &'a str {
    match text.split_at_checked(country.len()) {
        Some((head, rest)) if head.eq_ignore_ascii_case(country) => rest,
        _ => text,
    }
}

/// The sum of all digits, each times its weight.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    let products = digits.iter().zip(weights);
    products
        .map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight)
        .sum()
}

/// Whether the last of `digits` is the check digit of the others.
///
/// ISO/IEC 7812-1, annex B (Luhn, US patent 2,950,048).
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u32::from(digit.wrapping_sub(b'0'));
            match (at % 2, digit) {
                (0, digit) => digit,
                (_, digit @ 0..5) => 2 * digit,
                (_, digit) => 2 * digit - 9,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the last of `digits` is the check digit of the others.
///
/// ISO/IEC 7064, MOD 11,10.
pub(super) fn mod11_10(digits: &[u8]) -> bool {
    let product = digits.iter().fold(10, |product, digit| {
        let sum = (product + u32::from(digit.wrapping_sub(b'0'))) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    // The last digit makes the sum 1, which is doubled like all others.
    product == 2
}

/// Whether the last of `digits` is the check digit of the others.
///
/// J. Verhoeff, "Error detecting decimal codes", 1969.
pub(super) fn verhoeff(digits: &[u8]) -> bool {
    let check = digits
        .iter()
        .rev()
        .enumerate()
        .fold(0, |check, (at, digit)| {
            let mut digit = digit.wrapping_sub(b'0') % 10;
            for _ in 0..at % 8 {
                digit = PERMUTATION
                    .get(usize::from(digit))
                    .copied()
                    .unwrap_or_default();
            }
            dihedral(check, digit)
        });
    check == 0
}

/// The permutation of Verhoeff's method; its eighth power changes nothing.
const PERMUTATION: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/// The product in the dihedral group of order ten: 0 to 4 turn, 5 to 9 mirror.
fn dihedral(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - b) % 5 + 5,
        (false, false) => (5 + a - b) % 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_agree_with_published_examples() {
        // ISO/IEC 7812-1: 7992739871 has the check digit 3.
        let luhns: Vec<u8> = (b'0'..=b'9')
            .filter(|check| luhn(&[b"7992739871".as_slice(), &[*check]].concat()))
            .collect();
        assert_eq!(luhns, b"3");
        // ISO 7064, section 8: 0794 has the check digit 5 in MOD 11,10.
        let pure: Vec<u8> = (b'0'..=b'9')
            .filter(|check| mod11_10(&[b"0794".as_slice(), &[*check]].concat()))
            .collect();
        assert_eq!(pure, b"5");
        // Verhoeff: 236 has the check digit 3; 12345 has 1.
        for (digits, expected) in [(b"236".as_slice(), b"3"), (b"12345", b"1")] {
            let found: Vec<u8> = (b'0'..=b'9')
                .filter(|check| verhoeff(&[digits, &[*check]].concat()))
                .collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn zeros_that_were_lost_are_put_back_as_far_as_allowed() {
        let read = |text, lost| {
            let read = compact::<6>(text).and_then(|compact| compact.digits(lost));
            read.map(|digits| digits.text().to_owned())
        };
        assert_eq!(read("12-34 56", 0).as_deref(), Ok("123456"));
        assert_eq!(read("1234", 2).as_deref(), Ok("001234"));
        assert_eq!(read("123", 2), Err(Unusable("too few digits")));
        assert_eq!(read("1234567", 2), Err(Unusable("too many characters")));
        assert_eq!(read("12345A", 2), Err(Unusable("not only digits")));
        assert!(read("12345ä", 2).is_err());
    }
}
