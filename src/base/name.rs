//! Names of people, folded so that their spellings meet.
//!
//! Unicode NFKD, marks removed, case folded, and the letters that have no
//! decomposition replaced, so that `Hämäläinen` meets `HAMALAINEN`. What is no
//! letter is dropped: `O'Brien` meets `OBRIEN`.
//!
//! Folding is part of the canonical forms, so it never changes. A few letters that it
//! leaves as they are (`ı`, `œ`, `ŋ`) give a second part, on both sides: `Yıldız` is
//! `yıldız`, as ever, and `yildiz`.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::spelling::{fold, is_dash};

/// Parts of one word that can be names of their own.
const PARTS: usize = 4;

/// Folds `name` behind what stands in `folded`.
pub fn fold_name(name: &str, folded: &mut String) {
    let before = folded.len();
    if name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        folded.push_str(name);
        if let Some(letters) = folded.get_mut(before..) {
            letters.make_ascii_lowercase();
        }
        return;
    }
    if name.is_ascii() {
        let letters = name.chars().filter(char::is_ascii_alphabetic);
        folded.extend(letters.map(|c| c.to_ascii_lowercase()));
        return;
    }
    if name.chars().all(|c| fold_western(c, folded)) {
        return;
    }
    folded.truncate(before);
    let letters = name
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(fold)
        .nfkd()
        .filter(|c| c.is_alphabetic() && !is_apostrophe(*c) && !is_combining_mark(*c));
    folded.extend(letters.flat_map(plain).nfc());
}

/// Folds `c` if it is a letter of Western Europe: the general way costs ten times
/// as much, and most names have no other letters.
fn fold_western(c: char, folded: &mut String) -> bool {
    folded.push_str(match c {
        'À'..='Å' | 'à'..='å' => "a",
        'Æ' | 'æ' => "ae",
        'Ç' | 'ç' => "c",
        'È'..='Ë' | 'è'..='ë' => "e",
        'Ì'..='Ï' | 'ì'..='ï' => "i",
        'Ñ' | 'ñ' => "n",
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' => "o",
        'Ù'..='Ü' | 'ù'..='ü' => "u",
        'Ý' | 'ý' | 'ÿ' => "y",
        'Þ' | 'þ' => "th",
        'ß' => "ss",
        c if c.is_ascii() => {
            if c.is_ascii_alphabetic() {
                folded.push(c.to_ascii_lowercase());
            }
            return true;
        }
        _ => return false,
    });
    true
}

/// Hands every part of `word` that can stand for a name to `each`, folded, in
/// `folded`, which is overwritten.
///
/// A double-barrelled name gives the whole and each part, one with an apostrophe also
/// what stands behind it, for `O Brien` is written, too. Initials are no parts.
pub fn name_parts(word: &str, folded: &mut String, mut each: impl FnMut(&str)) {
    let mut give = |text: &str| {
        folded.clear();
        fold_name(text, folded);
        if folded.chars().nth(1).is_some() {
            each(folded);
            if has_leftovers(folded) {
                *folded = folded.chars().flat_map(leftover).collect();
                each(folded);
            }
        }
    };
    give(word);
    if word.contains(is_dash) {
        word.split(is_dash).take(PARTS).for_each(&mut give);
    }
    for part in word.split(is_dash).take(PARTS) {
        if let Some((_, behind)) = part.split_once(is_apostrophe) {
            give(behind);
        }
    }
}

/// Whether folding leaves a letter of `word` that is written in another way, too.
pub fn has_leftovers(word: &str) -> bool {
    !word.is_ascii() && word.chars().any(|c| leftover(c).next() != Some(c))
}

/// What ICAO Doc 9303-3, section 6, writes for the Latin letters that folding leaves;
/// `ə`, which it has not, as Azerbaijanis write it without their keyboard.
fn leftover(c: char) -> impl Iterator<Item = char> {
    let letters = match c {
        'ı' => [Some('i'), None],
        'œ' | 'Œ' => [Some('o'), Some('e')],
        'ŋ' | 'Ŋ' => [Some('n'), None],
        'ð' | 'Ð' => [Some('d'), None],
        'ħ' | 'Ħ' => [Some('h'), None],
        'ŧ' | 'Ŧ' => [Some('t'), None],
        'ĸ' => [Some('q'), None],
        'ə' | 'Ə' => [Some('e'), None],
        other => [Some(other), None],
    };
    letters.into_iter().flatten()
}

/// Whether `c` is written where an apostrophe is meant.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '`' | '´' | '’' | '‘' | 'ʼ' | 'ʹ' | '＇')
}

/// The letters that stand for one that Unicode does not decompose.
fn plain(c: char) -> impl Iterator<Item = char> {
    let letters = match c {
        'ø' => [Some('o'), None],
        'æ' => [Some('a'), Some('e')],
        'ß' => [Some('s'), Some('s')],
        'ł' => [Some('l'), None],
        'đ' => [Some('d'), None],
        'þ' => [Some('t'), Some('h')],
        other => [Some(other), None],
    };
    letters.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(name: &str) -> String {
        let mut folded = String::new();
        fold_name(name, &mut folded);
        folded
    }

    fn parts(word: &str) -> Vec<String> {
        let mut parts = Vec::new();
        name_parts(word, &mut String::new(), |part| parts.push(part.to_owned()));
        parts
    }

    #[test]
    fn spellings_of_a_name_meet() {
        for (one, other) in [
            ("Hämäläinen", "HAMALAINEN"),
            ("Ha\u{308}ma\u{308}la\u{308}inen", "hamalainen"),
            ("Sørensen", "SORENSEN"),
            ("Ærø", "aero"),
            ("Groß", "GROSS"),
            ("Wałęsa", "walesa"),
            ("Đorđević", "dordevic"),
            ("Þór", "thor"),
            ("O’Brien", "OBRIEN"),
            ("Ångström", "angstrom"),
            ("ＡＮＮＡ", "anna"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
    }

    #[test]
    fn double_barrelled_names_give_each_part_and_the_whole() {
        assert_eq!(
            parts("Virtanen-Korhonen"),
            ["virtanenkorhonen", "virtanen", "korhonen"]
        );
        assert_eq!(parts("A-Liisa"), ["aliisa", "liisa"]);
        assert_eq!(parts("A."), [""; 0]);
        assert_eq!(
            parts("O’Brien-Smith"),
            ["obriensmith", "obrien", "smith", "brien"]
        );
    }

    #[test]
    fn letters_that_folding_leaves_give_a_second_part() {
        assert_eq!(parts("Yıldız"), ["yıldız", "yildiz"]);
        assert_eq!(parts("Œuvrard"), ["œuvrard", "oeuvrard"]);
        assert_eq!(parts("Sigurðsson"), ["sigurðsson", "sigurdsson"]);
        assert_eq!(parts("Hämäläinen"), ["hamalainen"]);
    }

    #[test]
    fn western_letters_are_folded_as_all_others() {
        for c in '\u{80}'..'\u{180}' {
            let mut short = String::new();
            if fold_western(c, &mut short) {
                // The Greek letter makes the general way necessary.
                assert_eq!(format!("{short}α"), folded(&format!("{c}α")), "{c}");
            }
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(name in "\\PC{0,12}") {
            let once = folded(&name);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
