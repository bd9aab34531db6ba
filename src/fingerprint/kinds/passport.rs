//! Travel documents, by their machine-readable zone.
//!
//! ICAO Doc 9303, eighth edition, parts 4 (TD3, passports: two lines of 44), 5 (TD1,
//! cards: three of 30) and 6 (TD2: two of 36); part 3, section 4.9, has the check
//! digits. All of them are checked: those of the number, the birth, the expiry, of
//! the optional data of TD3, and the one of them all. A number of more than nine
//! characters goes on in the optional data of TD1 and TD2, behind a filler instead of
//! its check digit.
//!
//! The canonical form is the issuing state without fillers, a space and the number
//! without fillers. The space is there because states have one letter or three:
//! `D` and `ABC123456` is not `DAB` and `C123456`.
//!
//! The second line of TD2 and TD3 is enough to check all but the state. Where it
//! stands alone the nationality is read as the state: nearly always it is.

use super::rules::{compact, part};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(super) static KIND: Kind = Kind {
    name: "passport",
    profile: 1,
    family: Family::Document,
    strength: Strength::Strong,
    canonical_form: "issuing state, a space, number; upper case, without fillers",
    check: "all check digits of the zone; in lists also a state and a number",
    source: "ICAO Doc 9303, parts 3 to 6",
    example: "UTO L898902C3",
    headings: &[
        "passportnumber",
        "passportno",
        "mrz",
        "machinereadablezone",
        "traveldocument",
        "passi",
        "passinumero",
        "passnummer",
    ],
    shape: Shape::Zone {
        sample: "L898902C36UTO7408122F1204159ZE184226B1234508",
    },
    // Five check digits: what passes them by chance is no longer a matter of lists.
    space: None,
    rate: None,
    born: None,
    canonical,
};

/// Characters of the longest zone: TD1.
const LONGEST: usize = 90;
/// Characters of a state and the longest number, with the space between them.
const FORM: usize = 3 + 1 + 9 + 15;

const NEITHER: Unusable =
    Unusable("neither a machine-readable zone nor a state and a number, such as UTO L898902C3");
const CHECK: Unusable = Unusable("a check digit of the zone does not fit");

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let mut zone = [0; LONGEST];
    let mut length = 0;
    let is_zone = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .all(|byte| {
            let place = zone.get_mut(length);
            length += 1;
            place
                .map(|place| *place = byte.to_ascii_uppercase())
                .is_some()
                && (byte.is_ascii_alphanumeric() || byte == b'<')
        });
    if !is_zone || length < 36 {
        return written(text, emit);
    }
    let zone = zone.get(..length).unwrap_or_default();
    let (above, line) = match length {
        90 => zone.split_at(30),
        60 | 72 | 88 => zone.split_at(length / 2),
        36 | 44 => zone.split_at(0),
        _ => return Err(Unusable("not as long as a machine-readable zone")),
    };
    if above.len() == 30 {
        return card(above, line.get(..30).unwrap_or_default(), emit);
    }
    booklet(above, line, emit)
}

/// A zone of TD2 or TD3, of which the upper line may be missing.
fn booklet(above: &[u8], line: &[u8], emit: Emit<'_>) -> Result<(), Unusable> {
    let field = |from, to| field(line, from, to);
    let end = line.len() - 1;
    check_dates(field(13, 19), field(21, 27))?;
    let composite = [field(0, 10), field(13, 20), field(21, end)];
    let fits = digit_fits(&[field(13, 19)], line.get(19))
        && digit_fits(&[field(21, 27)], line.get(27))
        && digit_fits(&composite, line.get(end));
    if !fits {
        return Err(CHECK);
    }
    let number = if line.len() == 44 {
        // Nothing in the optional data: a zero or a filler.
        let optional = field(28, 42);
        let is_empty = optional.iter().all(|byte| *byte == b'<') && line.get(42) == Some(&b'<');
        if !is_empty && !digit_fits(&[optional], line.get(42)) {
            return Err(CHECK);
        }
        number(field(0, 9), line.get(9), &[])?
    } else {
        number(field(0, 9), line.get(9), field(28, end))?
    };
    let state = if above.is_empty() {
        field(10, 13)
    } else {
        if !above.first().is_some_and(u8::is_ascii_alphabetic) {
            return Err(Unusable("the zone does not begin with a letter"));
        }
        above.get(2..5).unwrap_or_default()
    };
    give(state, number, emit)
}

/// The two upper lines of a zone of TD1.
fn card(above: &[u8], line: &[u8], emit: Emit<'_>) -> Result<(), Unusable> {
    check_dates(field(line, 0, 6), field(line, 8, 14))?;
    let composite = [
        field(above, 5, 30),
        field(line, 0, 7),
        field(line, 8, 15),
        field(line, 18, 29),
    ];
    let fits = digit_fits(&[field(line, 0, 6)], line.get(6))
        && digit_fits(&[field(line, 8, 14)], line.get(14))
        && digit_fits(&composite, line.get(29));
    if !fits {
        return Err(CHECK);
    }
    if !above.first().is_some_and(u8::is_ascii_alphabetic) {
        return Err(Unusable("the zone does not begin with a letter"));
    }
    let number = number(field(above, 5, 14), above.get(14), field(above, 15, 30))?;
    give(field(above, 2, 5), number, emit)
}

fn field(line: &[u8], from: usize, to: usize) -> &[u8] {
    line.get(from..to).unwrap_or_default()
}

/// The two parts of a number, of which the second one is nearly always empty, if its
/// check digit fits.
fn number<'a>(
    first: &'a [u8],
    check: Option<&u8>,
    optional: &'a [u8],
) -> Result<[&'a [u8]; 2], Unusable> {
    if check != Some(&b'<') || optional.is_empty() {
        let fits = digit_fits(&[first], check);
        return fits.then_some([first, &[]]).ok_or(CHECK);
    }
    let end = optional.iter().position(|byte| *byte == b'<');
    let more = optional.get(..end.unwrap_or(optional.len()));
    let (check, second) = more.and_then(<[u8]>::split_last).ok_or(CHECK)?;
    let fits = digit_fits(&[first, second], Some(check));
    fits.then_some([first, second]).ok_or(CHECK)
}

/// Whether `digit` is the check digit of all `parts` together: weights 7, 3, 1 over
/// the values of the characters, modulo ten (part 3, section 4.9).
fn digit_fits(parts: &[&[u8]], digit: Option<&u8>) -> bool {
    let characters = parts.iter().copied().flatten();
    let sum: u32 = characters
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(byte, weight)| weight * char::from(*byte).to_digit(36).unwrap_or(0))
        .sum();
    digit.and_then(|digit| char::from(*digit).to_digit(10)) == Some(sum % 10)
}

/// Checks that two dates of six digits can be dates; the year is that of no century.
fn check_dates(born: &[u8], expires: &[u8]) -> Result<(), Unusable> {
    let is_date = |date: &[u8]| {
        date.iter().all(u8::is_ascii_digit)
            && (1..=12).contains(&part(date, 2..4))
            && (1..=31).contains(&part(date, 4..6))
    };
    if is_date(born) && is_date(expires) {
        return Ok(());
    }
    Err(Unusable("the zone has no such date"))
}

fn give(state: &[u8], number: [&[u8]; 2], emit: Emit<'_>) -> Result<(), Unusable> {
    let letters = state.iter().take_while(|byte| byte.is_ascii_alphabetic());
    let letters = letters.count();
    let fillers = state.iter().skip(letters);
    if letters == 0 || !fillers.copied().all(|byte| byte == b'<') {
        return Err(Unusable("the zone names no state"));
    }
    let mut form = [b' '; FORM];
    let mut length = 0;
    let [first, second] = number;
    let characters = [state, b" ", first, second].into_iter().flatten();
    for byte in characters.filter(|byte| **byte != b'<') {
        *form.get_mut(length).ok_or(NEITHER)? = *byte;
        length += 1;
    }
    if length < letters + 2 {
        return Err(Unusable("the zone has no number"));
    }
    let form = std::str::from_utf8(form.get(..length).unwrap_or_default());
    emit(form.map_err(|_| NEITHER)?, Variant::Exact);
    Ok(())
}

/// A state and a number, as people write them in lists.
fn written(text: &str, emit: Emit<'_>) -> Result<(), Unusable> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (state, rest) = text.split_at_checked(letters).ok_or(NEITHER)?;
    let behind = rest.trim_start_matches([' ', '-', '/', '.', ':', ',', '<']);
    // Not glued: nobody could say where the state ends. Germany alone has one letter.
    let is_state = letters == 3 || state.eq_ignore_ascii_case("D");
    if !is_state || behind.len() == rest.len() {
        return Err(NEITHER);
    }
    let number = compact::<24>(behind).map_err(|_| NEITHER)?;
    if number.bytes().len() < 5 || !number.bytes().iter().any(u8::is_ascii_digit) {
        return Err(Unusable(
            "not a number of at least five characters with a digit",
        ));
    }
    let mut form = [b' '; FORM];
    let state = state.bytes().map(|byte| byte.to_ascii_uppercase());
    let characters = state.chain([b' ']).chain(number.bytes().iter().copied());
    let mut length = 0;
    for (place, byte) in form.iter_mut().zip(characters) {
        *place = byte;
        length += 1;
    }
    let form = std::str::from_utf8(form.get(..length).unwrap_or_default());
    emit(form.map_err(|_| NEITHER)?, Variant::Exact);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::forms;
    use super::*;

    const UPPER: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
    const LOWER: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

    fn read(text: &str) -> Result<String, &'static str> {
        forms(&KIND, text, &[]).map(|forms| forms[0].0.clone())
    }

    #[test]
    fn lines_may_stand_under_each_other() {
        for text in [
            format!("{UPPER}\n{LOWER}"),
            format!("{UPPER}\r\n{LOWER}\r\n"),
            format!("{UPPER} {LOWER}"),
            format!("{UPPER}{LOWER}").to_lowercase(),
            LOWER.replace('<', "< "),
        ] {
            assert_eq!(read(&text).as_deref(), Ok("UTO L898902C3"), "{text}");
        }
        let card = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<";
        assert_eq!(read(card).as_deref(), Ok("UTO D23145890"));
    }

    #[test]
    fn each_changed_digit_is_noticed() {
        for at in LOWER
            .bytes()
            .enumerate()
            .filter(|(_, byte)| byte.is_ascii_digit())
        {
            let mut changed = LOWER.as_bytes().to_vec();
            changed[at.0] = if at.1 == b'9' { b'0' } else { at.1 + 1 };
            let changed = String::from_utf8(changed).unwrap();
            assert!(read(&changed).is_err(), "{changed}");
        }
    }

    #[test]
    fn the_issuing_state_is_read_where_it_stands() {
        let of_another = UPPER.replace("UTO", "D<<");
        assert_eq!(
            read(&format!("{of_another}{LOWER}")).as_deref(),
            Ok("D L898902C3")
        );
    }

    #[test]
    fn the_sample_is_read_as_the_example() {
        assert_eq!(read(KIND.sample()).as_deref(), Ok(KIND.example));
    }
}
