//! An organisation's own kinds, made of their definitions.
//!
//! A definition comes from the organisation's file or from the header of a list that
//! somebody else made, so it is not trusted: sizes are limited, and expressions are
//! matched in linear time. The rules of a pattern:
//!
//! - it matches neither nothing nor a line feed, and at most [`LONGEST`] bytes; a
//!   repetition without an end ends at [`REPEATED`];
//! - it has no assertion (`^`, `$`, `\b`): an identifier stands anywhere in a text,
//!   and never begins or ends within a longer word;
//! - `\d`, `\w` and `\s` are ASCII digits, ASCII letters, digits and `_`, and a blank:
//!   text is plain when it is searched ([`plain`](crate::base::plain));
//! - with a `fold`, case makes no difference to it.
//!
//! The canonical form is the match without blanks, folded. In a list, what has the
//! canonical form of a match is read as well (`123456` for `V-\d{6}` with `fold =
//! "digits"`); in a leak, only a match is.

mod check;
mod expression;
#[cfg(test)]
mod tests;
mod texts;

use std::sync::{Mutex, PoisonError};

use regex_automata::meta::Regex;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, Look};
use unicode_normalization::UnicodeNormalization as _;

pub use expression::REPEATED;

use super::named;
use crate::base::{
    Check, Definition, Emit, Family, Fold, Kind, Pattern, Shape, Strength, Unusable, Variant,
};
use check::{check_digits, share};
use expression::{bounded, fold_char, folded, of_ascii};
use texts::{count, sample};

/// Kinds of one list, at most.
pub const MOST: usize = 32;
/// Definitions that one process uses, at most: what is made of one stays for good, so
/// that a checker that runs for months must not be filled with them.
const MOST_EVER: usize = 1024;
/// Bytes of a match, at most.
pub const LONGEST: usize = 128;
/// Bytes of a compiled pattern, at most.
const COMPILED: usize = 512 << 10;
/// Brackets within brackets, at most.
const NESTED: u32 = 24;
/// From this share of accepted random text on, a match alone proves nothing.
const WEAK: f64 = 0.1;
/// What columns of a list are called that hold no kind.
const RESERVED: [&str; 6] = [
    "ref",
    "name",
    "first-name",
    "last-name",
    "date-of-birth",
    "ignore",
];

/// All kinds that were made so far.
static MADE: Mutex<Vec<&'static Kind>> = Mutex::new(Vec::new());

/// The kind that `definition` is about; always the same one for the same definition.
///
/// # Errors
///
/// [`Unusable`] when the definition breaks a rule.
pub fn define(definition: &Definition) -> Result<&'static Kind, Unusable> {
    definition.check_words()?;
    let name = definition.name.as_str();
    if named(name).is_some() || RESERVED.contains(&name) {
        return Err(Unusable("its name has a meaning already"));
    }
    let made = |made: &[&'static Kind]| {
        let mut made = made.iter();
        made.find(|kind| kind.definition() == Some(definition))
            .copied()
    };
    if let Some(kind) = made(&MADE.lock().unwrap_or_else(PoisonError::into_inner)) {
        return Ok(kind);
    }
    let (mut pattern, facts) = make(definition)?;
    // Written down, so that both sides say the same whatever their versions.
    let chance = Kind::chance_of(&facts.example, facts.space);
    let own = if chance > WEAK {
        Strength::Weak
    } else {
        Strength::Strong
    };
    pattern.definition.strength.get_or_insert(own);
    let mut all = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let same = |kind: &&&'static Kind| kind.definition() == Some(&pattern.definition);
    if let Some(kind) = all.iter().find(same) {
        return Ok(kind);
    }
    if all.len() >= MOST_EVER {
        return Err(Unusable("this process has met too many definitions"));
    }
    let kind = leak(pattern, &facts);
    all.push(kind);
    Ok(kind)
}

/// The kinds that lines of a header or a report define.
///
/// # Errors
///
/// [`Unusable`] when one cannot be used, when two have one name, or when there are
/// more than [`MOST`].
pub fn of_lines<'l>(
    lines: impl IntoIterator<Item = &'l str>,
) -> Result<Vec<&'static Kind>, Unusable> {
    let mut kinds = Vec::new();
    for line in lines {
        add(&mut kinds, define(&Definition::parse(line)?)?)?;
    }
    Ok(kinds)
}

/// Adds `kind` to those of one list.
///
/// # Errors
///
/// [`Unusable`] when one of that name is there, or [`MOST`] are.
pub fn add(kinds: &mut Vec<&'static Kind>, kind: &'static Kind) -> Result<(), Unusable> {
    if kinds.len() >= MOST {
        return Err(Unusable("there are more than 32 kinds of its own"));
    }
    if kinds.contains(&kind) {
        return Err(Unusable("a kind of that name is defined already"));
    }
    kinds.push(kind);
    Ok(())
}

/// What is known of a pattern besides itself.
struct Facts {
    example: String,
    space: Option<f64>,
}

fn make(definition: &Definition) -> Result<(Pattern, Facts), Unusable> {
    let (check, fold) = (definition.check, definition.fold);
    let parsed = ParserBuilder::new()
        .nest_limit(NESTED)
        .case_insensitive(fold.is_some())
        .build()
        .parse(&of_ascii(&definition.pattern))
        .map_err(|_| Unusable("its pattern is no regular expression of Rust's regex crate"))?;
    let hir = bounded(&parsed)?;
    let longest = hir.properties().maximum_len().unwrap_or(usize::MAX);
    match hir.properties().minimum_len() {
        None => return Err(Unusable("its pattern matches nothing at all")),
        Some(0) => return Err(Unusable("its pattern matches the empty text")),
        Some(_) if longest > LONGEST => {
            return Err(Unusable("its pattern matches more than 128 bytes"));
        }
        Some(_) => {}
    }
    let folded = folded(&hir, fold);
    if folded.properties().minimum_len() == Some(0) {
        return Err(Unusable(
            "what its pattern matches may be nothing when it is folded",
        ));
    }
    let is_one = compiled(&Hir::concat(vec![
        Hir::look(Look::Start),
        Hir::alternation(vec![hir.clone(), folded.clone()]),
        Hir::look(Look::End),
    ]))?;
    let expression = hir.to_string();
    // What is searched is what was written here, and must be readable again.
    compiled(&hir)?;
    let form = move |text: &str, emit: Emit<'_>| form(text, check, fold, emit);
    let (sample, example) = sample(&hir, &form)?;
    let space = count(&folded).map(|count| count * share(check));
    let pattern = Pattern {
        definition: definition.clone(),
        expression,
        longest,
        is_one: Box::new(move |text| text.len() <= 2 * LONGEST && is_one.is_match(text)),
        form: Box::new(form),
        sample,
    };
    Ok((pattern, Facts { example, space }))
}

fn compiled(hir: &Hir) -> Result<Regex, Unusable> {
    Regex::builder()
        .configure(
            Regex::config()
                .nfa_size_limit(Some(COMPILED))
                .onepass_size_limit(Some(COMPILED))
                .hybrid_cache_capacity(COMPILED),
        )
        .build_from_hir(hir)
        .map_err(|_| Unusable("its pattern is too large"))
}

/// Makes the canonical form of `text`, a match or the canonical form of one.
fn form(
    text: &str,
    check: Option<Check>,
    fold: Option<Fold>,
    emit: Emit<'_>,
) -> Result<(), Unusable> {
    if let Some(check) = check {
        check_digits(text, check, fold)?;
    }
    if !text.is_ascii() {
        let folded = text.chars().flat_map(|c| fold_char(c, fold)).nfc();
        emit(&folded.collect::<String>(), Variant::Exact);
        return Ok(());
    }
    let mut form = [0; 2 * LONGEST];
    let mut length = 0;
    for byte in text.bytes() {
        let folded = match fold {
            _ if byte == b' ' => continue,
            Some(Fold::Digits) if !byte.is_ascii_digit() => continue,
            Some(Fold::Upper) => byte.to_ascii_uppercase(),
            Some(Fold::Lower) => byte.to_ascii_lowercase(),
            Some(Fold::Digits) | None => byte,
        };
        *form.get_mut(length).ok_or(Unusable("too long"))? = folded;
        length += 1;
    }
    let form = std::str::from_utf8(form.get(..length).unwrap_or_default());
    emit(form.map_err(|_| Unusable("not text"))?, Variant::Exact);
    Ok(())
}

/// Makes a kind that stays until the process ends.
fn leak(pattern: Pattern, facts: &Facts) -> &'static Kind {
    let definition = &pattern.definition;
    let leaked = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    let headings: Vec<&'static str> = definition
        .headings
        .iter()
        .map(|text| leaked(text))
        .collect();
    let check = match definition.check {
        None => "its pattern".to_owned(),
        Some(check) => format!("its pattern; {}", check.name()),
    };
    let canonical_form = match definition.fold {
        None => "what its pattern matches, without blanks",
        Some(Fold::Upper) => "what its pattern matches, without blanks, in upper case",
        Some(Fold::Lower) => "what its pattern matches, without blanks, in lower case",
        Some(Fold::Digits) => "the digits of what its pattern matches",
    };
    Box::leak(Box::new(Kind {
        name: leaked(&definition.name),
        profile: 1,
        family: Family::Own,
        strength: definition.strength.unwrap_or(Strength::Weak),
        canonical_form,
        check: leaked(&check),
        source: "the organisation's own definition",
        example: leaked(&facts.example),
        headings: Box::leak(headings.into_boxed_slice()),
        space: facts.space,
        rate: None,
        born: None,
        canonical: |_, _, _| {
            Err(Unusable(
                "an organisation's own kind is read by its pattern",
            ))
        },
        shape: Shape::Pattern(Box::leak(Box::new(pattern))),
    }))
}
