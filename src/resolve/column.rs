//! Says what a column of a list holds, by its heading.

use std::fmt;
use std::str::FromStr;

use super::Error;
use super::headings::{NATIONAL, QUALIFIERS, USUAL};
use crate::base::{Family, Kind};
use crate::fingerprint::kinds;

/// Headings that are shown in an error, and characters of each.
const SHOWN: usize = 20;
const SHOWN_CHARACTERS: usize = 40;
/// A heading with as many digits is more likely a number of somebody.
const DIGITS_OF_DATA: usize = 6;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The organisation's own key of a row.
    Ref,
    /// A whole name.
    Name,
    /// Given names.
    FirstName,
    /// Family names.
    LastName,
    /// A date of birth.
    DateOfBirth,
    /// Street and house number, or a whole address.
    Street,
    /// A house number.
    HouseNumber,
    /// A postcode.
    Postcode,
    /// An identifier.
    Kind(&'static Kind),
    /// Nothing that is to be read.
    Ignore,
}

impl Role {
    /// The role that `name` stands for: `ref`, `name`, `first_name`, `last_name`,
    /// `date_of_birth`, `street`, `house_number`, `postcode`, `ignore`, or a kind's
    /// name, with `_` or `-`.
    pub fn named(name: &str) -> Option<Self> {
        Self::named_in(name, kinds::ALL)
    }

    fn named_in(name: &str, registry: &[&'static Kind]) -> Option<Self> {
        let name = fold(name);
        Some(match name.as_str() {
            "ref" => Self::Ref,
            "name" => Self::Name,
            "firstname" => Self::FirstName,
            "lastname" => Self::LastName,
            "dateofbirth" => Self::DateOfBirth,
            "street" => Self::Street,
            "housenumber" => Self::HouseNumber,
            "postcode" => Self::Postcode,
            "ignore" => Self::Ignore,
            _ => Self::Kind(registry.iter().find(|kind| fold(kind.name) == name)?),
        })
    }

    /// The name that stands for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ref => "ref",
            Self::Name => "name",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::DateOfBirth => "date_of_birth",
            Self::Street => "street",
            Self::HouseNumber => "house_number",
            Self::Postcode => "postcode",
            Self::Kind(kind) => kind.name,
            Self::Ignore => "ignore",
        }
    }

    /// What a column under `heading` holds; the digits of `email2` count for
    /// nothing.
    fn of_heading(heading: &str, registry: &[&'static Kind]) -> Option<Self> {
        let folded = fold(heading);
        let without_digits = folded.trim_end_matches(|c: char| c.is_ascii_digit());
        Self::of_folded(&folded, registry)
            .or_else(|| Self::of_folded(without_digits, registry))
            .or_else(|| Self::of_words(heading, registry))
    }

    /// The same for `Work e-mail (required)` and `Puhelin / GSM`: every part, without
    /// the words that qualify it, must mean the same.
    fn of_words(heading: &str, registry: &[&'static Kind]) -> Option<Self> {
        let mut role = None;
        for part in heading.split(['(', ')', '[', ']', '/']) {
            let words = part.split(|c: char| !c.is_alphanumeric()).map(fold);
            let words: String = words
                .filter(|word| !QUALIFIERS.contains(&word.as_str()))
                .collect();
            let word = words.trim_end_matches(|c: char| c.is_ascii_digit());
            if word.is_empty() {
                continue;
            }
            let of_part = Self::of_folded(word, registry)?;
            if role.is_some_and(|role| role != of_part) {
                return None;
            }
            role = Some(of_part);
        }
        role
    }

    fn of_folded(folded: &str, registry: &[&'static Kind]) -> Option<Self> {
        if folded == "ignore" {
            return None;
        }
        // A column "person" holds names more often than names with dates: kinds
        // that are put together from a record are read from no heading of their
        // own, and from the usual ones of addresses.
        let single: Vec<&'static Kind> = registry
            .iter()
            .copied()
            .filter(|kind| kind.family != Family::Composite)
            .collect();
        let is_listed = |kind: &&&'static Kind| kind.headings.iter().any(|of| fold(of) == folded);
        let named = Self::named_in(folded, &single);
        let usual = || USUAL.iter().find(|(_, usual)| usual.contains(&folded));
        // Kinds of the regions stand first, and without any the Finnish one.
        let national = || {
            let of_a_country = single.iter().find(|kind| kind.country().is_some());
            match of_a_country {
                Some(kind) => Some(Self::Kind(kind)),
                None => Self::named_in("fi_hetu", registry),
            }
        };
        if named.is_none() && NATIONAL.contains(&folded) {
            return national();
        }
        named
            .or_else(|| usual().and_then(|(role, _)| Self::named_in(role, registry)))
            .or_else(|| single.iter().find(is_listed).map(|kind| Self::Kind(kind)))
    }
}

/// What `--column HEADER=KIND` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The heading in the file; case, spaces and punctuation count for nothing.
    pub heading: String,
    /// What the column holds.
    pub role: Role,
}

impl FromStr for Naming {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text, &[])
    }
}

impl Naming {
    /// Reads `HEADER=KIND`, where the kind may be one of `own`.
    ///
    /// # Errors
    ///
    /// [`Error::Naming`] and [`Error::Role`] when it is something else.
    pub fn parse(text: &str, own: &[&'static Kind]) -> Result<Self, Error> {
        let (heading, role) = text.rsplit_once('=').ok_or(Error::Naming)?;
        if fold(heading).is_empty() {
            return Err(Error::Naming);
        }
        let named = Role::named(role).or_else(|| Role::named_in(role, own));
        Ok(Self {
            heading: heading.to_owned(),
            role: named.ok_or_else(|| Error::Role { name: shown(role) })?,
        })
    }
}

/// The columns of one file.
#[derive(Debug)]
pub(super) struct Columns {
    /// Every column's heading as it may be shown, and its role if it has one.
    all: Vec<(String, Option<Role>)>,
}

impl Columns {
    /// Finds the roles of `headings`: by `naming` first, then by what is usual.
    pub(super) fn find(
        headings: &[String],
        naming: &[Naming],
        registry: &[&'static Kind],
    ) -> Result<Self, Error> {
        for wanted in naming {
            if !headings.iter().any(|heading| is_same(heading, wanted)) {
                return Err(Error::NoSuchColumn {
                    heading: shown(&wanted.heading),
                    found: Headings::of(headings),
                });
            }
        }
        let mut all: Vec<(String, Option<Role>)> = Vec::new();
        for heading in headings {
            let named = naming.iter().find(|naming| is_same(heading, naming));
            let role = match named {
                Some(naming) => Some(naming.role),
                None => Role::of_heading(heading, registry),
            };
            // A row has one key: of several such columns, the first holds it.
            let is_second_ref =
                role == Some(Role::Ref) && all.iter().any(|(_, role)| *role == Some(Role::Ref));
            all.push((shown(heading), role.filter(|_| !is_second_ref)));
        }
        // What stands beside a postcode need not be whole.
        let has_postcode = all.iter().any(|(_, role)| *role == Some(Role::Postcode));
        for (_, role) in &mut all {
            if let Some(Role::Kind(kind)) = role
                && kind.name == "address"
                && has_postcode
            {
                *role = Some(Role::Street);
            }
        }
        // A street alone is no address.
        if naming.is_empty() && !all.iter().any(|(_, role)| *role == Some(Role::Postcode)) {
            for (_, role) in &mut all {
                *role = role.filter(|role| !matches!(role, Role::Street | Role::HouseNumber));
            }
        }
        Ok(Self { all })
    }

    /// How many columns are known by their heading.
    pub(super) fn recognised(&self) -> usize {
        self.all.iter().filter(|(_, role)| role.is_some()).count()
    }

    /// Whether any holds something that can be listed.
    pub(super) fn hold_somebody(&self) -> bool {
        let has =
            |wanted: fn(Role) -> bool| self.all.iter().any(|(_, role)| role.is_some_and(wanted));
        has(|role| matches!(role, Role::Kind(_)))
            || has(|role| role == Role::Street) && has(|role| role == Role::Postcode)
            || has(|role| role == Role::DateOfBirth)
                && (has(|role| role == Role::Name)
                    || has(|role| role == Role::FirstName) && has(|role| role == Role::LastName))
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.all.len()
    }

    /// Each column's heading and role, in the file's order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Option<Role>)> {
        self.all
            .iter()
            .map(|(heading, role)| (heading.as_str(), *role))
    }
}

/// Headings of a file as an error shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headings(String);

impl Headings {
    fn of(headings: &[String]) -> Self {
        let mut list: Vec<String> = headings.iter().take(SHOWN).map(|one| shown(one)).collect();
        if headings.len() > SHOWN {
            list.push(format!("and {} more", headings.len() - SHOWN));
        }
        Self(list.join(", "))
    }
}

impl fmt::Display for Headings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Refuses a file in which no column holds anybody.
pub(super) fn refuse(headings: &[String]) -> Error {
    if headings.iter().any(|heading| is_data(heading)) {
        return Error::NoHeader;
    }
    Error::NoColumn {
        found: Headings::of(headings),
    }
}

fn is_same(heading: &str, naming: &Naming) -> bool {
    heading.trim() == naming.heading.trim() || fold(heading) == fold(&naming.heading)
}

/// `heading` for a message: cut, on one line, and not at all when it looks like
/// somebody's data, for then the file has no header.
fn shown(heading: &str) -> String {
    if is_data(heading) {
        return "(not shown)".to_owned();
    }
    let mut characters = heading.trim().chars();
    let mut shown: String = characters.by_ref().take(SHOWN_CHARACTERS).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

fn is_data(heading: &str) -> bool {
    let digits = heading.chars().filter(|c| c.is_numeric()).count();
    digits >= DIGITS_OF_DATA
        || heading.contains(['@', '\u{fffd}'])
        || heading.trim().contains(char::is_control)
}

/// Lower case, letters and digits only, without the marks of Finnish and Swedish
/// letters, which many systems lose.
fn fold(heading: &str) -> String {
    heading
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|character| character.is_alphanumeric())
        .map(|character| match character {
            'ä' | 'å' => 'a',
            'ö' => 'o',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::sample;

    fn role(heading: &str) -> Option<&'static str> {
        Role::of_heading(heading, &sample::kinds()).map(Role::name)
    }

    #[test]
    fn words_beside_a_usual_heading_do_not_hide_it() {
        for (headings, expected) in [
            (
                &[
                    "Sähköposti (työ)",
                    "Work email",
                    "email_home",
                    "Email (required) 2",
                ][..],
                Some("email"),
            ),
            (
                &["Puh. nro", "Phone no.", "Puhelin / GSM", "Tel. (home)"],
                Some("phone"),
            ),
            (
                &[
                    "Henkilötunnus (HETU)",
                    "Asiakkaan henkilötunnus",
                    "personnummer",
                ],
                Some("fi-hetu"),
            ),
            (
                &[
                    "Date of birth (DD/MM/YYYY)",
                    "Synt. aika",
                    "Syntymäaika (pp.kk.vvvv)",
                ],
                Some("date_of_birth"),
            ),
            (&["Potilaan nimi", "Sukunimi, etunimi"], Some("name")),
            // Something else, somebody else, or one of two.
            (
                &[
                    "Customer no",
                    "Personal number",
                    "Email of guardian",
                    "Puhelin / Sähköposti",
                    "()",
                    "Work",
                ],
                None,
            ),
        ] {
            for heading in headings {
                assert_eq!(role(heading), expected, "{heading}");
            }
        }
    }

    #[test]
    fn usual_headings_are_recognised_in_three_languages() {
        for (headings, expected) in [
            (
                "email E-mail SÄHKÖPOSTI Sähköpostiosoite e-post mail email2 E-mail_3",
                "email",
            ),
            (
                "phone puhelin Puhelinnumero GSM matkapuhelin mobile telefon mobil phone1",
                "phone",
            ),
            (
                "hetu HENKILÖTUNNUS personbeteckning ssn-fi fi-hetu fi_hetu",
                "fi-hetu",
            ),
            ("name nimi namn", "name"),
            (
                "first_name given-name Etunimi etunimet förnamn",
                "first_name",
            ),
            ("last_name surname Sukunimi efternamn", "last_name"),
            (
                "date_of_birth DOB birth-date syntymäaika födelsedatum",
                "date_of_birth",
            ),
            ("ref Viite referens", "ref"),
        ] {
            for heading in headings.split(' ') {
                assert_eq!(role(heading), Some(expected), "{heading}");
            }
        }
        // Written as letter and combining mark, as a Mac does.
        assert_eq!(role("Sa\u{308}hko\u{308}posti"), Some("email"));
        assert_eq!(role(" Date of birth "), Some("date_of_birth"));
    }

    #[test]
    fn other_headings_are_not_guessed() {
        for heading in ["id", "", "person", "ignore", "mailing list", "2", "note"] {
            assert_eq!(role(heading), None, "{heading}");
        }
    }

    #[test]
    fn a_naming_overrides_what_is_usual_and_names_the_rest() {
        let headings = ["email", "Työ=posti", "x"].map(str::to_owned);
        let naming: Vec<Naming> = ["Email=ignore", "työ=posti=email"]
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        let columns = Columns::find(&headings, &naming, &sample::kinds()).unwrap();
        let roles: Vec<_> = columns
            .iter()
            .map(|(_, role)| role.map(Role::name))
            .collect();
        assert_eq!(roles, [Some("ignore"), Some("email"), None]);
    }

    #[test]
    fn a_naming_of_nothing_is_refused() {
        assert!(matches!("email".parse::<Naming>(), Err(Error::Naming)));
        assert!(matches!("=email".parse::<Naming>(), Err(Error::Naming)));
        let unknown = "x=zodiac".parse::<Naming>().unwrap_err();
        assert_eq!(unknown.to_string(), "there is no kind of column `zodiac`");
        let naming = ["mails=email".parse().unwrap()];
        let headings = ["a", "b"].map(str::to_owned);
        let error = Columns::find(&headings, &naming, &sample::kinds()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no column `mails`; the columns are: a, b"
        );
    }

    #[test]
    fn a_first_row_of_data_is_never_shown() {
        for row in [["Anna", "anna@example.com"], ["Anna", "131052-308T"]] {
            let error = refuse(&row.map(str::to_owned));
            assert!(matches!(error, Error::NoHeader), "{error}");
        }
        assert_eq!(
            Headings::of(&["note", "040 123 4567"].map(str::to_owned)).to_string(),
            "note, (not shown)"
        );
    }
}
