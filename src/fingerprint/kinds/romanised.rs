//! Names as travel documents spell them.
//!
//! ICAO Doc 9303, part 3, section 6: the recommended transliterations of Latin
//! letters (A) and of Cyrillic ones (B), where several are recommended the one
//! without a language's own rule. It has no table for Greek: there ELOT 743 holds,
//! by which Greek passports are made.
//!
//! Folding takes the marks from letters (`Müller`: `muller`), travel documents and
//! whatever was made from them add letters (`MUELLER`). A list holds both.

use unicode_normalization::UnicodeNormalization as _;

/// Diaeresis, which says that two vowels are not one sound.
const DIAERESIS: char = '\u{308}';

/// `name` in Latin letters, its other characters as they are.
pub(super) fn romanised(name: &str) -> String {
    let letters: Vec<char> = name.nfc().flat_map(char::to_lowercase).collect();
    let mut roman = String::with_capacity(letters.len() * 2);
    for (at, c) in letters.iter().enumerate() {
        match latin(*c).or_else(|| cyrillic(*c)) {
            Some(text) => roman.push_str(text),
            None if is_greek(*c) => greek(&letters, at, &mut roman),
            None => roman.push(*c),
        }
    }
    roman
}

fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' | 'æ' => "ae",
        'å' => "aa",
        'ö' | 'ø' | 'œ' => "oe",
        'ü' => "ue",
        'ñ' | 'ŋ' => "n",
        'ß' => "ss",
        'þ' => "th",
        'ð' | 'đ' => "d",
        'ł' => "l",
        'ı' => "i",
        'ħ' => "h",
        'ŧ' => "t",
        'ĸ' => "q",
        _ => return None,
    })
}

fn cyrillic(c: char) -> Option<&'static str> {
    Some(match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ѓ' => "g",
        'д' | 'ђ' => "d",
        'е' | 'ё' | 'э' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' | 'й' | 'і' | 'ї' => "i",
        'к' | 'ќ' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ў' | 'ѫ' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'є' => "ie",
        'ы' | 'ѵ' => "y",
        'ь' => "",
        'ю' => "iu",
        'я' => "ia",
        'ѕ' | 'џ' => "dz",
        'ј' => "j",
        'љ' => "lj",
        'њ' => "nj",
        'ћ' => "c",
        _ => return None,
    })
}

fn is_greek(c: char) -> bool {
    matches!(c, '\u{386}'..='\u{3ce}' | '\u{1f00}'..='\u{1fff}')
}

/// The letter without its accent, and whether it has a diaeresis.
fn bare(c: char) -> (char, bool) {
    let mut parts = std::iter::once(c).nfd();
    let letter = parts.next().unwrap_or(c);
    (letter, parts.any(|mark| mark == DIAERESIS))
}

/// Adds the Latin letters for the Greek one at `at`: ELOT 743, table 2.
fn greek(letters: &[char], at: usize, roman: &mut String) {
    let letter = |at: Option<usize>| at.and_then(|at| letters.get(at)).map(|c| bare(*c));
    let (c, is_apart) = letter(Some(at)).unwrap_or_default();
    let before = letter(at.checked_sub(1)).map(|(c, _)| c);
    let behind = letter(Some(at + 1)).map(|(c, _)| c);
    roman.push_str(match c {
        'α' => "a",
        'β' => "v",
        // γγ, γξ and γχ are sounds of the nose.
        'γ' if matches!(behind, Some('γ' | 'ξ' | 'χ')) => "n",
        'γ' => "g",
        'δ' => "d",
        'ε' => "e",
        'ζ' => "z",
        'η' | 'ι' => "i",
        'θ' => "th",
        'κ' => "k",
        'λ' => "l",
        // μπ is `b` where a word begins.
        'μ' if behind == Some('π') && !before.is_some_and(char::is_alphabetic) => "b",
        'μ' => "m",
        'ν' => "n",
        'ξ' => "x",
        'ο' | 'ω' => "o",
        'π' if before == Some('μ') && roman.ends_with('b') => "",
        'π' => "p",
        'ρ' => "r",
        'σ' | 'ς' => "s",
        'τ' => "t",
        'υ' => upsilon(before.filter(|_| !is_apart), behind),
        'φ' => "f",
        'χ' => "ch",
        'ψ' => "ps",
        _ => return,
    });
}

/// What an upsilon is behind a vowel of the same sound.
fn upsilon(before: Option<char>, behind: Option<char>) -> &'static str {
    let is_voiceless = |c: char| "θκξπσςτφχψ".contains(c) || !c.is_alphabetic();
    match before {
        Some('ο') => "u",
        Some('α' | 'ε' | 'η') if behind.is_none_or(is_voiceless) => "f",
        Some('α' | 'ε' | 'η') => "v",
        _ => "y",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_letters_are_spelled_as_in_travel_documents() {
        // ICAO Doc 9303-3, section 6 A.
        for (name, expected) in [
            ("Müller", "mueller"),
            ("Hämäläinen", "haemaelaeinen"),
            ("Åström", "aastroem"),
            ("Sørensen", "soerensen"),
            ("Muñoz", "munoz"),
            ("Þórður", "thórdur"),
            ("Groß-Öst", "gross-oest"),
            ("Yıldız", "yildiz"),
        ] {
            assert_eq!(romanised(name), expected, "{name}");
        }
    }

    #[test]
    fn cyrillic_letters_are_spelled_as_in_travel_documents() {
        // ICAO Doc 9303-3, section 6 B.
        for (name, expected) in [
            ("Щербаков", "shcherbakov"),
            ("Андрей", "andrei"),
            ("Наталья", "natalia"),
            ("Хрущёв", "khrushchev"),
            ("Подъяпольский", "podieiapolskii"),
            ("Юлия", "iuliia"),
        ] {
            assert_eq!(romanised(name), expected, "{name}");
        }
    }

    #[test]
    fn greek_letters_are_spelled_as_in_greek_passports() {
        // ELOT 743.
        for (name, expected) in [
            ("Παπαδόπουλος", "papadopoulos"),
            ("Ευαγγελία", "evangelia"),
            ("Ελευθέριος", "eleftherios"),
            ("Μπότσαρης", "botsaris"),
            ("Χατζημπέης", "chatzimpeis"),
            ("Ψυχάρης", "psycharis"),
            ("Μαΐου", "maiou"),
        ] {
            assert_eq!(romanised(name), expected, "{name}");
        }
    }
}
