//! An index as pages: the entries, then what is read into memory, then a foot.
//!
//! | pages                    | what                                              |
//! |--------------------------|---------------------------------------------------|
//! | 1 for each 255 entries   | fingerprints, sorted; each kind begins a page     |
//! | as many as it takes      | the kinds, the first entry of each page, a filter for fingerprints, one for hints |
//! | 1                        | what all this is: version, list, lengths          |
//!
//! Written from the front to the back in one pass over the list. Opened from the
//! back: every length is computed from others and must fit, so that nothing that
//! stands in a file makes the program take more memory than the file's size.

use std::io;

use super::Error;
use super::body::Sink;
use super::entries::{Entries, SHARED, Section};
use super::filter::{Filter, Spot};
use super::header::{Head, Hints};
use super::pages::{Out, Pages, UNITS, Unit, Units, Writer, damaged, halves, join};
use crate::base::{Kind, Sha256};
use crate::fingerprint::{Fingerprint, Hint};

/// Hints that are added to their filter in one go. They come in no order, and a loop
/// of nothing else waits for several places of memory at once.
const HINTS_AT_ONCE: usize = 512;
/// What the foot begins with; the last byte is the version.
const MAGIC: Unit = *b"blindsift-index\x01";
/// Units of a kind: 48 bytes of label, the counts.
const SECTION: u64 = 4;

/// What is in memory of an index, whatever its size.
pub(super) struct Resident {
    pub(super) entries: Entries,
    /// The first entry of each page of entries.
    pub(super) fences: Vec<Unit>,
    pub(super) filter: Filter,
    /// Empty when no kind has hints for all of its entries.
    pub(super) hints: Filter,
}

/// Makes an index of the entries that come.
pub(super) struct Compiler {
    writer: Writer,
    resident: Resident,
    /// Hints that are not in their filter yet.
    waiting: Vec<Spot>,
}

impl Compiler {
    /// Begins an index of the list with the header `head`, which has `most`
    /// entries at most.
    pub(super) fn new(head: &Head, most: u64, out: Out) -> io::Result<Self> {
        let count = head.entries.min(most);
        let hints = match head.hints {
            Some(Hints::Inner) => Filter::blocks_of_hints(count),
            Some(Hints::Unknown) | None => 0,
        };
        Ok(Self {
            writer: Writer::new(out),
            resident: Resident {
                entries: Entries::default(),
                fences: Vec::new(),
                filter: Filter::of_blocks(Filter::blocks_of_fingerprints(count, hints))?,
                hints: Filter::of_blocks(hints)?,
            },
            waiting: Vec::with_capacity(HINTS_AT_ONCE),
        })
    }

    /// Ends the index of the list with that digest, and gives its pages.
    pub(super) fn finish(mut self, entries: Entries, list: Sha256) -> io::Result<(Resident, Out)> {
        self.add_hints();
        self.resident.entries = entries;
        if !self.resident.entries.0.iter().any(Section::is_hinted) {
            self.resident.hints = Filter::default();
        }
        let Resident {
            entries,
            fences,
            filter,
            hints,
        } = &self.resident;
        let writer = &mut self.writer;
        writer.end_page()?;
        for section in &entries.0 {
            let mut label = [0; 48];
            for (to, from) in label.iter_mut().zip(section.label().bytes()) {
                *to = from;
            }
            let (units, _) = label.as_chunks::<16>();
            units.iter().try_for_each(|unit| writer.add(*unit))?;
            writer.add(join(section.count, section.hinted))?;
        }
        fences.iter().try_for_each(|fence| writer.add(*fence))?;
        for filter in [filter, hints] {
            let (units, _) = filter.bytes().as_chunks::<16>();
            units.iter().try_for_each(|unit| writer.add(*unit))?;
        }
        writer.end_page()?;
        let (digest, _) = list.0.as_chunks::<16>();
        writer.add(MAGIC)?;
        digest.iter().try_for_each(|unit| writer.add(*unit))?;
        writer.add(join(entries.0.len() as u64, fences.len() as u64))?;
        writer.add(join(filter.blocks(), hints.blocks()))?;
        writer.add(join(entries.total(), 0))?;
        Ok((self.resident, self.writer.finish()?))
    }
}

impl Compiler {
    fn add_hints(&mut self) {
        for spot in self.waiting.drain(..) {
            self.resident.hints.add(spot);
        }
    }
}

impl Sink for Compiler {
    fn begin(&mut self, _: &'static Kind) -> Result<(), Error> {
        self.writer.end_page().map_err(Error::Index)
    }

    fn entry(&mut self, fingerprint: Fingerprint, hint: Option<Hint>) -> Result<(), Error> {
        let Resident { fences, filter, .. } = &mut self.resident;
        if self.writer.begins_page() {
            fences.push(fingerprint.0);
        }
        filter.add(Spot::of(&fingerprint));
        if let Some(hint) = hint {
            self.waiting.push(Spot::of_hint(hint));
            if self.waiting.len() == HINTS_AT_ONCE {
                self.add_hints();
            }
        }
        self.writer.add(fingerprint.0).map_err(Error::Index)
    }
}

impl Section {
    /// Pages that its entries take.
    pub(super) fn pages(&self) -> u64 {
        self.count.div_ceil(UNITS as u64)
    }

    /// Whether a stranger can be told by its hint.
    pub(super) fn is_hinted(&self) -> bool {
        self.hinted == self.count
    }
}

impl Resident {
    /// Reads what stands in memory of the index of the list with that digest.
    ///
    /// # Errors
    ///
    /// Those of reading; `InvalidData` when it is damaged, of another version or
    /// of another list.
    pub(super) fn read(
        pages: &Pages,
        list: Sha256,
        registry: &[&'static Kind],
    ) -> io::Result<Self> {
        let foot = Foot::read(pages, list)?;
        let mut units = pages.units(foot.pages);
        let mut entries = Entries::default();
        for _ in 0..foot.sections {
            entries.0.push(section(&mut units, registry)?);
        }
        if !foot.fits(&entries) {
            return Err(damaged());
        }
        let mut fences = Vec::with_capacity(size(foot.pages));
        for _ in 0..foot.pages {
            fences.push(units.next()?);
        }
        Ok(Self {
            entries,
            fences,
            filter: filter(&mut units, foot.filter)?,
            hints: filter(&mut units, foot.hints)?,
        })
    }
}

/// The last page.
struct Foot {
    /// Kinds of entries.
    sections: u64,
    /// Pages of entries.
    pages: u64,
    /// Blocks of the filter for fingerprints.
    filter: u64,
    /// Blocks of the filter for hints.
    hints: u64,
    /// All entries.
    entries: u64,
}

impl Foot {
    fn read(pages: &Pages, list: Sha256) -> io::Result<Self> {
        let place = pages.count()?.checked_sub(1).ok_or_else(damaged)?;
        let mut units = pages.units(place);
        let (digest, _) = list.0.as_chunks::<16>();
        if units.next()? != MAGIC || !digest.iter().all(|part| units.next().ok() == Some(*part)) {
            return Err(damaged());
        }
        let (sections, entry_pages) = halves(units.next()?);
        let (filter, hints) = halves(units.next()?);
        let (entries, _) = halves(units.next()?);
        let foot = Self {
            sections,
            pages: entry_pages,
            filter,
            hints,
            entries,
        };
        if foot.place() == Some(place) {
            Ok(foot)
        } else {
            Err(damaged())
        }
    }

    /// The number of the page that this stands on, as its numbers say.
    fn place(&self) -> Option<u64> {
        let blocks = self.filter.checked_add(self.hints)?;
        let units = self
            .sections
            .checked_mul(SECTION)?
            .checked_add(self.pages)?
            .checked_add(blocks.checked_mul(2)?)?;
        self.pages.checked_add(units.div_ceil(UNITS as u64))
    }

    /// Whether its numbers are those of an index of `entries`.
    fn fits(&self, entries: &Entries) -> bool {
        let sections = &entries.0;
        let mut counts = sections.iter().map(|section| section.count);
        let mut pages = sections.iter().map(Section::pages);
        let hints = if sections.iter().any(Section::is_hinted) {
            Filter::blocks_of_hints(self.entries)
        } else {
            0
        };
        counts.try_fold(0, u64::checked_add) == Some(self.entries)
            && pages.try_fold(0, u64::checked_add) == Some(self.pages)
            && sections
                .iter()
                .all(|section| section.count > 0 && section.hinted <= section.count)
            && self.hints == hints
            && self.has_room()
    }
}

impl Foot {
    /// Whether the filter has the size of one beside hints or of one alone: hints that
    /// only some entries have were left out when all entries were known.
    fn has_room(&self) -> bool {
        [0, Filter::blocks_of_hints(self.entries)]
            .map(|hints| Filter::blocks_of_fingerprints(self.entries, hints))
            .contains(&self.filter)
    }
}

fn section(units: &mut Units<'_>, registry: &[&'static Kind]) -> io::Result<Section> {
    let mut label = [[0; 16]; 3];
    for part in &mut label {
        *part = units.next()?;
    }
    let label = label.as_flattened();
    let end = label.iter().position(|byte| *byte == 0);
    let label = label.get(..end.unwrap_or(0)).unwrap_or_default();
    // A kind that this version does not know is for the list's reader to refuse.
    let name = label.strip_suffix(SHARED.as_bytes());
    let kind = registry
        .iter()
        .find(|kind| kind.label().as_bytes() == name.unwrap_or(label))
        .ok_or_else(damaged)?;
    let (count, hinted) = halves(units.next()?);
    Ok(Section {
        kind,
        is_shared: name.is_some(),
        count,
        hinted,
    })
}

fn filter(units: &mut Units<'_>, blocks: u64) -> io::Result<Filter> {
    let mut filter = Filter::of_blocks(blocks)?;
    for unit in filter.bytes_mut().as_chunks_mut().0 {
        *unit = units.next()?;
    }
    Ok(filter)
}

/// A number that is no larger than a file.
fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(0)
}
