//! Pages with a check on each: what an index is stored in.
//!
//! A page is 255 units of 16 bytes and a check of them and of the page's number.
//! An index of gigabytes is not read to be opened, so each page is checked when
//! it is read: what a disk has spoilt is an error, never an answer.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;

use crate::base::Whole;

/// What pages hold: a fingerprint, half a block of a filter, two numbers.
pub(super) type Unit = [u8; 16];
/// Units of a page, its check left out.
pub(super) const UNITS: usize = 255;
/// Bytes of a page: what a disk and a page cache give at once.
pub(super) const PAGE_BYTES: usize = 4096;

/// A page with its check as its last unit.
#[derive(Clone, Copy)]
pub(super) struct Page([Unit; UNITS + 1]);

impl Page {
    const EMPTY: Self = Self([[0; 16]; UNITS + 1]);

    pub(super) fn units(&self) -> &[Unit] {
        self.0.get(..UNITS).unwrap_or_default()
    }

    fn seal(&mut self, number: u64) {
        let check = self.check(number);
        if let Some(last) = self.0.last_mut() {
            *last = check;
        }
    }

    fn is_sound(&self, number: u64) -> bool {
        self.0.last() == Some(&self.check(number))
    }

    /// Four chains of folded multiplications, as in wyhash: they find accidents,
    /// at 20 GB/s. Nothing without a key would find a forger; see `shelf`.
    fn check(&self, number: u64) -> Unit {
        let mut chains = [1, 2, 3, 4].map(|chain| fold(number ^ SALT, chain ^ PEPPER));
        for group in self.units().chunks(4) {
            for (chain, unit) in chains.iter_mut().zip(group) {
                let (one, other) = halves(*unit);
                *chain = fold(*chain ^ one, other ^ PEPPER) ^ other;
            }
        }
        let [a, b, c, d] = chains;
        join(fold(a ^ SALT, b ^ PEPPER), fold(c ^ SALT, d ^ PEPPER))
    }
}

// The first bits of pi and of the golden ratio: numbers without a pattern.
const SALT: u64 = 0x2439_7fe5_a308_d313;
const PEPPER: u64 = 0x9e37_79b9_7f4a_7c15;

#[inline]
fn fold(one: u64, other: u64) -> u64 {
    let (low, high) = halves((u128::from(one) * u128::from(other)).to_le_bytes());
    low ^ high
}

/// The two numbers in a unit.
#[inline]
pub(super) fn halves(unit: Unit) -> (u64, u64) {
    let whole = u128::from_le_bytes(unit);
    let low = |number: u128| u64::try_from(number & u128::from(u64::MAX)).unwrap_or(0);
    (low(whole), low(whole >> 64))
}

/// The unit of two numbers.
pub(super) fn join(one: u64, other: u64) -> Unit {
    (u128::from(one) | u128::from(other) << 64).to_le_bytes()
}

/// Where pages are written to.
pub(super) enum Out {
    /// A file that appears under its name when it is whole.
    Whole(Whole),
    /// A file without a name, gone when it is closed.
    Nameless(BufWriter<File>),
    /// Memory.
    Memory(Vec<Page>),
}

impl Out {
    fn write(&mut self, page: &Page) -> io::Result<()> {
        match self {
            Self::Whole(file) => file.write_all(page.0.as_flattened()),
            Self::Nameless(file) => file.write_all(page.0.as_flattened()),
            Self::Memory(pages) => {
                pages.push(*page);
                Ok(())
            }
        }
    }
}

/// Fills pages, one after the other.
pub(super) struct Writer {
    out: Out,
    page: Box<Page>,
    filled: usize,
    number: u64,
}

impl Writer {
    pub(super) fn new(out: Out) -> Self {
        Self {
            out,
            page: Box::new(Page::EMPTY),
            filled: 0,
            number: 0,
        }
    }

    /// Whether the next unit is the first of its page.
    pub(super) fn begins_page(&self) -> bool {
        self.filled == 0
    }

    pub(super) fn add(&mut self, unit: Unit) -> io::Result<()> {
        if let Some(place) = self.page.0.get_mut(self.filled) {
            *place = unit;
        }
        self.filled += 1;
        if self.filled == UNITS {
            self.end_page()?;
        }
        Ok(())
    }

    /// Leaves the rest of the page empty.
    pub(super) fn end_page(&mut self) -> io::Result<()> {
        if self.filled > 0 {
            self.page.seal(self.number);
            self.out.write(&self.page)?;
            *self.page = Page::EMPTY;
            self.filled = 0;
            self.number += 1;
        }
        Ok(())
    }

    /// Where the pages are now.
    pub(super) fn finish(mut self) -> io::Result<Out> {
        self.end_page()?;
        if let Out::Nameless(file) = &mut self.out {
            file.flush()?;
        }
        Ok(self.out)
    }
}

/// Pages that are read in any order.
pub(super) enum Pages {
    File(File),
    Memory(Vec<Page>),
}

impl Pages {
    /// The pages of `file`, in memory if they have at most `in_memory` bytes.
    pub(super) fn open(file: File, in_memory: u64) -> io::Result<Self> {
        let pages = Self::File(file);
        let count = pages.count()?;
        if count.saturating_mul(PAGE_BYTES as u64) > in_memory {
            return Ok(pages);
        }
        let mut all = Vec::new();
        for number in 0..count {
            all.push(*pages.read(number, &mut Page::EMPTY.clone())?);
        }
        Ok(Self::Memory(all))
    }

    /// How many there are.
    pub(super) fn count(&self) -> io::Result<u64> {
        match self {
            Self::Memory(pages) => Ok(pages.len() as u64),
            Self::File(file) => {
                let bytes = file.metadata()?.len();
                if !bytes.is_multiple_of(PAGE_BYTES as u64) {
                    return Err(damaged());
                }
                Ok(bytes / PAGE_BYTES as u64)
            }
        }
    }

    /// Hands the units of one page to `look`.
    pub(super) fn look<T>(&self, number: u64, look: impl FnOnce(&[Unit]) -> T) -> io::Result<T> {
        if let Self::Memory(_) = self {
            return self.in_memory(number).map(|page| look(page.units()));
        }
        let mut room = Page::EMPTY;
        self.read(number, &mut room).map(|page| look(page.units()))
    }

    /// The units from the page `first` on.
    pub(super) fn units(&self, first: u64) -> Units<'_> {
        Units {
            pages: self,
            number: first,
            page: Page::EMPTY,
            given: UNITS,
        }
    }

    /// A page of those in memory: they were checked when they came, or were never
    /// away.
    fn in_memory(&self, number: u64) -> io::Result<&Page> {
        let Self::Memory(pages) = self else {
            return Err(damaged());
        };
        let page = usize::try_from(number).ok().and_then(|at| pages.get(at));
        page.ok_or_else(damaged)
    }

    fn read<'a>(&'a self, number: u64, room: &'a mut Page) -> io::Result<&'a Page> {
        match self {
            Self::Memory(_) => self.in_memory(number),
            Self::File(file) => {
                let place = number.checked_mul(PAGE_BYTES as u64).ok_or_else(damaged)?;
                file.read_exact_at(room.0.as_flattened_mut(), place)?;
                if room.is_sound(number) {
                    Ok(room)
                } else {
                    Err(damaged())
                }
            }
        }
    }
}

/// The units of pages, one after the other.
pub(super) struct Units<'a> {
    pages: &'a Pages,
    /// Of the page behind `page`.
    number: u64,
    page: Page,
    given: usize,
}

impl Units<'_> {
    /// The next unit; an error when there is no page with it.
    pub(super) fn next(&mut self) -> io::Result<Unit> {
        if self.given == UNITS {
            let mut room = Page::EMPTY;
            self.page = *self.pages.read(self.number, &mut room)?;
            self.number += 1;
            self.given = 0;
        }
        let unit = self.page.0.get(self.given).ok_or_else(damaged)?;
        self.given += 1;
        Ok(*unit)
    }
}

/// The error for what is not what was written.
pub(super) fn damaged() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(units: u64) -> Vec<u8> {
        let mut writer = Writer::new(Out::Memory(Vec::new()));
        for number in 0..units {
            writer.add(join(number, !number)).unwrap();
        }
        let Out::Memory(pages) = writer.finish().unwrap() else {
            panic!("it was memory")
        };
        pages
            .iter()
            .flat_map(|page| page.0.as_flattened().to_vec())
            .collect()
    }

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    #[test]
    fn units_come_back_from_file_and_memory() {
        for in_memory in [0, 1 << 20] {
            let pages = Pages::open(file(&written(600)), in_memory).unwrap();
            assert_eq!(pages.count().unwrap(), 3);
            let mut units = pages.units(0);
            let read: Vec<_> = (0..600).map(|_| halves(units.next().unwrap())).collect();
            assert_eq!(read, (0..600).map(|n| (n, !n)).collect::<Vec<_>>());
            assert_eq!(pages.look(2, |units| units[0]).unwrap(), join(510, !510));
            assert!(pages.look(3, |_| ()).is_err());
        }
    }

    #[test]
    fn a_flipped_bit_is_found_wherever_it_is() {
        let mut page = Page::EMPTY;
        page.0.as_flattened_mut().copy_from_slice(&written(255));
        assert!(page.is_sound(0) && !page.is_sound(1));
        for bit in 0..PAGE_BYTES * 8 {
            let mut flipped = page;
            flipped.0.as_flattened_mut()[bit / 8] ^= 1 << (bit % 8);
            assert!(!flipped.is_sound(0), "bit {bit}");
        }
    }

    #[test]
    fn pages_that_changed_places_or_were_never_written_are_found() {
        let mut bytes = written(510);
        bytes.rotate_left(PAGE_BYTES);
        let pages = Pages::File(file(&bytes));
        assert!(pages.look(0, |_| ()).is_err() && pages.look(1, |_| ()).is_err());
        let pages = Pages::File(file(&[0; PAGE_BYTES]));
        assert!(pages.look(0, |_| ()).is_err());
        assert!(Pages::open(file(&bytes[1..]), 0).is_err());
    }
}
