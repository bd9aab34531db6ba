//! Which characters spell the same thing, and which belong to a word.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Whether `c` belongs to a word: a letter, a digit, or a mark on one.
pub fn is_word(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric()
    } else {
        c.is_alphanumeric() || is_combining_mark(c)
    }
}

/// Whether `c` is written where a hyphen is meant.
pub fn is_dash(c: char) -> bool {
    // The hyphens and dashes of General Punctuation, minus, small and full-width.
    matches!(
        c,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}'
    )
}

/// Whether `c` is a blank within a line, of whatever width.
pub fn is_blank(c: char) -> bool {
    c == ' '
        || (!c.is_ascii() && c.is_whitespace() && !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}'))
}

/// `text` with one character for each thing that is meant: digits of any script and
/// of full width as ASCII digits, every dash as `-`, every blank as a space, letters
/// of full width as ASCII letters, and nothing for what cannot be seen.
///
/// Leaks are rewritten so while they are decoded, lists when they are read: finders
/// and kinds meet no other spelling.
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || text.chars().all(|c| plain_char(c) == Some(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(plain_char).collect())
}

/// The character that `c` stands for in plain text; `None` for what cannot be seen.
///
/// Characters that structure a format (quotes, commas, brackets) stay what they are.
#[inline]
pub fn plain_char(c: char) -> Option<char> {
    if c < '\u{a0}' {
        return Some(c);
    }
    match c {
        // Soft hyphen, zero-width characters and marks of direction, joiners, BOM.
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}'
        | '\u{feff}' => None,
        // The hyphens and dashes of is_dash, and the katakana and small ones.
        c if is_dash(c) => Some('-'),
        c if is_blank(c) => Some(' '),
        // Full-width `(`, `)`, `+`, `.`, `/`, `:`, `@`, `_` and letters.
        '\u{ff08}'
        | '\u{ff09}'
        | '\u{ff0b}'
        | '\u{ff0e}'..='\u{ff1a}'
        | '\u{ff20}'..='\u{ff3a}'
        | '\u{ff3f}'
        | '\u{ff41}'..='\u{ff5a}' => char::from_u32(u32::from(c) - 0xfee0),
        c => Some(digit(c).unwrap_or(c)),
    }
}

/// The ASCII digit that a decimal digit of another script stands for.
fn digit(c: char) -> Option<char> {
    /// The zeros of the scripts whose digits are met in lists and leaks (Unicode,
    /// general category Nd, each followed by its nine others).
    const ZEROS: [u32; 20] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
        0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810, 0x1d7ce,
    ];
    let code = u32::from(c);
    // Mathematical digits: five styles in a row.
    if (0x1d7ce..=0x1d7ff).contains(&code) {
        return char::from_digit((code - 0x1d7ce) % 10, 10);
    }
    let zero = ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

/// Folds the case of `text` and composes it, behind what stands in `folded`.
///
/// Full case folding (Unicode, section 5.18) on the decomposed text, then NFC.
pub fn fold_case(text: &str, folded: &mut String) {
    if text.is_ascii() {
        folded.extend(text.chars().map(|c| c.to_ascii_lowercase()));
        return;
    }
    folded.extend(text.nfd().flat_map(fold).nfc());
}

/// The full case folding of one character.
pub(super) fn fold(c: char) -> Folded {
    // Upper case, then lower case, is the folding of CaseFolding.txt (Unicode
    // 14) for every character but these; compared with Python's `casefold`.
    let upper = match c {
        '\u{131}' | '\u{13a0}'..='\u{13f5}' => return Folded::Same(std::iter::once(c)),
        '\u{13f8}'..='\u{13fd}' | '\u{ab70}'..='\u{abbf}' => {
            return Folded::Upper(c.to_uppercase());
        }
        '\u{1e9e}' => 'ß'.to_uppercase(),
        _ => c.to_uppercase(),
    };
    Folded::Lower(upper.flat_map(char::to_lowercase))
}

/// The characters that one character folds to.
pub(super) enum Folded {
    Same(std::iter::Once<char>),
    Upper(std::char::ToUppercase),
    Lower(
        std::iter::FlatMap<
            std::char::ToUppercase,
            std::char::ToLowercase,
            fn(char) -> std::char::ToLowercase,
        >,
    ),
}

impl Iterator for Folded {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::Same(one) => one.next(),
            Self::Upper(some) => some.next(),
            Self::Lower(some) => some.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut folded = String::new();
        fold_case(text, &mut folded);
        folded
    }

    #[test]
    fn folding_agrees_with_python_casefold() {
        // python3: unicodedata.normalize("NFC", unicodedata.normalize("NFD", s).casefold())
        for (text, expected) in [
            ("ÄÖÅ", "äöå"),
            ("Stra\u{1e9e}e", "strasse"),
            ("Straße", "strasse"),
            ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
            ("\u{131}I", "\u{131}i"),
            ("a\u{308}", "ä"),
            ("\u{ab70}\u{13a0}", "\u{13a0}\u{13a0}"),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }

    #[test]
    fn plain_text_has_one_character_for_what_is_meant() {
        for (text, expected) in [
            ("１３１０５２－３０８Ｔ", "131052-308T"),
            ("١٣١٠٥٢-٣٠٨T", "131052-308T"),
            ("۱۳۱۰۵۲–۳۰۸T", "131052-308T"),
            ("13\u{ad}10\u{200b}52\u{2011}308\u{feff}T", "131052-308T"),
            ("𝟏𝟑𝟏𝟎𝟓𝟐−𝟑𝟎𝟖T", "131052-308T"),
            ("FI21\u{a0}1234\u{202f}5600", "FI21 1234 5600"),
            ("ａｎｎａ＠ｅｘａｍｐｌｅ．ｆｉ", "anna@example.fi"),
            ("Hämäläinen, “Åsa”，１", "Hämäläinen, “Åsa”，1"),
        ] {
            assert_eq!(plain(text), expected, "{text}");
            assert_eq!(plain(expected), expected);
        }
        assert!(matches!(plain("Hämäläinen"), Cow::Borrowed(_)));
    }

    #[test]
    fn dashes_and_blanks_of_any_width_are_known() {
        assert!("-‐‑‒–—―−﹣－".chars().all(is_dash));
        assert!(" \u{a0}\u{2009}\u{202f}\u{3000}".chars().all(is_blank));
        assert!(
            !"\n\r\u{85}\u{2028}_+."
                .chars()
                .any(|c| is_dash(c) || is_blank(c))
        );
    }
}
