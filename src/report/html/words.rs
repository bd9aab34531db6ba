//! Words for readers who are no engineers.

use minijinja::context;
use minijinja::value::Value;

use super::super::Outcome;

/// What a kind is called; its own name when nobody gave it another.
///
/// Only a courtesy: a kind that is not here is shown all the same.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a filter of the template gets its values owned"
)]
pub(super) fn kind(name: String) -> String {
    match name.as_str() {
        "email" => "e-mail address",
        "phone" => "telephone number",
        "iban" => "bank account (IBAN)",
        "card" => "payment card",
        "fi-hetu" => "Finnish personal identity code",
        "passport" => "passport number",
        "person" => "name with date of birth",
        "address" => "postal address",
        other => other,
    }
    .to_owned()
}

/// `text` as the beginning of a sentence.
pub(super) fn sentence(text: String) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => text,
    }
}

/// Keeps a percentage on one line.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a filter of the template gets its values owned"
)]
pub(super) fn unbroken(sentence: String) -> String {
    sentence.replace(" %", "\u{a0}%")
}

/// An outcome's class in the style sheet, and its name.
pub(super) fn outcome(outcome: Outcome) -> Value {
    let (class, name) = match outcome {
        Outcome::Complete => ("complete", "Complete"),
        Outcome::Incomplete => ("incomplete", "Incomplete run"),
        Outcome::Failed => ("failed", "Failed run"),
    };
    context! { class => class, name => name }
}
