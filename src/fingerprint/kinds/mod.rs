//! The registry of kinds: one file each, one line each.
//!
//! Each file says in its header where its rule comes from, and its tests hold
//! vectors from that source.

mod address;
mod email;
mod iban;
mod national;
mod numbering;
pub mod person;
mod phone;
mod romanised;
mod rules;

use crate::base::Kind;

/// Every kind, in the order in which `blindsift kinds` lists them.
pub static ALL: &[&Kind] = &[
    &email::KIND,
    &phone::KIND,
    &iban::KIND,
    &national::fi::HETU,
    &person::KIND,
    &address::KIND,
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
    kind.read(text, &regions, &mut |form, variant| {
        forms.push((form.to_owned(), variant));
    })
    .map_err(|unusable| {
        assert_eq!(forms, [], "nothing may be emitted before an error");
        unusable.0
    })?;
    Ok(forms)
}

#[cfg(test)]
mod tests;
