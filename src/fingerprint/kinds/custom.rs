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

use std::sync::{Mutex, PoisonError};

use regex_automata::meta::Regex;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};
use unicode_normalization::UnicodeNormalization as _;

use super::named;
use super::rules::{luhn, verhoeff};
use crate::base::{
    Check, Definition, Emit, Family, Fold, Kind, Pattern, Shape, Strength, Unusable, Variant,
};

/// Kinds of one list, at most.
pub const MOST: usize = 32;
/// Definitions that one process uses, at most: what is made of one stays for good, so
/// that a checker that runs for months must not be filled with them.
const MOST_EVER: usize = 1024;
/// Bytes of a match, at most.
pub const LONGEST: usize = 128;
/// How often `+` and `*` repeat, at most.
pub const REPEATED: u32 = 32;
/// Bytes of a compiled pattern, at most.
const COMPILED: usize = 512 << 10;
/// Brackets within brackets, at most.
const NESTED: u32 = 24;
/// Texts of a pattern that are tried until one's check digits fit: of mod 97, one in
/// 97 does, and that none of so many does has a chance of e^-40.
const TRIES: usize = 4096;
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
    let kind = leak(pattern, facts);
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
    let is_one = compiled(Hir::concat(vec![
        Hir::look(Look::Start),
        Hir::alternation(vec![hir.clone(), folded.clone()]),
        Hir::look(Look::End),
    ]))?;
    let expression = hir.to_string();
    // What is searched is what was written here, and must be readable again.
    compiled(hir.clone())?;
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

/// `pattern` with classes of ASCII for `\d`, `\w` and `\s`, and what they leave out.
fn of_ascii(pattern: &str) -> String {
    let mut of_ascii = String::new();
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            of_ascii.push(c);
            continue;
        }
        match characters.next() {
            Some('d') => of_ascii.push_str("[0-9]"),
            Some('w') => of_ascii.push_str("[0-9A-Za-z_]"),
            Some('s') => of_ascii.push_str("[\\ ]"),
            Some(other) => of_ascii.extend(['\\', other]),
            None => of_ascii.push('\\'),
        }
    }
    of_ascii
}

/// `hir` without captures and without repetitions that have no end.
fn bounded(hir: &Hir) -> Result<Hir, Unusable> {
    const FEED: Unusable = Unusable(
        "its pattern matches a line feed: name what it may match, `[^-\\n\\r]` instead of `[^-]`",
    );
    let all = |hirs: &[Hir]| hirs.iter().map(bounded).collect::<Result<Vec<_>, _>>();
    Ok(match hir.kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Look(_) => {
            return Err(Unusable(
                "its pattern has `^`, `$` or `\\b`: leave them out, nothing is found within a longer word",
            ));
        }
        HirKind::Literal(literal) => {
            if literal.0.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
                return Err(FEED);
            }
            hir.clone()
        }
        HirKind::Class(class) => {
            let class = without_strays(unicode(class)?);
            let feeds = ['\n', '\r'];
            let has_feed = |range: &ClassUnicodeRange| {
                feeds
                    .iter()
                    .any(|c| (range.start()..=range.end()).contains(c))
            };
            if class.ranges().iter().any(has_feed) {
                return Err(FEED);
            }
            Hir::class(Class::Unicode(class))
        }
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            max: Some(repetition.max.unwrap_or(repetition.min.max(REPEATED))),
            ..repetition.with(bounded(&repetition.sub)?)
        }),
        HirKind::Capture(capture) => bounded(&capture.sub)?,
        HirKind::Concat(hirs) => Hir::concat(all(hirs)?),
        HirKind::Alternation(hirs) => Hir::alternation(all(hirs)?),
    })
}

/// `class` without the long s and the Kelvin sign, which come along where the case of
/// `s` and `k` makes no difference, and which nobody means.
fn without_strays(class: ClassUnicode) -> ClassUnicode {
    let strays = ['\u{17f}', '\u{212a}'].map(|c| ClassUnicodeRange::new(c, c));
    let mut without = class.clone();
    without.difference(&ClassUnicode::new(strays));
    if without.ranges().is_empty() {
        class
    } else {
        without
    }
}

fn unicode(class: &Class) -> Result<ClassUnicode, Unusable> {
    match class {
        Class::Unicode(class) => Ok(class.clone()),
        Class::Bytes(class) => class
            .to_unicode_class()
            .ok_or(Unusable("its pattern matches bytes that are no text")),
    }
}

/// What the canonical forms of the matches of `hir` are.
fn folded(hir: &Hir, fold: Option<Fold>) -> Hir {
    let all = |hirs: &[Hir]| hirs.iter().map(|hir| folded(hir, fold)).collect();
    match hir.kind() {
        HirKind::Literal(literal) => {
            let text = String::from_utf8_lossy(&literal.0);
            let text: String = text.chars().flat_map(|c| fold_char(c, fold)).collect();
            Hir::literal(text.into_bytes())
        }
        HirKind::Class(Class::Unicode(class)) => folded_class(class, fold),
        HirKind::Repetition(repetition) => {
            Hir::repetition(repetition.with(folded(&repetition.sub, fold)))
        }
        HirKind::Concat(hirs) => Hir::concat(all(hirs)),
        HirKind::Alternation(hirs) => Hir::alternation(all(hirs)),
        HirKind::Empty | HirKind::Look(_) | HirKind::Capture(_) | HirKind::Class(_) => hir.clone(),
    }
}

/// The characters of `class` that stay; nothing for those that go.
fn folded_class(class: &ClassUnicode, fold: Option<Fold>) -> Hir {
    let of = |start, end| ClassUnicode::new([ClassUnicodeRange::new(start, end)]);
    let mut kept = class.clone();
    let mut gone = class.clone();
    if fold == Some(Fold::Digits) {
        kept.intersect(&of('0', '9'));
        gone.difference(&of('0', '9'));
    } else {
        kept.difference(&of(' ', ' '));
        gone.intersect(&of(' ', ' '));
    }
    // Case makes no difference to it, so the other case is there as well.
    match fold {
        Some(Fold::Upper) => kept.difference(&of('a', 'z')),
        Some(Fold::Lower) => kept.difference(&of('A', 'Z')),
        Some(Fold::Digits) | None => {}
    }
    let (is_kept, is_gone) = (!kept.ranges().is_empty(), !gone.ranges().is_empty());
    let kept = Hir::class(Class::Unicode(kept));
    match (is_kept, is_gone) {
        (true, true) => Hir::alternation(vec![kept, Hir::empty()]),
        (false, true) => Hir::empty(),
        (_, false) => kept,
    }
}

/// What becomes of a character.
fn fold_char(c: char, fold: Option<Fold>) -> impl Iterator<Item = char> {
    let is_gone = c == ' ' || fold == Some(Fold::Digits) && !c.is_ascii_digit();
    let upper = (!is_gone && fold == Some(Fold::Upper)).then(|| c.to_uppercase());
    let lower = (!is_gone && fold == Some(Fold::Lower)).then(|| c.to_lowercase());
    let same = (!is_gone && upper.is_none() && lower.is_none()).then_some(c);
    let upper = upper.into_iter().flatten();
    upper.chain(lower.into_iter().flatten()).chain(same)
}

fn compiled(hir: Hir) -> Result<Regex, Unusable> {
    Regex::builder()
        .configure(
            Regex::config()
                .nfa_size_limit(Some(COMPILED))
                .onepass_size_limit(Some(COMPILED))
                .hybrid_cache_capacity(COMPILED),
        )
        .build_from_hir(&hir)
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

/// Checks the check digits of `text` as [`Check`] says.
fn check_digits(text: &str, check: Check, fold: Option<Fold>) -> Result<(), Unusable> {
    let are_parts = |letters: bool| letters && fold != Some(Fold::Digits);
    let mut digits = [0; 2 * LONGEST];
    let mut length = 0;
    for byte in text.bytes() {
        let is_part = byte.is_ascii_digit()
            || byte.is_ascii_alphabetic() && are_parts(check == Check::Mod97)
            || matches!(byte, b'X' | b'x') && are_parts(check == Check::Mod11);
        if is_part {
            *digits.get_mut(length).ok_or(Unusable("too long"))? = byte.to_ascii_uppercase();
            length += 1;
        }
    }
    let mut digits = digits.get(..length).unwrap_or_default();
    if check == Check::Mod11 {
        // A letter in front is no digit.
        while let [b'X', rest @ ..] = digits {
            digits = rest;
        }
    }
    let fits = digits.len() > 1
        && match check {
            Check::Luhn => luhn(digits),
            Check::Verhoeff => verhoeff(digits),
            Check::Mod11 => mod11(digits),
            Check::Mod97 => mod97(digits) == 1,
        };
    fits.then_some(())
        .ok_or(Unusable("the check digit does not fit"))
}

fn mod11(digits: &[u8]) -> bool {
    let mut sum = 0;
    for (weight, byte) in (1_u32..).zip(digits.iter().rev()) {
        let value = match byte {
            b'X' if weight == 1 => 10,
            b'0'..=b'9' if weight <= 10 => u32::from(byte - b'0'),
            _ => return false,
        };
        sum += weight * value;
    }
    sum.is_multiple_of(11)
}

/// The number that `characters` spell, modulo 97; A is 10.
fn mod97(characters: &[u8]) -> u32 {
    let last = characters.last_chunk::<2>();
    if !last.is_some_and(|check| check.iter().all(u8::is_ascii_digit)) {
        return 0;
    }
    characters.iter().fold(0, |value, byte| {
        let digit = char::from(*byte).to_digit(36).unwrap_or(0);
        (value * if digit < 10 { 10 } else { 100 } + digit) % 97
    })
}

/// The share of numbers that a check lets through.
fn share(check: Option<Check>) -> f64 {
    match check {
        None => 1.0,
        Some(Check::Luhn | Check::Verhoeff) => 1.0 / 10.0,
        Some(Check::Mod11) => 1.0 / 11.0,
        Some(Check::Mod97) => 1.0 / 97.0,
    }
}

/// How many texts `hir` matches, where it is a plain sequence of characters.
fn count(hir: &Hir) -> Option<f64> {
    match hir.kind() {
        HirKind::Empty | HirKind::Literal(_) => Some(1.0),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges().iter();
            let counts = ranges.map(|range| range.len());
            Some(counts.fold(0.0, |sum, count| {
                sum + f64::from(u32::try_from(count).unwrap_or(u32::MAX))
            }))
        }
        HirKind::Repetition(repetition) => {
            let one = count(&repetition.sub)?;
            let counts = repetition.min..=repetition.max?;
            Some(counts.fold(0.0, |sum, times| {
                sum + one.powi(i32::try_from(times).unwrap_or(i32::MAX))
            }))
        }
        HirKind::Concat(hirs) => {
            let mut counts = hirs.iter().map(count);
            counts.try_fold(1.0, |product, count| Some(product * count?))
        }
        _ => None,
    }
}

/// A text of nobody that `hir` matches, and its canonical form.
fn sample(
    hir: &Hir,
    form: &dyn Fn(&str, Emit<'_>) -> Result<(), Unusable>,
) -> Result<(String, String), Unusable> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut pick = |sides: u64| {
        // Xorshift; Marsaglia, 2003. The same ones every time.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % sides.max(1)
    };
    // What begins or ends with a blank, or holds a format's own characters, would
    // be found in a leak, but not in every canary.
    let is_plain = |text: &str| {
        text.trim() == text
            && !text.contains("  ")
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || " -./_:#".contains(c))
    };
    let mut is_any_plain = false;
    for _ in 0..TRIES {
        let mut text = String::new();
        write(hir, &mut pick, &mut text);
        if !is_plain(&text) {
            continue;
        }
        is_any_plain = true;
        let mut canonical = String::new();
        if form(&text, &mut |form, _| form.clone_into(&mut canonical)).is_ok() {
            return Ok((text, canonical));
        }
    }
    Err(Unusable(if is_any_plain {
        "no text of its pattern has a check digit that fits"
    } else {
        "no text of its pattern is of ASCII letters, digits, blanks and `-./_:#` alone"
    }))
}

/// Writes a text that `hir` matches, of ASCII where it can be.
fn write(hir: &Hir, pick: &mut impl FnMut(u64) -> u64, text: &mut String) {
    match hir.kind() {
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            let mut plain = class.clone();
            plain.intersect(&ClassUnicode::new(
                [('0', '9'), ('A', 'Z'), ('a', 'z')]
                    .map(|(start, end)| ClassUnicodeRange::new(start, end)),
            ));
            let class = if plain.ranges().is_empty() {
                class
            } else {
                &plain
            };
            let all = || {
                class
                    .ranges()
                    .iter()
                    .flat_map(|range| range.start()..=range.end())
            };
            let count = class.ranges().iter().map(|range| range.len() as u64).sum();
            text.extend(
                usize::try_from(pick(count))
                    .ok()
                    .and_then(|nth| all().nth(nth)),
            );
        }
        HirKind::Repetition(repetition) => {
            let more = repetition
                .max
                .unwrap_or(repetition.min)
                .min(repetition.min + 9)
                - repetition.min;
            let more = u32::try_from(pick(u64::from(more) + 1)).unwrap_or(0);
            for _ in 0..repetition.min + more {
                write(&repetition.sub, pick, text);
            }
        }
        HirKind::Concat(hirs) => hirs.iter().for_each(|hir| write(hir, pick, text)),
        HirKind::Alternation(hirs) => {
            let nth = usize::try_from(pick(hirs.len() as u64)).unwrap_or(0);
            if let Some(hir) = hirs.get(nth) {
                write(hir, pick, text);
            }
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Capture(_) | HirKind::Class(_) => {}
    }
}

/// Makes a kind that stays until the process ends.
fn leak(pattern: Pattern, facts: Facts) -> &'static Kind {
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
        born: None,
        canonical: |_, _, _| {
            Err(Unusable(
                "an organisation's own kind is read by its pattern",
            ))
        },
        shape: Shape::Pattern(Box::leak(Box::new(pattern))),
    }))
}

#[cfg(test)]
#[path = "custom_tests.rs"]
mod tests;
