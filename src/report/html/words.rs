//! Words for readers who are no engineers.

use minijinja::context;
use minijinja::value::Value;

use super::super::Outcome;

/// What a kind or a data class is called; its own name when nobody gave it another.
///
/// Only a courtesy: one that is not here is shown all the same.
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
        class => return class_words(class),
    }
    .to_owned()
}

/// The same for data classes: `data/classes.tsv` has them all.
fn class_words(class: &str) -> String {
    match class {
        "password-hash" => "password (as a hash)",
        "credentials" => "access keys and tokens",
        "health" => "health data",
        "salary" => "salary or income",
        "account-number" => "account or card number",
        "session-notes" => "notes of therapy or treatment",
        "ip-address" => "IP address",
        "device" => "device number",
        "sexuality" => "sexual orientation",
        "politics" => "political views or union membership",
        "biometric" => "biometric data",
        "message" => "messages",
        "family" => "family members",
        "debt" => "debts or credit rating",
        "date-of-birth" => "date of birth",
        "criminal-record" => "criminal record",
        "identity-document" => "passport or identity card",
        plain => plain,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_called_by_plain_words_and_kinds_keep_their_names() {
        for (name, words) in [
            ("health", "health data"),
            ("date-of-birth", "date of birth"),
            ("password", "password"),
            ("email", "e-mail address"),
        ] {
            assert_eq!(kind(name.to_owned()), words);
        }
    }
}
