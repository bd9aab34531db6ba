//! An organisation's own kinds, as `--kind-config FILE` names them.
//!
//! They have a file of their own, because they are the organisation's: the checker
//! learns them from the list's header, and from nowhere else.
//!
//! ```toml
//! [kind.patient-number]
//! pattern  = 'V-\d{6}'
//! check    = "luhn"                  # luhn | mod97 | mod11 | verhoeff
//! fold     = "upper"                 # upper | lower | digits
//! strength = "strong"                # strong | weak
//! headings = ["potilasnumero", "patient no"]
//! ```

use std::path::Path;

use super::document::{Document, Section, Value};
use super::error::{At, Error};
use super::text_of;
use crate::base::{Check, Definition, Fold};

/// A definition and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnKind {
    /// What the table says.
    pub definition: Definition,
    /// Its heading.
    pub at: At,
}

/// Reads the definitions in the file at `path`, in its order. What their patterns
/// mean is not looked at.
///
/// # Errors
///
/// [`Error`], with the line: the first thing that is wrong with the file.
pub fn own_kinds(path: &Path) -> Result<Vec<OwnKind>, Error> {
    read(&text_of(path)?)
}

fn read(text: &str) -> Result<Vec<OwnKind>, Error> {
    let sections = Document::kinds(text)?;
    let read = |section: &Section| {
        let definition = definition(section)?;
        let at = section.at.clone();
        Ok(OwnKind { definition, at })
    };
    sections.iter().map(read).collect()
}

fn definition(section: &Section) -> Result<Definition, Error> {
    let missing = || Error::Missing {
        at: section.at.clone(),
        key: "pattern",
    };
    let (pattern, _) = word(section, "pattern").ok_or_else(missing)?;
    let headings = match section.written("headings").map(|entry| &entry.value) {
        Some(Value::List(headings)) => headings.iter().map(|(text, _)| text.clone()).collect(),
        _ => Vec::new(),
    };
    Ok(Definition {
        name: section.name.clone(),
        pattern: pattern.to_owned(),
        check: choice(
            section,
            "check",
            Check::named,
            "luhn, mod97, mod11 or verhoeff",
        )?,
        fold: choice(section, "fold", Fold::named, "upper, lower or digits")?,
        strength: choice(
            section,
            "strength",
            Definition::strength_named,
            "strong or weak",
        )?,
        headings,
    })
}

fn word<'s>(section: &'s Section, key: &str) -> Option<(&'s str, &'s At)> {
    let entry = section.written(key)?;
    match &entry.value {
        Value::Text(text) => Some((text, &entry.at)),
        _ => None,
    }
}

fn choice<T>(
    section: &Section,
    key: &str,
    named: fn(&str) -> Option<T>,
    expected: &'static str,
) -> Result<Option<T>, Error> {
    let Some((text, at)) = word(section, key) else {
        return Ok(None);
    };
    let wrong = || Error::Value {
        at: at.clone(),
        key: key.to_owned(),
        expected,
    };
    named(text).map(Some).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Strength;

    #[test]
    fn every_key_of_a_table_is_read() {
        let text = "[kind.patient-number]\npattern = 'V-\\d{6}'\ncheck = \"mod11\"\n\
            fold = \"digits\"\nstrength = \"weak\"\nheadings = [\"a b\", \"c\"]\n\
            [kind.other]\npattern = \"x1\"\n";
        let read: Vec<Definition> = read(text)
            .unwrap()
            .into_iter()
            .map(|own| own.definition)
            .collect();
        let full = Definition {
            check: Some(Check::Mod11),
            fold: Some(Fold::Digits),
            strength: Some(Strength::Weak),
            headings: vec!["a b".to_owned(), "c".to_owned()],
            ..Definition::new("patient-number", "V-\\d{6}")
        };
        assert_eq!(read, [full, Definition::new("other", "x1")]);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, why) in [
            (
                "[kind.a]\npatern = 'x'",
                "line 2, `patern = 'x'`: unknown key `patern`, the nearest is `pattern`",
            ),
            (
                "[kind.a]\nfold = 'upper'",
                "line 1, `[kind.a]`: `pattern` is missing",
            ),
            (
                "[kind.a]\npattern = 'x'\ncheck = 'crc'",
                "line 3, `check = 'crc'`: `check` must be luhn, mod97, mod11 or verhoeff",
            ),
            (
                "[kind.a]\npattern = 7",
                "line 2, `pattern = 7`: `pattern` must be a string, in quotes",
            ),
            (
                "[kinds.a]\npattern = 'x'",
                "line 1, `[kinds.a]`: unknown key `kinds`, the nearest is `kind`",
            ),
            (
                "pattern = 'x'",
                "line 1, `pattern = 'x'`: unknown key `pattern`, it belongs in [kind.NAME]",
            ),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), why);
        }
    }
}
