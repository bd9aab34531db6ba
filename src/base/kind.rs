//! What an identifier is.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Date, Definition, Pattern, Plans, plain};

/// What an identifier is: one entry of the registry in
/// [`fingerprint`](crate::fingerprint).
///
/// A kind says what its identifiers look like in text ([`Kind::shape`]) and how
/// their canonical form is made ([`Kind::canonical`]). [`extract`](crate::extract)
/// knows shapes, never kinds, so that a new kind is a new file beside the others.
pub struct Kind {
    /// As it stands in lists and reports: `fi-hetu`.
    pub name: &'static str,
    /// Version of the canonical form; part of every fingerprint.
    pub profile: u16,
    /// Which chapter of the list of kinds it belongs to.
    pub family: Family,
    /// What a match on it alone is worth.
    pub strength: Strength,
    /// The canonical form, in words.
    pub canonical_form: &'static str,
    /// What a candidate must pass, in words.
    pub check: &'static str,
    /// The law, register authority or standard that the rule comes from.
    pub source: &'static str,
    /// A canonical form of nobody.
    pub example: &'static str,
    /// Folded headings (lower case, letters and digits only) by which a column
    /// of an organisation's list is recognised, besides the name.
    pub headings: &'static [&'static str],
    /// What it looks like in text.
    pub shape: Shape,
    /// How many different identifiers the check lets through, where random text of
    /// the same shape can meet a listed one. `None` where it cannot, or nearly so.
    pub space: Option<f64>,
    /// The share of random texts in its layouts that pass the check, where the space
    /// and the example do not tell it: see [`Kind::chance`].
    pub rate: Option<f64>,
    /// The date of birth that a canonical form tells, where it tells one.
    pub born: Option<fn(canonical: &str) -> Option<Date>>,
    /// Reads `text`, one identifier and nothing else, [plainly](plain) written, and
    /// hands every canonical form that it has to `emit`: the identifier's own
    /// first, as [`Variant::Exact`], then other readings and looser ones.
    ///
    /// National notations are read with each of the regions, in their order.
    ///
    /// # Errors
    ///
    /// [`Unusable`] when it has none; nothing was emitted then. Always so for an
    /// organisation's own kinds ([`Shape::Pattern`]): [`Kind::read`] knows them.
    pub canonical: fn(text: &str, regions: &Regions, emit: Emit<'_>) -> Result<(), Unusable>,
}

/// Takes one canonical form.
pub type Emit<'a> = &'a mut dyn FnMut(&str, Variant);

impl Kind {
    /// Reads `text` however it is written; see [`Kind::canonical`].
    ///
    /// # Errors
    ///
    /// [`Unusable`] when it has no canonical form; nothing was emitted then.
    pub fn read(&self, text: &str, regions: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
        let text = plain(text);
        let Shape::Pattern(pattern) = self.shape else {
            return (self.canonical)(text.trim(), regions, emit);
        };
        if !(pattern.is_one)(text.trim()) {
            return Err(Unusable("not of the kind's pattern"));
        }
        (pattern.form)(text.trim(), emit)
    }

    /// How its example stands in text: text from which the canonical form that is
    /// [`Kind::example`] is read.
    pub fn sample(&self) -> &'static str {
        match self.shape {
            Shape::Pattern(pattern) => &pattern.sample,
            Shape::Zone { sample } => sample,
            _ => self.example,
        }
    }

    /// What an organisation says of it, if it is an organisation's own.
    pub fn definition(&self) -> Option<&'static Definition> {
        match self.shape {
            Shape::Pattern(pattern) => Some(&pattern.definition),
            _ => None,
        }
    }

    /// The country whose numbers these are, for national identification numbers.
    pub fn country(&self) -> Option<[u8; 2]> {
        let (country, _) = self.name.split_once('-')?;
        let country = <[u8; 2]>::try_from(country.as_bytes()).ok()?;
        (self.family == Family::National).then(|| country.map(|c| c.to_ascii_uppercase()))
    }

    /// The share of random texts of the same shape that pass the check.
    pub fn chance(&self) -> f64 {
        self.rate
            .unwrap_or_else(|| Self::chance_of(self.example, self.space))
    }

    /// The same for a kind with that example and that space.
    pub fn chance_of(example: &str, space: Option<f64>) -> f64 {
        let texts = example.bytes().fold(1.0, |texts, byte| match byte {
            b'0'..=b'9' => texts * 10.0,
            b'A'..=b'Z' => texts * 26.0,
            _ => texts,
        });
        space.map_or(0.0, |space| (space / texts).min(1.0))
    }

    /// The prefix of every message that is fingerprinted: `email/1`.
    pub fn label(&self) -> String {
        format!("{}/{}", self.name, self.profile)
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Kind {}

/// A chapter of the list of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Ways to reach somebody.
    Contact,
    /// Accounts and cards.
    Money,
    /// National identification numbers.
    National,
    /// Passports and the like.
    Document,
    /// People and places, put together from a record.
    Composite,
    /// What an organisation defines itself.
    Own,
}

/// What a match is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Never makes somebody affected by itself.
    Weak,
    /// Several things that stand together.
    Compound,
    /// Identifies by itself.
    Strong,
}

/// In which way a canonical form stands for the identifier that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variant {
    /// It is the identifier.
    Exact,
    /// It is the identifier, written so that programs overlook it: `anna (at)
    /// example.fi`.
    Obfuscated,
    /// It is another spelling of the identifier for the one provider that gave it:
    /// dots in the part before the `@` of `gmail.com`.
    ProviderAlias,
    /// It is the address that a sub-address (`anna+shop@`) belongs to.
    Subaddress,
}

impl Variant {
    /// The name that stands in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Obfuscated => "obfuscated",
            Self::ProviderAlias => "provider-alias",
            Self::Subaddress => "subaddress",
        }
    }
}

/// What identifiers of a kind look like in text.
#[derive(Clone, Copy)]
pub enum Shape {
    /// Two parts around an `@`.
    Mailbox,
    /// Digits with the punctuation of telephone numbers.
    ///
    /// Candidates are a superset: see [`Shape::is_loose`].
    Telephone {
        /// The numbering plans in which numbers are read.
        plans: fn(&Regions) -> Plans,
    },
    /// Groups of digits and letters.
    Code {
        /// How they stand together: `9` is a digit, `A` a letter, `*` either, and
        /// `-` a separator: a blank, a dash, a dot, a slash or a plus sign, with or
        /// without blanks around it. There is a digit in each.
        layouts: &'static [&'static str],
    },
    /// Something else that begins at a word's beginning.
    Bespoke {
        /// What its first character is.
        anchor: Anchor,
        /// How many digits the first of its runs of digits can have.
        runs: Runs,
        /// Length in bytes of the candidate that `text` begins with, `None` if
        /// it begins with none. Cheap: shape only, [`Kind::canonical`] checks.
        span: fn(text: &str) -> Option<usize>,
    },
    /// The machine-readable zone of a travel document.
    Zone {
        /// One of nobody, without fillers: some formats would have to escape them.
        sample: &'static str,
    },
    /// What a regular expression matches, not within a longer word.
    Pattern(&'static Pattern),
    /// Two parts of a name and a date of birth within one record.
    Person,
    /// A street, a house number and a postcode within one record.
    Address,
}

impl Shape {
    /// Whether candidates of this shape have not passed their kind's check.
    ///
    /// The check costs more than looking a candidate up, so it comes after it: a
    /// hit counts only if [`Kind::canonical`] of the text at its span gives the
    /// canonical form that was found, and no code with a check digit claims the
    /// same bytes.
    pub fn is_loose(&self) -> bool {
        matches!(self, Self::Telephone { .. })
    }
}

/// What something bespoke begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// An ASCII digit.
    Digit,
    /// Two ASCII letters and a digit.
    LettersThenDigit,
}

/// Lengths that a run of digits may have.
///
/// Most runs of a text are ruled out by it before anything else is looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Runs(u32);

impl Runs {
    /// Longer runs count as being this long.
    pub const MOST: usize = 31;

    /// Runs of one of these lengths, which are less than [`Runs::MOST`].
    pub const fn of(lengths: &[u32]) -> Self {
        let mut bits = 0;
        let mut rest = lengths;
        while let [length, others @ ..] = rest {
            bits |= 1 << *length;
            rest = others;
        }
        Self(bits)
    }

    /// Runs of this length, which is less than [`Runs::MOST`], and longer ones.
    pub const fn from(length: u32) -> Self {
        Self(u32::MAX << length)
    }

    /// No runs.
    pub const NONE: Self = Self(0);

    /// These and `others`.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Up to this length it matters how long a run is: all longer ones are among
    /// them, or none is.
    #[inline]
    pub const fn told_apart(self) -> usize {
        let alike = if self.0 >> Self::MOST == 1 {
            self.0.leading_ones()
        } else {
            self.0.leading_zeros()
        };
        Self::MOST
            .saturating_sub(alike as usize - 1)
            .saturating_sub(1)
    }

    /// Whether a run of `length` digits is among them.
    #[inline]
    pub fn hold(self, length: usize) -> bool {
        self.0 >> length.min(Self::MOST) & 1 == 1
    }
}

/// Why a text has no canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusable(pub &'static str);

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Unusable {}

/// Countries whose national notations are read, in order of preference.
///
/// Each is an ISO 3166-1 alpha-2 code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Regions(Vec<[u8; 2]>);

impl Regions {
    /// Reads codes such as `FI`, in any case; the first one is preferred.
    ///
    /// # Errors
    ///
    /// [`Unusable`] when one is not two letters.
    pub fn parse<'a>(codes: impl IntoIterator<Item = &'a str>) -> Result<Self, Unusable> {
        let mut regions = Vec::new();
        for code in codes {
            let [a, b] = code.as_bytes() else {
                return Err(Unusable("a region is two letters, such as FI"));
            };
            let code = [a.to_ascii_uppercase(), b.to_ascii_uppercase()];
            if !code.iter().all(u8::is_ascii_uppercase) {
                return Err(Unusable("a region is two letters, such as FI"));
            }
            if !regions.contains(&code) {
                regions.push(code);
            }
        }
        Ok(Self(regions))
    }

    /// The codes, in order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter_map(|code| std::str::from_utf8(code).ok())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_apart_as_far_as_it_matters() {
        // Of {6}: whether it is 6, or longer. Of 2 and more: whether it is 1.
        assert_eq!(Runs::of(&[6]).told_apart(), 6);
        assert_eq!(Runs::from(2).told_apart(), 1);
        assert_eq!(Runs::from(1).told_apart(), 0);
        assert_eq!(Runs::NONE.told_apart(), 0);
        assert_eq!(Runs::of(&[30]).told_apart(), 30);
    }

    #[test]
    fn regions_are_upper_case_and_named_once() {
        let regions = Regions::parse(["fi", "SE", "FI"]).unwrap();
        assert_eq!(regions.codes().collect::<Vec<_>>(), ["FI", "SE"]);
        assert!(Regions::parse(["FIN"]).is_err());
    }
}
