//! What several matches in one record of the leak say together.
//!
//! | in  | matches, and the people who have them                                  |
//! |-----|-------------------------------------------------------------------------|
//! | out | weak ones of one person that stand together; people who contradict      |
//! | not | a merged person: who stands beside whom is said, and both stay          |

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::base::{Origin, Strength};
use crate::fingerprint::Fingerprint;
use crate::matching::SHARED_BY;
use crate::report::Match;

/// Pairs of people that are listed for one record; in a record of a whole newsletter
/// everybody contradicts everybody.
const PAIRS: usize = 100;
/// Pairs that are listed of a report.
const CONFLICTS: usize = 100_000;

/// One record of the leak: source, place, number.
pub(super) type Place<'a> = (&'a str, Origin, u64);

/// Who has which matched identifier.
#[derive(Debug, Default)]
pub(super) struct Owners(HashMap<Fingerprint, BTreeMap<usize, u32>>);

impl Owners {
    /// Notes that the person of that number, and of that identity, has it.
    pub(super) fn add(&mut self, fingerprint: Fingerprint, person: usize, identity: u32) {
        let of_it = self.0.entry(fingerprint).or_default();
        of_it.entry(person).or_insert(identity);
    }

    fn of(&self, fingerprint: &Fingerprint) -> impl Iterator<Item = (usize, u32)> {
        let of_it = self.0.get(fingerprint).into_iter().flatten();
        of_it.map(|(person, identity)| (*person, *identity))
    }

    fn count(&self, fingerprint: &Fingerprint) -> usize {
        self.0.get(fingerprint).map_or(0, BTreeMap::len)
    }

    fn has(&self, person: usize, fingerprint: &Fingerprint) -> bool {
        let of_it = self.0.get(fingerprint);
        of_it.is_some_and(|of_it| of_it.contains_key(&person))
    }

    /// What a match is worth for each of its people, whatever the report says of it: what
    /// more of them share than a family is weak.
    pub(super) fn strength(&self, found: &Match) -> Strength {
        let identities: BTreeSet<u32> = self.of(&found.fingerprint).map(|(_, who)| who).collect();
        if identities.len() > SHARED_BY {
            Strength::Weak
        } else {
            found.strength
        }
    }
}

/// The records in which more than one match of somebody stands.
#[derive(Debug, Default)]
pub(super) struct Records<'a>(BTreeMap<Place<'a>, Vec<(&'a Match, Strength)>>);

impl<'a> Records<'a> {
    /// Those of `matches`, as far as they are somebody's.
    pub(super) fn of(matches: impl Iterator<Item = &'a Match>, owners: &Owners) -> Self {
        let mut records: BTreeMap<Place<'a>, Vec<(&Match, Strength)>> = BTreeMap::new();
        for found in matches.filter(|found| owners.count(&found.fingerprint) > 0) {
            let strength = owners.strength(found);
            // Headings and text outside of records have the number 0.
            let exposures = found.exposures.iter().filter(|one| one.record > 0);
            for at in exposures {
                let place = (at.source.as_str(), at.origin, at.record);
                records.entry(place).or_default().push((found, strength));
            }
        }
        for found in records.values_mut() {
            found.sort_by_key(|(found, _)| (found.fingerprint, found.kind.as_str()));
            found.dedup_by_key(|(found, _)| found.fingerprint);
        }
        records.retain(|_, found| found.len() > 1);
        Self(records)
    }

    /// People's weak matches that stand in one record with another one of theirs, of
    /// another kind: together they count as compound.
    pub(super) fn together(&self, owners: &Owners) -> BTreeSet<(usize, Fingerprint)> {
        let mut together = BTreeSet::new();
        let mut done: BTreeSet<Vec<Fingerprint>> = BTreeSet::new();
        for found in self.0.values() {
            let weak = found.iter().filter(|(_, s)| *s == Strength::Weak);
            let weak: Vec<&Match> = weak.map(|(found, _)| *found).collect();
            // The same few stand together in many records.
            let prints = weak.iter().map(|found| found.fingerprint).collect();
            if weak.len() > 1 && done.insert(prints) {
                together.extend(compound(weak, owners));
            }
        }
        together
    }

    /// People who stand in one record, each by a strong identifier that the other does
    /// not have; and how many such pairs are not listed.
    pub(super) fn conflicts(&self, owners: &Owners) -> (Vec<Conflict<'a>>, u64) {
        let (mut conflicts, mut left_out) = (Vec::new(), 0);
        for (place, found) in &self.0 {
            let mut people: BTreeMap<usize, (u32, Vec<&'a Match>)> = BTreeMap::new();
            for (found, _) in found.iter().filter(|(_, s)| *s == Strength::Strong) {
                for (person, identity) in owners.of(&found.fingerprint) {
                    let of_them = people.entry(person).or_insert((identity, Vec::new()));
                    of_them.1.push(found);
                }
            }
            let mut listed = 0;
            'record: for (number, (person, one)) in people.iter().enumerate() {
                for (other, another) in people.iter().skip(number + 1) {
                    let kinds = [
                        kinds_without(&one.1, *other, owners),
                        kinds_without(&another.1, *person, owners),
                    ];
                    let is_one = one.0 == another.0 || kinds.iter().any(BTreeSet::is_empty);
                    if is_one {
                        continue;
                    }
                    if listed == PAIRS || conflicts.len() == CONFLICTS {
                        left_out += 1;
                        break 'record;
                    }
                    listed += 1;
                    conflicts.push(Conflict {
                        place: *place,
                        people: [*person, *other],
                        kinds,
                    });
                }
            }
        }
        (conflicts, left_out)
    }
}

/// Two people in one record.
#[derive(Debug)]
pub(super) struct Conflict<'a> {
    pub(super) place: Place<'a>,
    pub(super) people: [usize; 2],
    /// By which kinds each of them stands there.
    pub(super) kinds: [BTreeSet<&'a str>; 2],
}

/// The kinds of `found` but of those that `person` has, too.
fn kinds_without<'a>(found: &[&'a Match], person: usize, owners: &Owners) -> BTreeSet<&'a str> {
    let others = found
        .iter()
        .filter(|found| !owners.has(person, &found.fingerprint));
    others.map(|found| found.kind.as_str()).collect()
}

/// The weak matches of one record that are compound for somebody.
fn compound(mut weak: Vec<&Match>, owners: &Owners) -> Vec<(usize, Fingerprint)> {
    // Whoever has two has one that is not the most widely shared.
    weak.sort_by_key(|found| std::cmp::Reverse(owners.count(&found.fingerprint)));
    let mut people: BTreeMap<usize, u32> = BTreeMap::new();
    for found in weak.iter().skip(1) {
        people.extend(owners.of(&found.fingerprint));
    }
    let mut alike: BTreeMap<Vec<Fingerprint>, Vec<(usize, u32)>> = BTreeMap::new();
    for (person, identity) in people {
        let own = weak
            .iter()
            .filter(|found| owners.has(person, &found.fingerprint));
        let own: Vec<&&Match> = own.collect();
        let kinds: BTreeSet<&str> = own.iter().map(|found| found.kind.as_str()).collect();
        if kinds.len() > 1 {
            let prints = own.iter().map(|found| found.fingerprint).collect();
            let of_them: &mut Vec<_> = alike.entry(prints).or_default();
            of_them.push((person, identity));
        }
    }
    // The address and the number of an institution say no more together than alone.
    alike.retain(|_, people| {
        let identities: BTreeSet<u32> = people.iter().map(|(_, who)| *who).collect();
        identities.len() <= SHARED_BY
    });
    let pairs = alike.into_iter().flat_map(|(prints, people)| {
        people
            .into_iter()
            .flat_map(move |(person, _)| prints.clone().into_iter().map(move |p| (person, p)))
    });
    pairs.collect()
}

#[cfg(test)]
#[path = "records_tests.rs"]
mod tests;
