//! Months by their names.
//!
//! The calendars of the Unicode CLDR (release 46) for English, Finnish, Swedish,
//! Norwegian, Danish, German, Estonian, Dutch, French and Spanish: full names and
//! what they are cut to; Finnish ones also in the partitive, as dates have them.

/// Letters of the longest name, and a few more.
const LONGEST: usize = 16;

/// The month and where the year begins, when what follows the day, which ends at
/// `at`, is a month's name and something else than letters.
#[inline]
pub(super) fn behind_day(text: &str, at: usize) -> Option<(u16, usize)> {
    let bytes = text.as_bytes();
    let next = *bytes.get(at)?;
    // Most numbers are not followed by what follows a day.
    if !matches!(next, b' ' | b'.' | b'-' | b'/' | 0x80..) && !next.is_ascii_alphabetic() {
        return None;
    }
    let at = behind_marks(bytes, behind_ordinal(bytes, at));
    let (word, end) = Word::at(text, behind_filler(bytes, at));
    let behind = behind_marks(bytes, end);
    let behind = behind_filler(bytes, behind);
    // A name is looked up only where a year stands behind it.
    let is_date = behind > end && bytes.get(behind).is_some_and(u8::is_ascii_digit);
    is_date
        .then(|| month(word.text()))
        .flatten()
        .zip(Some(behind))
}

/// Where the month's name begins that stands before the day at `at`, and which it is.
pub(super) fn before(text: &str, at: usize) -> Option<(usize, u16)> {
    let head = text.as_bytes().get(..at)?;
    let marks = head.iter().rev().take_while(|byte| is_mark(**byte)).count();
    let end = at - marks;
    if !(1..=2).contains(&marks) {
        return None;
    }
    let mut letters = text.get(..end)?.char_indices().rev();
    let mut start = end;
    for (place, c) in letters.by_ref().take(LONGEST + 1) {
        if !c.is_alphabetic() {
            // Glued to a digit it is no word.
            return month_at(text, start, end).filter(|_| !c.is_alphanumeric());
        }
        start = place;
    }
    month_at(text, start, end).filter(|_| start == 0)
}

fn month_at(text: &str, start: usize, end: usize) -> Option<(usize, u16)> {
    let (word, behind) = Word::at(text, start);
    let month = month(word.text()).filter(|_| behind == end)?;
    Some((start, month))
}

/// Where the sign of an ordinal number ends that begins at `at`: `13th`, `1er`.
pub(super) fn behind_ordinal(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let signs: [&[u8]; 7] = [b"st", b"nd", b"rd", b"th", b"er", "º".as_bytes(), b"."];
    let sign = signs.iter().find(|sign| {
        let start = rest.get(..sign.len()).unwrap_or_default();
        start.eq_ignore_ascii_case(sign)
    });
    at + sign.map_or(0, |sign| sign.len())
}

/// Where up to two blanks, commas, dots, dashes and slashes end that begin at `at`.
pub(super) fn behind_marks(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .take(2)
        .take_while(|byte| is_mark(**byte))
        .count()
}

fn is_mark(byte: u8) -> bool {
    matches!(byte, b' ' | b',' | b'.' | b'-' | b'/')
}

/// Where `de `, `del ` or `of ` ends that begins at `at`.
fn behind_filler(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let fillers: [&[u8]; 3] = [b"de ", b"del ", b"of "];
    let filler = fillers.iter().find(|filler| {
        let start = rest.get(..filler.len()).unwrap_or_default();
        start.eq_ignore_ascii_case(filler)
    });
    at + filler.map_or(0, |filler| filler.len())
}

/// A word in lower case, without the marks that names of months have.
struct Word {
    letters: [u8; LONGEST],
    length: usize,
}

impl Word {
    /// The word that begins at `at`, and where it ends.
    fn at(text: &str, at: usize) -> (Self, usize) {
        let mut word = Self {
            letters: [0; LONGEST],
            length: 0,
        };
        let mut end = at;
        for c in text.get(at..).unwrap_or_default().chars().take(LONGEST) {
            let letter = match c {
                'a'..='z' | 'A'..='Z' => c.to_ascii_lowercase(),
                'ä' | 'Ä' => 'a',
                'é' | 'É' => 'e',
                'û' | 'Û' | 'ü' | 'Ü' => 'u',
                'ö' | 'Ö' => 'o',
                _ => break,
            };
            if let Some(room) = word.letters.get_mut(word.length) {
                *room = u8::try_from(letter).unwrap_or_default();
            }
            word.length += 1;
            end += c.len_utf8();
        }
        (word, end)
    }

    fn text(&self) -> &str {
        let letters = self.letters.get(..self.length).unwrap_or_default();
        std::str::from_utf8(letters).unwrap_or_default()
    }
}

#[rustfmt::skip]
fn month(name: &str) -> Option<u16> {
    // Finnish: `lokakuuta`, `lokakuun`.
    let name = match name.split_once("kuu") {
        Some((_, "" | "ta" | "n")) => name.get(..name.find("kuu")?)?,
        _ => name,
    };
    Some(match name {
        "january" | "januari" | "januar" | "janner" | "janvier" | "enero" | "jaanuar" | "tammi"
        | "jan" | "janv" | "ene" | "jaan" => 1,
        "february" | "februari" | "februar" | "fevrier" | "febrero" | "veebruar" | "helmi"
        | "feb" | "febr" | "fev" | "fevr" | "veebr" => 2,
        "march" | "mars" | "marts" | "marz" | "maerz" | "maart" | "marzo" | "maalis" | "mar"
        | "mrt" | "mrz" => 3,
        "april" | "avril" | "abril" | "aprill" | "huhti" | "apr" | "avr" | "abr" => 4,
        "may" | "maj" | "mai" | "mei" | "mayo" | "touko" => 5,
        "june" | "juni" | "juin" | "junio" | "juuni" | "kesa" | "jun" => 6,
        "july" | "juli" | "juillet" | "julio" | "juuli" | "heina" | "jul" | "juil" => 7,
        "august" | "augusti" | "augustus" | "aout" | "agosto" | "elo" | "aug" | "ago" => 8,
        "september" | "septembre" | "septiembre" | "setiembre" | "syys" | "sep" | "sept" => 9,
        "october" | "oktober" | "octobre" | "octubre" | "oktoober" | "loka" | "oct" | "okt" => 10,
        "november" | "novembre" | "noviembre" | "marras" | "nov" => 11,
        "december" | "desember" | "dezember" | "decembre" | "diciembre" | "detsember" | "joulu"
        | "dec" | "des" | "dez" | "dic" | "dets" => 12,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_twelve_months_in_ten_languages() {
        // CLDR 46, months in the form that dates have, and abbreviated ones.
        let calendars = [
            "January February March April May June July August September October November December",
            "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
            "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
            "januari februari mars april maj juni juli augusti september oktober november december",
            "januar februar mars april mai juni juli august september oktober november desember",
            "januar februar marts april maj juni juli august september oktober november december",
            "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
            "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
            "januari februari maart april mei juni juli augustus september oktober november december",
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        ];
        for calendar in calendars {
            let months = calendar.split(' ').map(|name| {
                let (word, end) = Word::at(name, 0);
                assert_eq!(end, name.len(), "{name}");
                month(word.text())
            });
            assert!(months.eq((1..=12).map(Some)), "{calendar}");
        }
        assert_eq!(month("tammikuu"), Some(1));
        assert_eq!(month("tammikuun"), Some(1));
        for word in ["", "kuu", "tammikuuhun", "octo", "marchs", "juillets"] {
            assert_eq!(month(word), None, "{word}");
        }
    }
}
