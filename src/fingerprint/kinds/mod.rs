//! The registry of kinds: one file each, one line each.
//!
//! Each file says in its header where its rule comes from, and its tests hold
//! vectors from that source.

mod email;
mod fi_hetu;
mod iban;
mod numbering;
pub mod person;
mod phone;

use crate::base::Kind;

/// Every kind, in the order in which `blindsift kinds` lists them.
pub static ALL: &[&Kind] = &[
    &email::KIND,
    &phone::KIND,
    &iban::KIND,
    &fi_hetu::KIND,
    &person::KIND,
];

/// The kind of that name; `_` may stand for `-`.
pub fn named(name: &str) -> Option<&'static Kind> {
    ALL.iter()
        .copied()
        .find(|kind| kind.name == name || kind.name == name.replace('_', "-"))
}

/// Every canonical form of `text`, or why there is none.
#[cfg(test)]
fn forms(
    kind: &Kind,
    text: &str,
    regions: &[&str],
) -> Result<Vec<(String, crate::base::Variant)>, &'static str> {
    let regions = crate::base::Regions::parse(regions.iter().copied()).unwrap();
    let mut forms = Vec::new();
    (kind.canonical)(text, &regions, &mut |form, variant| {
        forms.push((form.to_owned(), variant));
    })
    .map_err(|unusable| {
        assert_eq!(forms, [], "nothing may be emitted before an error");
        unusable.0
    })?;
    Ok(forms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Variant;
    use crate::fingerprint::{Fingerprinter, Key};
    use proptest::prelude::*;

    #[test]
    fn golden_vectors_keep_their_fingerprints() {
        let vectors = include_str!("../../../fixtures/fingerprint/vectors.tsv");
        let mut read = 0;
        for line in vectors.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let [key, label, input, canonical, fingerprint] = fields[..] else {
                panic!("five fields: {line}");
            };
            let mut key = crate::base::hex::decode::<32>(key).unwrap();
            let key = Key::from_bytes(&mut key);
            let kind = ALL.iter().find(|kind| kind.label() == label).unwrap();
            let forms = forms(kind, input, &["FI"]).unwrap();
            assert!(forms.iter().any(|(form, _)| form == canonical), "{line}");
            let computed = Fingerprinter::new(&key).of(kind, canonical).to_string();
            assert_eq!(computed, fingerprint, "{line}");
            read += 1;
        }
        assert_eq!(read, 25);
    }

    #[test]
    fn every_example_is_its_own_canonical_form() {
        for kind in ALL {
            let own = (kind.example.to_owned(), Variant::Exact);
            assert_eq!(forms(kind, kind.example, &[]), Ok(vec![own]));
        }
    }

    #[test]
    fn names_are_unique_and_headings_are_folded() {
        for (at, kind) in ALL.iter().enumerate() {
            assert!(ALL[..at].iter().all(|other| other.name != kind.name));
            for heading in kind.headings {
                let folded: String = heading
                    .chars()
                    .flat_map(char::to_lowercase)
                    .filter(|c| c.is_alphanumeric())
                    .collect();
                assert_eq!(folded, *heading);
            }
        }
        assert_eq!(named("fi_hetu").map(|kind| kind.name), Some("fi-hetu"));
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "\\PC{0,20}",
            "[0-9 +()./-]{0,20}",
            "[a-zÄß+._ -]{1,9}@[a-zÄß.-]{1,9}\\.[a-z]{2,3}",
            "\\PC{1,3}[a-z]@\\PC{1,3}[a-z]\\.fi",
            "[A-Z]{2}[0-9]{2}[ 0-9A-Z]{4,34}",
            "[0-3][0-9][01][0-9]{3}[-+AY][0-9]{3}[0-9A-Z]",
            "[A-Za-zÄØ' -]{1,20},? [1-3]{1,2}[./]1[0-2][./]19[0-9]{2}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn a_canonical_form_is_its_own_canonical_form(text in text()) {
            for kind in ALL {
                for (form, _) in forms(kind, &text, &["FI", "US"]).unwrap_or_default() {
                    let again = forms(kind, &form, &[]).unwrap();
                    prop_assert_eq!(&again[0], &(form, Variant::Exact));
                }
            }
        }
    }
}
