//! Expressions as they are searched for, and as canonical forms have them.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};

use crate::base::{Fold, Unusable};

/// How often `+` and `*` repeat, at most.
pub const REPEATED: u32 = 32;

/// `pattern` with classes of ASCII for `\d`, `\w` and `\s`, and what they leave out.
pub(super) fn of_ascii(pattern: &str) -> String {
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
pub(super) fn bounded(hir: &Hir) -> Result<Hir, Unusable> {
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
pub(super) fn folded(hir: &Hir, fold: Option<Fold>) -> Hir {
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
pub(super) fn fold_char(c: char, fold: Option<Fold>) -> impl Iterator<Item = char> {
    let is_gone = c == ' ' || fold == Some(Fold::Digits) && !c.is_ascii_digit();
    let upper = (!is_gone && fold == Some(Fold::Upper)).then(|| c.to_uppercase());
    let lower = (!is_gone && fold == Some(Fold::Lower)).then(|| c.to_lowercase());
    let same = (!is_gone && upper.is_none() && lower.is_none()).then_some(c);
    let upper = upper.into_iter().flatten();
    upper.chain(lower.into_iter().flatten()).chain(same)
}
