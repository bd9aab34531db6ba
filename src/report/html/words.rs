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
        other => return national_words(other),
    }
    .to_owned()
}

/// The same for national numbers.
fn national_words(number: &str) -> String {
    match number {
        "se-pnr" => "Swedish personal identity number",
        "no-fnr" => "Norwegian national identity number",
        "dk-cpr" => "Danish CPR number",
        "is-kt" => "Icelandic kennitala",
        "ee-ik" => "Estonian personal identification code",
        "lv-pk" => "Latvian personal code",
        "lt-ak" => "Lithuanian personal code",
        "pl-pesel" => "Polish PESEL number",
        "de-idnr" => "German tax identification number",
        "nl-bsn" => "Dutch citizen service number (BSN)",
        "be-nn" => "Belgian national number",
        "fr-nir" => "French social security number (NIR)",
        "es-dni" => "Spanish DNI number",
        "es-nie" => "Spanish foreigner's number (NIE)",
        "it-cf" => "Italian tax code",
        "pt-nif" => "Portuguese tax number (NIF)",
        "ie-pps" => "Irish PPS number",
        "gb-nhs" => "British NHS number",
        "gb-nino" => "British National Insurance number",
        "ch-ahv" => "Swiss social security number (AHV)",
        "at-vnr" => "Austrian social insurance number",
        "cz-rc" => "Czech birth number",
        "sk-rc" => "Slovak birth number",
        "hu-taj" => "Hungarian social security number (TAJ)",
        "ro-cnp" => "Romanian personal numerical code",
        "bg-egn" => "Bulgarian uniform civil number",
        "hr-oib" => "Croatian personal number (OIB)",
        "si-emso" => "Slovenian EMŠO number",
        "gr-amka" => "Greek AMKA number",
        "tr-tckn" => "Turkish identity number",
        "ua-rnokpp" => "Ukrainian tax number",
        "us-ssn" => "US Social Security number",
        "ca-sin" => "Canadian Social Insurance number",
        "br-cpf" => "Brazilian CPF number",
        "mx-curp" => "Mexican CURP code",
        "ar-dni" => "Argentine DNI number",
        "cl-rut" => "Chilean RUT number",
        "au-tfn" => "Australian tax file number",
        "au-medicare" => "Australian Medicare number",
        "nz-ird" => "New Zealand IRD number",
        "in-aadhaar" => "Indian Aadhaar number",
        "in-pan" => "Indian PAN",
        "cn-ric" => "Chinese resident identity number",
        "kr-rrn" => "South Korean resident registration number",
        "jp-mynumber" => "Japanese My Number",
        "za-id" => "South African identity number",
        "il-id" => "Israeli identity number",
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
    fn every_kind_has_plain_words() {
        for known in crate::fingerprint::kinds::ALL {
            assert_ne!(kind(known.name.to_owned()), known.name);
        }
    }

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
