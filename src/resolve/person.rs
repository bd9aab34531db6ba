//! Placeholder: the plain case of two names, until the registry has `person`.

/// The canonical form of a given name, a family name and an ISO date.
pub(super) fn pairs(given: &str, family: &str, date: &str) -> Vec<String> {
    let (given, family) = (given.trim().to_lowercase(), family.trim().to_lowercase());
    if given.is_empty() || family.is_empty() {
        return Vec::new();
    }
    let mut parts = [given, family];
    parts.sort();
    vec![format!("{} {date}", parts.join(" "))]
}

/// The canonical form of a whole name of two words and an ISO date.
pub(super) fn pairs_of_name(name: &str, date: &str) -> Vec<String> {
    match name.trim().split_once(' ') {
        Some((given, family)) => pairs(given, family, date),
        None => Vec::new(),
    }
}

/// Every canonical form that a whole name and an ISO date may have been given.
pub(super) fn all_pairs(name: &str, date: &str) -> Vec<String> {
    pairs_of_name(name, date)
}
