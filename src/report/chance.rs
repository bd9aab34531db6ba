//! How many matches chance alone would give, and when that makes matches weak.
//!
//! A number that is no identifier may still look like one, and meet a listed one. If
//! every candidate were such a number, drawn at random, each would meet an entry with a
//! chance of entries by number space, so that candidates x entries / space matches come
//! from nothing. Real identifiers of other people meet no entry, so this is an upper
//! bound: it is shown as it is, and nobody is told more than it says.
//!
//! What it means for a match depends on two things. *How many were found*: of 500
//! matches with 0.3 expected, less than one in a thousand is chance; one match with 0.3
//! expected is chance as likely as not. *What the candidates are*: where a column holds
//! identifiers, nearly everything passes the check; where random digits pass it, many
//! more are refused beside them. With `r` the share of random texts that pass, so many
//! refused ones stand for refused x r / (1 - r) that passed by chance.

use std::collections::BTreeMap;

use super::{Chance, Count};
use crate::base::Kind;
use crate::fingerprint::kinds;

/// Of the matches of a kind, at most so large a share may be chance; with a larger one
/// each of them is weak.
const MOST_BY_CHANCE: f64 = 0.01;
/// The figures for a list of these `entries`, after so many `candidates` of each kind
/// and so many `refused`.
pub(super) fn figures(
    candidates: &Count,
    refused: &Count,
    entries: &Count,
) -> BTreeMap<String, Chance> {
    let figures = entries.iter().filter_map(|(name, entries)| {
        let space = kinds::named(name)?.space?;
        let candidates = candidates.get(name).copied().unwrap_or(0);
        let chance = Chance {
            candidates,
            refused: refused.get(name).copied().unwrap_or(0),
            entries: *entries,
            space,
            expected: rounded(number(candidates) * number(*entries) / space),
        };
        Some((name.clone(), chance))
    });
    figures.collect()
}

/// Whether `found` matches of a kind are weak, each of them, for `chance`.
pub(super) fn weakens(kind: &Kind, chance: &Chance, found: u64) -> bool {
    chance.expected * random_share(kind, chance) > MOST_BY_CHANCE * number(found)
}

/// The share of the candidates that are no identifiers of anybody.
fn random_share(kind: &Kind, chance: &Chance) -> f64 {
    // Candidates of a loose shape have passed no check.
    if kind.shape.is_loose() {
        return 1.0;
    }
    let rate = kind.chance().min(0.99);
    let random = number(chance.refused) * rate / (1.0 - rate);
    (random / number(chance.candidates.max(1))).min(1.0)
}

#[expect(clippy::cast_precision_loss, reason = "an estimate needs no 53 bits")]
fn number(count: u64) -> f64 {
    count as f64
}

/// To four digits, which come back the same from any reader of JSON.
fn rounded(figure: f64) -> f64 {
    if figure < 1e-15 {
        return 0.0;
    }
    format!("{figure:.3e}").parse().unwrap_or(figure)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "what is rounded is exact")]
mod tests {
    use super::*;

    fn kind(name: &str) -> &'static Kind {
        kinds::named(name).unwrap()
    }

    fn chance(kind_name: &str, candidates: u64, entries: u64) -> Chance {
        let one = |count| Count::from([(kind_name.to_owned(), count)]);
        figures(&one(candidates), &Count::new(), &one(entries))[kind_name]
    }

    #[test]
    fn as_many_are_expected_as_candidates_meet_entries() {
        // 13 separators, 36,525 days, 998 numbers: 473,875,350 codes.
        let figure = chance("fi-hetu", 1_000_000, 40_000);
        assert_eq!(figure.space, 473_875_350.0);
        // 10^6 x 4 x 10^4 / 473,875,350 = 84.41.
        assert_eq!((figure.candidates, figure.entries), (1_000_000, 40_000));
        assert_eq!(figure.expected, 84.41);
        assert_eq!(chance("fi-hetu", 0, 40_000).expected, 0.0);
    }

    #[test]
    fn kinds_that_chance_cannot_meet_have_no_figure() {
        let entries = Count::from(["email", "person", "nonsense"].map(|name| (name.into(), 9)));
        assert_eq!(figures(&entries, &entries, &entries), BTreeMap::new());
    }

    #[test]
    fn few_matches_are_weak_where_many_are_not() {
        let figure = |expected| Chance {
            expected,
            ..chance("phone", 1, 1)
        };
        for (expected, found, is_weak) in [
            (0.3, 500, false),
            (0.3, 1, true),
            (0.009, 1, false),
            (0.02, 1, true),
            (0.02, 3, false),
            (5.0, 500, false),
            (6.0, 500, true),
            (0.0, 1, false),
        ] {
            let weakens = weakens(kind("phone"), &figure(expected), found);
            assert_eq!(weakens, is_weak, "{expected} of {found}");
        }
    }

    #[test]
    fn a_check_that_tells_is_not_overruled_by_the_figure() {
        // 300,000 codes of other people beside ten of the list's: nobody's is random.
        let figure = chance("fi-hetu", 300_000, 40_000);
        assert!(figure.expected > 10.0);
        assert!(!weakens(kind("fi-hetu"), &figure, 10));
        // Some with a slip of the pen, of which one in a thousand passes: 3 by chance.
        let slips = Chance {
            refused: 3_000,
            ..figure
        };
        assert!(!weakens(kind("fi-hetu"), &slips, 10));
    }

    #[test]
    fn what_passes_among_many_that_are_refused_is_chance() {
        // Nine digits, of which one in eleven passes, and as many have passed.
        let figure = Chance {
            refused: 1_000_000,
            ..chance("nl-bsn", 100_000, 40_000)
        };
        assert!(weakens(kind("nl-bsn"), &figure, 40));
        // The same candidates with next to nothing refused are a column of numbers.
        let column = Chance {
            refused: 500,
            ..figure
        };
        assert!(!weakens(kind("nl-bsn"), &column, 40));
    }

    #[test]
    fn figures_come_back_from_json_as_they_were() {
        for figure in [1.0 / 3.0, 1e-14 / 3.0, 2e9 / 7.0, 0.0, 1e-300] {
            let figure = rounded(figure);
            let text = serde_json::to_string(&figure).unwrap();
            assert_eq!(
                serde_json::from_str::<f64>(&text).unwrap(),
                figure,
                "{text}"
            );
        }
    }
}
