//! People: two parts of a name and a date of birth.
//!
//! No register publishes a rule: this one is the project's own. Any two parts of
//! a name, folded ([`fold_name`](crate::base::fold_name)), in byte order, and the
//! date of birth as in ISO 8601 make a canonical form, so that `VIRTANEN, Anna`
//! meets `Anna Maria Virtanen`. Initials are no parts. It has no check digit: a
//! match is as good as the chance that two people share it.
//!
//! On the list's side a name gives few pairs, those with a part of the family
//! name; on the leak's side every pair of words that stand in a record with a
//! date is tried, so the list decides what can be found.

use crate::base::{
    Date, Emit, Family, Kind, Readings, Regions, Shape, Strength, Unusable, Variant, name_parts,
};

use super::national::fi::HETU;

pub(super) static KIND: Kind = Kind {
    name: "person",
    profile: 1,
    family: Family::Composite,
    strength: Strength::Compound,
    canonical_form: "two folded name parts in byte order, then the ISO date of birth",
    check: "two name parts; a real date from 1880 on",
    source: "this project; Unicode NFKD for the folding",
    example: "anna virtanen 1952-10-13",
    headings: &[],
    shape: Shape::Person,
    space: None,
    born: None,
    canonical,
};

/// Words that stand before a family name and are none by themselves.
const PARTICLES: &[&str] = &[
    "af", "av", "da", "das", "de", "del", "della", "den", "der", "di", "dos", "du", "la", "le",
    "ten", "ter", "van", "von", "vom", "zu", "zum", "zur",
];

/// Bytes of a name that are read; more is no name.
const NAME: usize = 1024;

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let text = text.trim();
    let (name, date) = text
        .rsplit_once(|c: char| c.is_whitespace() || c == ',')
        .ok_or(Unusable("not a name and a date of birth"))?;
    let dates = dates(date).ok_or(Unusable("the text ends in no date of birth"))?;
    let mut forms = Vec::new();
    for date in dates.into_iter().flatten() {
        forms.extend(all_pairs(name, &date.to_string()));
    }
    if forms.is_empty() {
        return Err(Unusable("fewer than two parts of a name"));
    }
    for form in forms {
        emit(&form, Variant::Exact);
    }
    Ok(())
}

/// What a date, or the date in a valid identity code, can mean.
fn dates(text: &str) -> Option<Readings> {
    Date::readings(text).or_else(|| {
        let mut born = None;
        let valid = (HETU.canonical)(text, &Regions::default(), &mut |code, _| {
            born = HETU.born.and_then(|born| born(code));
        });
        valid.ok().map(|()| [born, None])
    })
}

/// The canonical forms of somebody whose given and family names are known: every
/// given name with every part of the family name.
///
/// `date` is the date of birth as in ISO 8601; if it is no date, there is none.
pub fn pairs(given: &str, family: &str, date: &str) -> Vec<String> {
    let given = parts(&words(given));
    let family = parts(&without_particles(words(family)));
    let mut forms = Forms::new(date);
    for one in &given {
        for other in &family {
            forms.add(one, other);
        }
    }
    forms.finish()
}

/// The canonical forms of somebody whose whole name stands in one text.
///
/// Before a comma stands the family name. Without one, the family name is the
/// first or the last word, so every pair with a part of either is given.
/// `date` is as in [`pairs`].
pub fn pairs_of_name(name: &str, date: &str) -> Vec<String> {
    if let Some((family, given)) = name.split_once(',')
        && !words(given).is_empty()
    {
        return pairs(given, family, date);
    }
    let words = without_particles(words(name));
    let [first, .., last] = words.as_slice() else {
        return Vec::new();
    };
    let mut forms = Forms::new(date);
    for (at, word) in words.iter().enumerate() {
        for outer in [(0, first), (words.len() - 1, last)] {
            if outer.0 != at {
                forms.add_words(outer.1, word);
            }
        }
    }
    forms.finish()
}

/// Every canonical form that a list can hold for that name, whichever of its
/// columns it was made from. `date` is as in [`pairs`].
pub fn all_pairs(name: &str, date: &str) -> Vec<String> {
    let words = words(name);
    let mut forms = Forms::new(date);
    for (at, one) in words.iter().enumerate() {
        for other in words.iter().skip(at + 1) {
            forms.add_words(one, other);
        }
    }
    forms.finish()
}

/// Distinct canonical forms, in the order in which they came up.
struct Forms {
    date: Option<Date>,
    forms: Vec<String>,
}

impl Forms {
    fn new(date: &str) -> Self {
        Self {
            date: Date::iso(date),
            forms: Vec::new(),
        }
    }

    fn add(&mut self, one: &str, other: &str) {
        let Some(date) = self.date else { return };
        let (low, high) = if one <= other {
            (one, other)
        } else {
            (other, one)
        };
        let form = format!("{low} {high} {date}");
        if !self.forms.contains(&form) {
            self.forms.push(form);
        }
    }

    fn add_words(&mut self, one: &str, other: &str) {
        let others = parts(&[other]);
        for one in parts(&[one]) {
            for other in &others {
                self.add(&one, other);
            }
        }
    }

    fn finish(self) -> Vec<String> {
        self.forms
    }
}

/// The words of a name that have parts, at most 32 of them.
fn words(name: &str) -> Vec<&str> {
    let name = name.get(..NAME).unwrap_or(name);
    let ends = |c: char| c.is_whitespace() || ",.;_()\"".contains(c);
    name.split(ends)
        .filter(|word| !parts(&[word]).is_empty())
        .take(32)
        .collect()
}

/// `words` without particles, unless there is nothing else.
fn without_particles(words: Vec<&str>) -> Vec<&str> {
    let is_particle = |word: &&str| PARTICLES.contains(&word.to_lowercase().as_str());
    if words.iter().all(is_particle) {
        return words;
    }
    words
        .into_iter()
        .filter(|word| !is_particle(word))
        .collect()
}

fn parts(words: &[&str]) -> Vec<String> {
    let (mut parts, mut folded) = (Vec::new(), String::new());
    for word in words {
        name_parts(word, &mut folded, |part| parts.push(part.to_owned()));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::forms;
    use super::*;

    const BORN: &str = "1952-10-13";

    fn read(text: &str) -> Result<Vec<String>, &'static str> {
        forms(&KIND, text, &[]).map(|forms| forms.into_iter().map(|form| form.0).collect())
    }

    #[test]
    fn spellings_of_a_person_meet() {
        for text in [
            "Anna Virtanen 1952-10-13",
            "VIRTANEN, Anna 13.10.1952",
            "Virtanen Anna, 13/10/1952",
            "virtanen anna,19521013",
            "Änna Virtanen 131052-308T",
            "A. Anna Virtanen 1952-10-13",
        ] {
            assert_eq!(read(text).unwrap(), ["anna virtanen 1952-10-13"], "{text}");
        }
    }

    #[test]
    fn both_readings_of_an_open_date_are_given() {
        assert_eq!(
            read("Anna Virtanen 1/2/1952").unwrap(),
            ["anna virtanen 1952-02-01", "anna virtanen 1952-01-02"]
        );
    }

    #[test]
    fn what_lacks_a_name_or_a_date_is_refused() {
        for text in [
            "",
            "Anna",
            "Anna Virtanen",
            "Virtanen 1952-10-13",
            "A V 1952-10-13",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        for text in ["Anna Virtanen 29.2.1951", "Anna Virtanen 131052-308S"] {
            assert_eq!(read(text), Err("the text ends in no date of birth"));
        }
    }

    #[test]
    fn given_names_go_with_parts_of_the_family_name() {
        assert_eq!(
            pairs("Anna Liisa", "Virtanen-Korhonen", BORN),
            [
                "anna virtanenkorhonen 1952-10-13",
                "anna virtanen 1952-10-13",
                "anna korhonen 1952-10-13",
                "liisa virtanenkorhonen 1952-10-13",
                "liisa virtanen 1952-10-13",
                "korhonen liisa 1952-10-13",
            ]
        );
        assert_eq!(
            pairs("Carl", "von Döbeln", BORN),
            ["carl dobeln 1952-10-13"]
        );
        assert_eq!(pairs("Anna", "Von", BORN), ["anna von 1952-10-13"]);
        assert_eq!(pairs("Anna", "V.", BORN), [""; 0]);
        assert_eq!(pairs("Anna", "Virtanen", "13.10.1952"), [""; 0]);
    }

    #[test]
    fn the_family_name_stands_first_or_last_or_before_a_comma() {
        assert_eq!(
            pairs_of_name("Virtanen Korhonen, Anna", BORN),
            ["anna virtanen 1952-10-13", "anna korhonen 1952-10-13"]
        );
        assert_eq!(
            pairs_of_name("Anna Virtanen", BORN),
            ["anna virtanen 1952-10-13"]
        );
        assert_eq!(
            pairs_of_name("Anna Maria Liisa Virtanen", BORN),
            [
                "anna virtanen 1952-10-13",
                "anna maria 1952-10-13",
                "maria virtanen 1952-10-13",
                "anna liisa 1952-10-13",
                "liisa virtanen 1952-10-13",
            ]
        );
        assert_eq!(
            pairs_of_name("Carl von Döbeln", BORN),
            ["carl dobeln 1952-10-13"]
        );
        assert_eq!(pairs_of_name("Anna", BORN), [""; 0]);
    }

    #[test]
    fn all_pairs_hold_whatever_a_list_can_hold() {
        for (given, family) in [("Anna Maria", "Virtanen-Korhonen"), ("Carl", "von Döbeln")] {
            for name in [format!("{given} {family}"), format!("{family}, {given}")] {
                let all = all_pairs(&name, BORN);
                for form in pairs(given, family, BORN)
                    .into_iter()
                    .chain(pairs_of_name(&name, BORN))
                {
                    assert!(all.contains(&form), "{form}");
                }
            }
        }
    }
}
