//! `BLINDSIFT_…` variables override values of the file.
//!
//! The name is the table's, the job's or source's and the key's, in upper case,
//! with `_` for `-`: `BLINDSIFT_LIMITS_BYTES`, `BLINDSIFT_SOURCE_BLOG_PROXY`.

use std::collections::BTreeMap;

use super::document::{Document, Entry, Value, expected};
use super::error::{At, Error};
use super::keys::nearest;

/// Variables that are read elsewhere, and why they are no key of the file.
///
/// The checker's key seals the catalog: a secret that a container gets from its
/// surroundings, not from a file that is copied about.
pub const ELSEWHERE: [&str; 1] = ["BLINDSIFT_CHECKER_KEY"];

/// How names of variables begin that configure the log.
pub const LOG_PREFIX: &str = "BLINDSIFT_LOG";

const PREFIX: &str = "BLINDSIFT_";

/// Puts the variables' values in the places that they name.
pub(super) fn apply(
    document: &mut Document,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<(), Error> {
    let mut variables: BTreeMap<String, String> = environment
        .filter(|(name, _)| name.starts_with(PREFIX))
        .filter(|(name, _)| !name.starts_with(LOG_PREFIX) && !ELSEWHERE.contains(&name.as_str()))
        .collect();
    let mut known = Vec::new();
    for section in document.sections_mut() {
        for key in section.table.keys {
            let name = section.variable(key);
            if let Some(text) = variables.remove(&name) {
                let at = At::Variable(name.clone());
                let Some(value) = Value::read(&text, key.shape, &at) else {
                    return Err(Error::Value {
                        at,
                        key: key.name.to_owned(),
                        expected: expected(key.shape),
                    });
                };
                section.set(key, Entry { value, at });
            }
            known.push(name);
        }
    }
    match variables.into_keys().next() {
        None => Ok(()),
        Some(name) => Err(Error::UnknownVariable {
            suggestion: nearest(&name, known.iter().map(String::as_str)).map(str::to_owned),
            name,
        }),
    }
}
