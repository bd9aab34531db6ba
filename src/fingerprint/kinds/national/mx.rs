//! Mexican population registry codes (Clave Única de Registro de Población).
//!
//! RENAPO, "Instructivo Normativo para la Asignación de la CURP": four letters of
//! the names, year, month and day of birth, the sex, the state of birth (NE:
//! abroad), three consonants of the names, a character that tells people apart who
//! have all that in common, a check digit. That character is a digit for
//! those born before 2000, a letter for all others, and tells the century.
//!
//! The sex is H or M; X is given since 2023. Four letters that would be a word of
//! the annex of inconvenient words are never given: their second letter becomes X.

use super::super::rules::{compact, part};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static CURP: Kind = Kind {
    name: "mx-curp",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eighteen characters, upper case",
    check: "a real date, a sex, a state; no inconvenient word; check digit (mod 10)",
    source: "RENAPO, Instructivo Normativo para la Asignación de la CURP",
    // The instruction's own example is born in 1963 and lacks its check digit.
    example: "AAPR630321HDFLRC09",
    headings: &[
        "curp",
        "clavecurp",
        "claveúnicaderegistrodepoblación",
        "claveunicaderegistrodepoblacion",
    ],
    shape: Shape::Code {
        layouts: &[
            "AAAA999999AAAAAA*9",
            "AAAA-999999-AAAAAA-*9",
            "AAAA-999999-AAAAAA*9",
        ],
    },
    // Names, days of two centuries, sexes, states, consonants, and the character
    // before the check digit: one of ten in the one century, of 26 in the other.
    space: Some(456_976.0 * 36_525.0 * 3.0 * 33.0 * 17_576.0 * 36.0),
    rate: None,
    born: Some(born),
    canonical,
};

/// The states of birth, and NE for other countries.
const STATES: [[u8; 2]; 33] = [
    *b"AS", *b"BC", *b"BS", *b"CC", *b"CH", *b"CL", *b"CM", *b"CS", *b"DF", *b"DG", *b"GR", *b"GT",
    *b"HG", *b"JC", *b"MC", *b"MN", *b"MS", *b"NE", *b"NL", *b"NT", *b"OC", *b"PL", *b"QR", *b"QT",
    *b"SL", *b"SP", *b"SR", *b"TC", *b"TL", *b"TS", *b"VZ", *b"YN", *b"ZS",
];

/// The annex of inconvenient words, in alphabetic order.
const WORDS: [[u8; 4]; 81] = [
    *b"BACA", *b"BAKA", *b"BUEI", *b"BUEY", *b"CACA", *b"CACO", *b"CAGA", *b"CAGO", *b"CAKA",
    *b"CAKO", *b"COGE", *b"COGI", *b"COJA", *b"COJE", *b"COJI", *b"COJO", *b"COLA", *b"CULO",
    *b"FALO", *b"FETO", *b"GETA", *b"GUEI", *b"GUEY", *b"JETA", *b"JOTO", *b"KACA", *b"KACO",
    *b"KAGA", *b"KAGO", *b"KAKA", *b"KAKO", *b"KOGE", *b"KOGI", *b"KOJA", *b"KOJE", *b"KOJI",
    *b"KOJO", *b"KOLA", *b"KULO", *b"LILO", *b"LOCA", *b"LOCO", *b"LOKA", *b"LOKO", *b"MAME",
    *b"MAMO", *b"MEAR", *b"MEAS", *b"MEON", *b"MIAR", *b"MION", *b"MOCO", *b"MOKO", *b"MULA",
    *b"MULO", *b"NACA", *b"NACO", *b"PEDA", *b"PEDO", *b"PENE", *b"PIPI", *b"PITO", *b"POPO",
    *b"PUTA", *b"PUTO", *b"QULO", *b"RATA", *b"ROBA", *b"ROBE", *b"ROBO", *b"RUIN", *b"SENO",
    *b"TETA", *b"VACA", *b"VAGA", *b"VAGO", *b"VAKA", *b"VUEI", *b"VUEY", *b"WUEI", *b"WUEY",
];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let compact = compact::<18>(text)?;
    let code = <[u8; 18]>::try_from(compact.bytes());
    let code = code.map_err(|_| Unusable("not eighteen characters"))?;
    if !has_shape(&code) {
        return Err(Unusable("letters and digits are not where they belong"));
    }
    let [a, b, c, d, _, _, _, _, _, _, sex, state, of, ..] = code;
    if born(compact.text()).is_none() {
        return Err(Unusable("there is no such date"));
    }
    if !matches!(sex, b'H' | b'M' | b'X') {
        return Err(Unusable("the sex is not H, M or X"));
    }
    if !STATES.contains(&[state, of]) {
        return Err(Unusable("there is no such state"));
    }
    if !check_fits(&code) {
        return Err(Unusable("the check digit does not fit"));
    }
    if WORDS.binary_search(&[a, b, c, d]).is_ok() {
        return Err(Unusable("it begins with a word that is not given"));
    }
    emit(compact.text(), Variant::Exact);
    Ok(())
}

/// Whether `code` has letters and digits where they belong.
fn has_shape(code: &[u8; 18]) -> bool {
    code.iter().enumerate().all(|(at, byte)| match at {
        0..4 | 10..16 => byte.is_ascii_uppercase(),
        16 => true,
        _ => byte.is_ascii_digit(),
    })
}

/// Whether the sum of all characters, each times its place from the end, ends in 0.
fn check_fits(code: &[u8; 18]) -> bool {
    let values = code.iter().map(|byte| match byte {
        b'A'..=b'N' => u32::from(byte - b'A') + 10,
        // Ñ stands between N and O, though no code holds it.
        b'O'..=b'Z' => u32::from(byte - b'A') + 11,
        _ => u32::from(byte.wrapping_sub(b'0')),
    });
    let sum: u32 = (1..=18)
        .rev()
        .zip(values)
        .map(|(place, value)| place * value)
        .sum();
    sum.is_multiple_of(10)
}

/// The date of birth that the canonical form `code` tells.
fn born(code: &str) -> Option<Date> {
    let code = code.as_bytes();
    let century = if code.get(16)?.is_ascii_digit() {
        1900
    } else {
        2000
    };
    let two = |from| u8::try_from(part(code, from..from + 2)).ok();
    Date::new(century + u16::from(two(4)?), two(6)?, two(8)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_annex_is_in_order_and_whole() {
        assert!(WORDS.is_sorted() && STATES.is_sorted());
        // Thirty-two states, and abroad.
        assert_eq!((WORDS.len(), STATES.len()), (81, 33));
    }

    #[test]
    fn the_character_before_the_check_digit_tells_the_century() {
        assert_eq!(born("AAPR630321HDFLRC09"), Date::new(1963, 3, 21));
        assert_eq!(born("PEGL000229MJCRMSA4"), Date::new(2000, 2, 29));
        assert_eq!(born("PEGL000229MJCRMS04"), None);
    }
}
