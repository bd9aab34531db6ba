//! Turns one row of a list into canonical forms: the same ones whenever it is read.

use super::column::Role;
use super::people::Row;
use super::{date, person};
use crate::base::{Kind, Regions, Variant};

/// Takes what a row holds.
pub(super) trait Sink {
    /// A canonical form of `kind`.
    fn identifier(&mut self, kind: &'static Kind, canonical: &str);
    /// A cell that cannot be read, by its column's heading.
    fn reject(&mut self, heading: &str, reason: &'static str);
    /// A date that was read day first and could be meant month first.
    fn ambiguous_date(&mut self);
}

/// Which canonical forms of a name are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Those that go on a list.
    Listed,
    /// Those that could have been put on one under any heading.
    Sought,
}

/// How rows are read.
pub(super) struct Rules<'a> {
    /// The kinds that are made.
    pub(super) kinds: &'a [&'static Kind],
    /// Whose national notations are read, the first one that fits.
    pub(super) regions: &'a Regions,
    pub(super) names: Names,
}

/// What the cells of one row say about the person.
#[derive(Default)]
struct Somebody<'a> {
    names: Vec<&'a str>,
    given: Vec<&'a str>,
    family: Vec<&'a str>,
    born: Option<String>,
    /// The heading under which a name stands.
    heading: &'a str,
}

impl Rules<'_> {
    /// Hands what `row` holds to `sink`.
    pub(super) fn read(&self, row: &Row<'_>, sink: &mut dyn Sink) {
        let person = self.kinds.iter().find(|kind| kind.name == "person");
        let mut somebody = Somebody::default();
        let mut born_by_hetu = None;
        for (heading, role, cell) in row.cells() {
            if cell.contains('\u{fffd}') && role != Role::Ignore {
                sink.reject(heading, "the cell does not fit the file's encoding");
                continue;
            }
            match role {
                Role::Ref | Role::Ignore => {}
                Role::Name => somebody.add_name(heading, cell, |it| &mut it.names),
                Role::FirstName => somebody.add_name(heading, cell, |it| &mut it.given),
                Role::LastName => somebody.add_name(heading, cell, |it| &mut it.family),
                Role::DateOfBirth if person.is_none() || somebody.born.is_some() => {}
                Role::DateOfBirth => match date::parse(cell) {
                    Ok(date) => {
                        if date.is_ambiguous {
                            sink.ambiguous_date();
                        }
                        somebody.born = Some(date.iso);
                    }
                    Err(reason) => sink.reject(heading, reason),
                },
                Role::Kind(kind) => {
                    let is_hetu = kind.name == "fi-hetu";
                    if !(self.kinds.contains(&kind) || is_hetu && person.is_some()) {
                        continue;
                    }
                    let Some(canonical) = self.read_cell(kind, heading, cell, sink) else {
                        continue;
                    };
                    if is_hetu {
                        born_by_hetu = born_by_hetu.or_else(|| date::of_hetu(&canonical));
                    }
                }
            }
        }
        somebody.born = somebody.born.or(born_by_hetu);
        if let Some(person) = person {
            self.read_person(person, &somebody, sink);
        }
    }

    /// Hands on what `cell` holds, and gives back its first exact form.
    ///
    /// Only that one is listed: a listed form of a second region would be the
    /// number of somebody else.
    fn read_cell(
        &self,
        kind: &'static Kind,
        heading: &str,
        cell: &str,
        sink: &mut dyn Sink,
    ) -> Option<String> {
        let mut forms: Vec<String> = Vec::new();
        let read = (kind.canonical)(cell, self.regions, &mut |form, variant| {
            // `person`, from one cell, has a form for each pair of names.
            if variant == Variant::Exact && (forms.is_empty() || kind.name == "person") {
                forms.push(form.to_owned());
            }
        });
        if let Err(unusable) = read {
            sink.reject(heading, unusable.0);
            return None;
        }
        if self.kinds.contains(&kind) {
            for form in &forms {
                sink.identifier(kind, form);
            }
        }
        forms.into_iter().next()
    }

    fn read_person(&self, kind: &'static Kind, somebody: &Somebody<'_>, sink: &mut dyn Sink) {
        let Some(born) = &somebody.born else {
            return;
        };
        let (given, family) = (somebody.given.join(" "), somebody.family.join(" "));
        let mut forms = Vec::new();
        if !given.is_empty() && !family.is_empty() {
            forms.extend(person::pairs(&given, &family, born));
        }
        for name in &somebody.names {
            forms.extend(person::pairs_of_name(name, born));
        }
        if self.names == Names::Sought {
            let whole = [given, family].join(" ");
            for name in somebody.names.iter().copied().chain([whole.as_str()]) {
                forms.extend(person::all_pairs(name, born));
            }
        }
        for form in &forms {
            sink.identifier(kind, form);
        }
        if forms.is_empty() && somebody.has_name() {
            sink.reject(somebody.heading, "a name has two parts at least");
        }
    }
}

impl<'a> Somebody<'a> {
    fn add_name(
        &mut self,
        heading: &'a str,
        cell: &'a str,
        part: impl Fn(&mut Self) -> &mut Vec<&'a str>,
    ) {
        self.heading = heading;
        part(self).push(cell);
    }

    fn has_name(&self) -> bool {
        !(self.names.is_empty() && self.given.is_empty() && self.family.is_empty())
    }
}
