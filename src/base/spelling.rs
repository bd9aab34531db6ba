//! Which characters spell the same thing, and which belong to a word.

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
