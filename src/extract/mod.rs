//! Finds what looks like an identifier in decoded text.
//!
//! | in  | a [`Piece`] of text with its records                              |
//! |-----|-------------------------------------------------------------------|
//! | out | [`Candidate`]s: canonical forms, and where they stand             |
//! | not | kinds that no list holds: those are not even looked for           |
//!
//! This stage knows shapes, never kinds: a [`Kind`] brings its shape along. One
//! pass goes from anchor to anchor (`anchor.rs`) and asks the finder of each
//! shape what stands around it; people (`person.rs`) are put together from the
//! records that hold a date, addresses (`address.rs`) from those with a postcode.

mod address;
mod anchor;
mod bespoke;
mod classes;
mod code;
mod hidden;
mod mailbox;
mod names;
mod pattern;
mod person;
mod record;
mod telephone;
mod tied;
mod wanted;
mod words;
mod zone;

use std::fmt;
use std::ops::Range;

use crate::base::{Family, Kind, Layout, Piece, Regions, Shape, Variant};

pub use record::index as record_at;

use address::Addresses;
use classes::{ClassSet, Classes};
use person::People;
use record::{Seen, Unit};
use wanted::Wanted;

/// Bytes before the piece's own that are walked, so that a number that begins
/// among them is known when its later groups are met.
const CONTEXT: usize = 96;
/// Bytes behind the piece's own in which the anchor of a candidate can stand that
/// begins before.
const REACH: usize = 2 * mailbox::REACH;
/// A kind whose check lets more random texts through than this is named beside a
/// hit only where it is likely to be met: of the digits of a page, some always pass.
const NAMED: f64 = 1e-4;
/// A check that lets more through than this is no reason to think that digits are
/// no telephone number.
const CLAIMING: f64 = 0.01;

/// Looks for the kinds that it was made for. One per worker: it owns buffers.
pub struct Extractor {
    wanted: Wanted,
    /// The kinds that are named beside a hit.
    known: Wanted,
    /// Those of them that claim the bytes of a number.
    claiming: Wanted,
    classes: Classes,
    people: Option<People>,
    addresses: Option<Addresses>,
    regions: Regions,
    /// What stands in the units that were looked at last, of this piece.
    seen: Vec<Seen>,
}

/// Something that looks like an identifier.
///
/// It passed its kind's check, unless its shape [is loose](Shape::is_loose):
/// then [`Extractor::confirms`] must be asked before a hit on it counts.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// What it is.
    pub kind: &'static Kind,
    /// In which way `canonical` stands for it.
    pub variant: Variant,
    /// Its canonical form.
    pub canonical: &'a str,
    /// Where it stands in the piece's text.
    pub span: Range<usize>,
}

// It comes from the leak: nothing of it is shown.
impl fmt::Debug for Candidate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Candidate({}, {:?})", self.kind.name, self.span)
    }
}

impl fmt::Debug for Extractor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Extractor")
    }
}

impl Extractor {
    /// Looks for `kinds`, reading national notations with `regions`.
    ///
    /// `known` are all kinds there are; those of them that are likely are used at
    /// hits only: to tell what else stands in a record, and which codes claim the
    /// bytes of a number; and for the dates of birth in identity codes.
    pub fn new(kinds: &[&'static Kind], known: &[&'static Kind], regions: &Regions) -> Self {
        let wanted = Wanted::of(kinds, regions);
        let mut known = known.to_vec();
        known.retain(|kind| kinds.contains(kind) || is_likely(kind, regions));
        let mut claiming = known.clone();
        claiming.retain(|kind| kind.chance() <= CLAIMING);
        // Codes that tell a date of birth.
        let telling = known.iter().copied().filter(|kind| kind.born.is_some());
        let telling = telling.collect();
        let known = Wanted::of(&known, regions);
        let person = kinds
            .iter()
            .find(|kind| matches!(kind.shape, Shape::Person));
        let address = kinds
            .iter()
            .find(|kind| matches!(kind.shape, Shape::Address));
        Self {
            addresses: address.map(|kind| Addresses::new(kind, regions)),
            people: person.map(|kind| People::new(kind, telling)),
            wanted,
            known,
            claiming: Wanted::of(&claiming, regions),
            classes: Classes::new(),
            regions: regions.clone(),
            seen: Vec::new(),
        }
    }

    /// Tries at most `pairs` pairs of names with dates in one record, and as many
    /// streets with postcodes.
    #[must_use]
    pub fn with_names_limit(mut self, pairs: usize) -> Self {
        if let Some(people) = &mut self.people {
            people.set_limit(pairs);
        }
        if let Some(addresses) = &mut self.addresses {
            addresses.set_limit(pairs);
        }
        self
    }

    /// Whether the limit of pairs was met since this was asked last.
    pub fn names_limit_met(&mut self) -> bool {
        let people = self.people.as_mut().is_some_and(People::limit_met);
        let addresses = self.addresses.as_mut();
        addresses.is_some_and(Addresses::limit_met) || people
    }

    /// Hands every candidate that begins in the piece's own bytes to `each`; a
    /// person begins where the date does, an address where the postcode does.
    ///
    /// They come in no particular order. One identifier can give several, where
    /// it is open how it is to be read.
    pub fn candidates(&mut self, piece: &Piece<'_>, each: &mut dyn FnMut(&Candidate<'_>)) {
        self.seen.clear();
        self.classes.turn();
        let mut give = |kind, variant, canonical: &str, span: Range<usize>| {
            if piece.own.contains(&span.start) {
                each(&Candidate {
                    kind,
                    variant,
                    canonical,
                    span,
                });
            }
        };
        self.wanted.count_in(piece.own.clone());
        let around = piece.own.start.saturating_sub(CONTEXT)..piece.own.end.saturating_add(REACH);
        self.wanted
            .walk(piece.text, around, &self.regions, &mut give);
        if let Some(people) = &mut self.people {
            let kind = people.kind;
            people.find(piece, &self.regions, &mut |canonical, span| {
                give(kind, Variant::Exact, canonical, span);
            });
        }
        if let Some(addresses) = &mut self.addresses {
            let kind = addresses.kind;
            addresses.find(piece, &mut |canonical, span| {
                give(kind, Variant::Exact, canonical, span);
            });
        }
    }

    /// Hands out how many texts each kind has refused since this was asked last: they
    /// had the layout of one of its numbers and did not pass its check.
    pub fn take_refused(&mut self, each: &mut dyn FnMut(&'static Kind, u64)) {
        self.wanted.take_refused(each);
    }

    /// Whether what was found at `span` is an identifier of `kind` after all:
    /// for a shape that [is loose](Shape::is_loose), the kind reads it as
    /// `canonical` and no code with a check digit claims it.
    pub fn confirms(
        &self,
        piece: &Piece<'_>,
        kind: &'static Kind,
        canonical: &str,
        span: &Range<usize>,
    ) -> bool {
        !kind.shape.is_loose()
            || (self.reads(piece.text, kind, canonical, span) && !self.claimed(piece, span))
    }

    /// Whether a valid code of a known kind stands on some of the bytes of `span`.
    pub fn claimed(&self, piece: &Piece<'_>, span: &Range<usize>) -> bool {
        self.claiming.claims(piece.text, span, &self.regions)
    }

    /// What stands in the same record as `span`, sorted by name: the kinds of
    /// identifiers other than `kind` itself, and data classes. The piece is the one
    /// that was given to [`Extractor::candidates`] last.
    ///
    /// In free text the record is the line; where no other identifier stands in it,
    /// the paragraph; then the whole piece, up to 16 KiB: but never so wide that it
    /// is about two people. Data classes are those of the widest of them: the notes
    /// of a page are about the one whom its first line names. People themselves are
    /// not looked for: two words and a date would be found nearly everywhere.
    pub fn exposed_with(
        &mut self,
        piece: &Piece<'_>,
        kind: &'static Kind,
        span: &Range<usize>,
    ) -> Vec<&'static str> {
        let units = match piece.layout {
            Layout::Rows => [record::row(piece, span.start), None, None],
            Layout::Lines => record::around(piece, span.start),
        };
        let mut names = Vec::new();
        let mut widest = None;
        for (wider, unit) in units.into_iter().flatten().enumerate() {
            let seen = self.look(piece, unit.clone());
            if wider > 0 && !(seen.is_about_one(kind) && seen.names_nobody_else()) {
                break;
            }
            if names.is_empty() {
                names = seen.others(kind);
            }
            widest = Some(unit);
        }
        let classes = widest.map_or(ClassSet::NONE, |unit| self.classes_of(piece, &unit, span));
        if !classes.is_empty() {
            let classes = self.classes.names(classes);
            // An address is a kind, and a class where it is not read.
            names.extend(classes.filter(|class| *class != kind.name));
            names.sort_unstable();
            names.dedup();
        }
        names
    }

    /// The data classes of `unit`, which was looked at, and those of the table in
    /// which `span` stands.
    fn classes_of(&mut self, piece: &Piece<'_>, unit: &Unit, span: &Range<usize>) -> ClassSet {
        if piece.layout == Layout::Rows {
            let record = record::record(piece, unit.start);
            return record.map_or(ClassSet::NONE, |record| self.classes.of_row(piece, record));
        }
        let mut seen = self.seen.iter_mut().filter(|seen| seen.unit == *unit);
        let lines = match seen.next() {
            Some(seen) => {
                let classes = &mut self.classes;
                *seen
                    .classes
                    .get_or_insert_with(|| classes.of_lines(piece.text, unit))
            }
            None => ClassSet::NONE,
        };
        let line = record::line(piece.text, span.start);
        lines.and(self.classes.of_table(piece.text, &line))
    }

    /// What stands in `unit`.
    fn look(&mut self, piece: &Piece<'_>, unit: Unit) -> &Seen {
        if let Some(at) = self.seen.iter().position(|seen| seen.unit == unit) {
            // The one that is asked for last stands last.
            let seen = self.seen.remove(at);
            self.seen.push(seen);
        } else {
            let seen = self.examine(piece, unit);
            // A line, its paragraph, its page.
            if self.seen.len() >= 3 {
                self.seen.remove(0);
            }
            self.seen.push(seen);
        }
        self.seen.last().unwrap_or(&record::NOTHING)
    }

    fn examine(&mut self, piece: &Piece<'_>, unit: Unit) -> Seen {
        let mut seen = Seen::of(unit.clone());
        let mut loose: Vec<(&'static Kind, String, Range<usize>)> = Vec::new();
        self.known.walk(
            piece.text,
            unit.clone(),
            &self.regions,
            &mut |kind, variant, canonical, span| {
                let is_itself = matches!(variant, Variant::Exact | Variant::Obfuscated);
                if !is_itself || span.start < unit.start || span.end > unit.end {
                    return;
                }
                if kind.shape.is_loose() {
                    loose.push((kind, canonical.to_owned(), span));
                } else {
                    seen.add(kind, canonical, &span);
                }
            },
        );
        for (kind, canonical, span) in loose {
            if !seen.has_many(kind) && self.confirms(piece, kind, &canonical, &span) {
                seen.add(kind, &canonical, &span);
            }
        }
        seen
    }

    fn reads(&self, text: &str, kind: &Kind, canonical: &str, span: &Range<usize>) -> bool {
        let mut is_same = false;
        let read = kind.canonical;
        let written = text.get(span.clone()).unwrap_or_default();
        let usable = read(written, &self.regions, &mut |form, _| {
            is_same |= form == canonical;
        });
        usable.is_ok() && is_same
    }
}

/// Whether it can be believed that something is of `kind` where no list says so.
fn is_likely(kind: &Kind, regions: &Regions) -> bool {
    let is_at_home = kind.country().is_some_and(|country| {
        let mut codes = regions.codes();
        codes.any(|code| code.as_bytes() == country)
    });
    matches!(kind.family, Family::Contact | Family::Money) || is_at_home || kind.chance() < NAMED
}

#[cfg(test)]
mod tests;
