//! Kinds that an organisation defines itself: as they are written, and as they are
//! carried in a list's header and in a report.

use std::fmt;

use super::{Emit, Strength, Unusable};

/// The longest name, in bytes.
const NAME: usize = 32;
/// The longest pattern, in bytes.
const PATTERN: usize = 256;
/// Headings of one kind, and bytes of each.
const HEADINGS: usize = 16;
const HEADING: usize = 60;

/// What an organisation says of a kind of its own.
///
/// Its text is one line, `NAME pattern=… check=… fold=… strength=… headings=…`. A
/// value that has a blank, a comma or a quotation mark stands in quotation marks,
/// and those within it are doubled; a backslash is a backslash. Headings are
/// separated by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The kind's name: `[a-z][a-z0-9-]*`, not that of a built-in one.
    pub name: String,
    /// A regular expression in the syntax of Rust's `regex` crate.
    pub pattern: String,
    /// What its check digits are.
    pub check: Option<Check>,
    /// Which spellings are the same.
    pub fold: Option<Fold>,
    /// What a match on it alone is worth; decided by its pattern if not given.
    pub strength: Option<Strength>,
    /// Headings by which a column of a list is recognised, besides the name.
    pub headings: Vec<String>,
}

/// How check digits are reckoned. With [`Fold::Digits`], letters count for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// ISO/IEC 7812-1, annex B, over the digits of the match; the last one checks.
    Luhn,
    /// ISO 7064 MOD 97-10 over the letters (A is 10, Z is 35) and digits of the match;
    /// the last two digits check.
    Mod97,
    /// The digits of the match, ten at most, weighted 1, 2, 3 and so on from the last
    /// one, which checks, add up to a multiple of 11; an `X` at the end is ten. As in
    /// ISBN-10 (ISO 2108:1992) and in NHS numbers.
    Mod11,
    /// Verhoeff's scheme over the digits of the match; the last one checks.
    Verhoeff,
}

/// What of a match makes no difference, besides blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// Case; the canonical form is in upper case.
    Upper,
    /// Case; the canonical form is in lower case.
    Lower,
    /// Everything but digits.
    Digits,
}

impl Check {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Luhn, Self::Mod97, Self::Mod11, Self::Verhoeff];

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Luhn => "luhn",
            Self::Mod97 => "mod97",
            Self::Mod11 => "mod11",
            Self::Verhoeff => "verhoeff",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

impl Fold {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Upper, Self::Lower, Self::Digits];

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Upper => "upper",
            Self::Lower => "lower",
            Self::Digits => "digits",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

impl Definition {
    /// A definition of nothing but a pattern.
    pub fn new(name: impl Into<String>, pattern: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            pattern: pattern.into(),
            check: None,
            fold: None,
            strength: None,
            headings: Vec::new(),
        }
    }

    /// The strength of that name that a definition may have.
    pub fn strength_named(name: &str) -> Option<Strength> {
        match name {
            "strong" => Some(Strength::Strong),
            "weak" => Some(Strength::Weak),
            _ => None,
        }
    }

    /// Whether its words have the form and the length that they may have; what its
    /// pattern means is not looked at.
    ///
    /// # Errors
    ///
    /// [`Unusable`] when they have not.
    pub fn check_words(&self) -> Result<(), Unusable> {
        let mut name = self.name.bytes();
        let is_name = name.next().is_some_and(|byte| byte.is_ascii_lowercase())
            && name.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && self.name.len() <= NAME;
        if !is_name {
            return Err(Unusable(
                "its name is not a letter and then up to 31 letters, digits and dashes, in lower case",
            ));
        }
        if self.pattern.is_empty() || self.pattern.len() > PATTERN {
            return Err(Unusable("its pattern is empty or longer than 256 bytes"));
        }
        if self.pattern.contains(char::is_control) {
            return Err(Unusable("its pattern holds a control character"));
        }
        let is_heading = |heading: &String| {
            !heading.trim().is_empty()
                && heading.len() <= HEADING
                && !heading.contains(|c: char| c.is_control() || c == ',')
        };
        if self.headings.len() > HEADINGS || !self.headings.iter().all(is_heading) {
            return Err(Unusable(
                "it has more than 16 headings, or one is empty, longer than 60 bytes or holds a comma",
            ));
        }
        Ok(())
    }

    /// Reads the line that [`Definition`] says.
    ///
    /// # Errors
    ///
    /// [`Unusable`] when it is none, or its words are not
    /// [as they may be](Self::check_words).
    pub fn parse(line: &str) -> Result<Self, Unusable> {
        let (name, mut rest) = line.split_once(' ').unwrap_or((line, ""));
        let mut definition = Self::new(name, "");
        let mut seen: Vec<&str> = Vec::new();
        while !rest.is_empty() {
            let (key, value) = rest.split_once('=').ok_or(Unusable(
                "a kind is its name and then `pattern=` and the like",
            ))?;
            let (value, behind) = value_of(value)?;
            if seen.contains(&key) {
                return Err(Unusable("a part of the definition stands there twice"));
            }
            seen.push(key);
            match key {
                "pattern" => definition.pattern = value,
                "check" => {
                    let check = Check::named(&value).ok_or(Unusable("no such check"))?;
                    definition.check = Some(check);
                }
                "fold" => {
                    let fold = Fold::named(&value).ok_or(Unusable("no such fold"))?;
                    definition.fold = Some(fold);
                }
                "strength" => {
                    let strength = Self::strength_named(&value);
                    definition.strength = Some(strength.ok_or(Unusable("no such strength"))?);
                }
                "headings" => definition.headings = value.split(',').map(str::to_owned).collect(),
                _ => return Err(Unusable("a part of the definition is not known")),
            }
            rest = behind;
        }
        definition.check_words()?;
        Ok(definition)
    }
}

/// The value that `text` begins with, and what follows the blank behind it.
fn value_of(text: &str) -> Result<(String, &str), Unusable> {
    const WRONG: Unusable = Unusable("a value is not quoted as it should be");
    let Some(mut quoted) = text.strip_prefix('"') else {
        let (value, rest) = text.split_once(' ').unwrap_or((text, ""));
        let is_plain = !value.is_empty() && !value.contains(['"', ',']);
        return is_plain.then(|| (value.to_owned(), rest)).ok_or(WRONG);
    };
    let mut value = String::new();
    loop {
        let (part, rest) = quoted.split_once('"').ok_or(WRONG)?;
        value.push_str(part);
        if let Some(rest) = rest.strip_prefix('"') {
            value.push('"');
            quoted = rest;
        } else if rest.is_empty() {
            return Ok((value, rest));
        } else {
            return Ok((value, rest.strip_prefix(' ').ok_or(WRONG)?));
        }
    }
}

impl fmt::Display for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        let mut part = |key: &str, value: &str| {
            if value.is_empty() || value.contains([' ', '"', ',']) {
                write!(f, " {key}=\"{}\"", value.replace('"', "\"\""))
            } else {
                write!(f, " {key}={value}")
            }
        };
        let strength = match self.strength {
            Some(Strength::Weak) => Some("weak"),
            Some(_) => Some("strong"),
            None => None,
        };
        let headings = self.headings.join(",");
        part("pattern", &self.pattern)?;
        if let Some(check) = self.check {
            part("check", check.name())?;
        }
        if let Some(fold) = self.fold {
            part("fold", fold.name())?;
        }
        if let Some(strength) = strength {
            part("strength", strength)?;
        }
        if !headings.is_empty() {
            part("headings", &headings)?;
        }
        Ok(())
    }
}

/// Says whether a text is one of a pattern.
type IsOne = Box<dyn Fn(&str) -> bool + Send + Sync>;
/// Makes the canonical form.
type Form = Box<dyn Fn(&str, Emit<'_>) -> Result<(), Unusable> + Send + Sync>;

/// A definition, ready for use.
pub struct Pattern {
    /// What it was made of, its strength decided.
    pub definition: Definition,
    /// The expression that is looked for in text. It has no assertion, no line feed,
    /// and no repetition without end.
    pub expression: String,
    /// Bytes of a match, at most.
    pub longest: usize,
    /// Whether a text is a match of the expression, or the canonical form of one.
    pub is_one: IsOne,
    /// Makes the canonical form of such a text, if its check digits fit.
    pub form: Form,
    /// How an identifier of nobody stands in text.
    pub sample: String,
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.definition.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Definition {
        Definition {
            check: Some(Check::Mod97),
            fold: Some(Fold::Upper),
            strength: Some(Strength::Weak),
            headings: vec!["potilas nro".to_owned(), "pnr\"x".to_owned()],
            ..Definition::new("patient-number", r#"V "\d{6}|W=,\"x"#)
        }
    }

    #[test]
    fn a_definition_comes_back_from_its_line_as_it_was() {
        for definition in [full(), Definition::new("a", r"V-\d{6}")] {
            assert_eq!(Definition::parse(&definition.to_string()), Ok(definition));
        }
        assert_eq!(
            Definition::new("patient-number", r"V-\d{6}").to_string(),
            r"patient-number pattern=V-\d{6}"
        );
    }

    #[test]
    fn a_line_that_says_two_things_or_nothing_is_refused() {
        for line in [
            "",
            "a",
            "a pattern",
            "a pattern=",
            "A pattern=x",
            "1a pattern=x",
            "a_b pattern=x",
            "a pattern=x pattern=y",
            "a pattern=x colour=red",
            "a pattern=x check=crc",
            "a pattern=x fold=title",
            "a pattern=x strength=compound",
            "a pattern=\"x",
            "a pattern=\"x\"y",
            "a pattern=x\"y",
            "a pattern=x  fold=upper",
            "a pattern=x headings=\"a,,b\"",
            "a pattern=x\u{7}",
            &format!("{} pattern=x", "a".repeat(33)),
            &format!("a pattern={}", "x".repeat(257)),
            &format!("a pattern=x headings=\"{}x\"", "x,".repeat(16)),
        ] {
            assert!(Definition::parse(line).is_err(), "{line}");
        }
    }
}
