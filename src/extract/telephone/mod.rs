//! Digits with the punctuation of telephone numbers.
//!
//! | in  | text, and the runs of digits in it                                 |
//! |-----|--------------------------------------------------------------------|
//! | out | canonical forms of what can be a number there                      |
//! | not | the check: see [`Shape::is_loose`](crate::base::Shape::is_loose)   |
//!
//! Reading a number by its numbering plan costs more than looking it up, so what
//! comes out here is a superset: whatever the punctuation, the trunk prefix, the
//! country code and the number of digits allow.
//!
//! A number inside a longer run of letters or digits is no candidate. Dashes,
//! dots and slashes hold a number together; a space may also stand between two
//! numbers, so a number may end before every space.

mod border;
mod dialled;
mod numbering;
mod recent;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::anchor::run_end;
use crate::base::{Kind, Plans, Regions};
use border::{Behind, beginning, behind, may_begin};
use dialled::{Dialled, near_end};
use numbering::{Number, Numbering};
use recent::Recent;

/// Takes a canonical form and where it stands.
type Each<'a> = &'a mut dyn FnMut(&str, Range<usize>);

/// The characters of a canonical form, where two words can be read.
#[repr(align(16))]
struct Form([u8; 16]);

/// Looks for numbers of one kind.
#[derive(Debug)]
pub(super) struct Telephone {
    pub(super) kind: &'static Kind,
    numbering: Numbering,
    recent: Recent,
    /// What the digits at hand can be; kept for its room.
    numbers: Vec<Number>,
}

impl Telephone {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "plans are made for this, and are laid out anew here"
    )]
    pub(super) fn new(kind: &'static Kind, plans: Plans) -> Self {
        Self {
            kind,
            numbering: Numbering::new(&plans),
            recent: Recent::default(),
            numbers: Vec::new(),
        }
    }

    /// Forgets what was found: another text follows.
    pub(super) fn reset(&mut self) {
        self.recent = Recent::default();
    }

    /// Which digits a number without a sign may begin with.
    pub(super) fn first(&self) -> [bool; 10] {
        std::array::from_fn(|digit| {
            let digit = b'0' + u8::try_from(digit).unwrap_or_default();
            let mut seconds = 0..=u8::MAX;
            self.numbering.bare(digit) != 0
                || seconds.any(|second| self.numbering.lengths(digit, second) != 0)
        })
    }

    /// Hands every number that begins with `run`, all digits that stand together
    /// there, and the sign before it, to `each`.
    #[inline]
    pub(super) fn find_run(
        &mut self,
        text: &str,
        run: Range<usize>,
        regions: &Regions,
        each: Each<'_>,
    ) {
        let bytes = text.as_bytes();
        let Some(first) = bytes.get(run.start) else {
            return;
        };
        let second = bytes.get(run.start + 1).copied().unwrap_or_default();
        let lengths = self.numbering.lengths(*first, second);
        let may_be_bare = self.numbering.bare(*first) >> run.len().min(31) & 1 == 1;
        if may_begin(bytes, &run, lengths) {
            self.groups(text, run.clone(), lengths != 0, regions, each);
        }
        if may_be_bare && is_line(bytes, &run) {
            self.bare(bytes, run, each);
        }
    }

    /// A mobile number that is a cell or a line of its own and has lost the zero
    /// before it, since a spreadsheet took it for an amount. Among other text such
    /// digits are nearly always something else.
    #[inline(never)]
    fn bare(&mut self, bytes: &[u8], run: Range<usize>, each: Each<'_>) {
        let mut dialled = Dialled::new();
        if dialled.push(bytes, run.start, run.len()) {
            self.numbers.clear();
            self.numbering.without_trunk(&dialled, &mut self.numbers);
            self.give(&run, each);
        }
    }

    /// The same, group by group; `may_begin` whether a number can begin so that no
    /// `+` stands before.
    #[inline(never)]
    fn groups(
        &mut self,
        text: &str,
        run: Range<usize>,
        may_begin: bool,
        regions: &Regions,
        each: Each<'_>,
    ) {
        let bytes = text.as_bytes();
        let Some((begin, is_international)) = beginning(text, run.start) else {
            return;
        };
        if !is_international && !may_begin {
            return;
        }
        let mut dialled = Dialled::new();
        let Range {
            start: mut at,
            mut end,
        } = run;
        while dialled.push(bytes, at, end - at) {
            if end - at == 1 && bytes.get(at.saturating_sub(1)..=end) == Some(b"(0)") {
                dialled.bracket();
            }
            let next = behind(text, end);
            if matches!(next, Behind::Border | Behind::Group { may_end: true, .. }) {
                self.read(text, &dialled, is_international, begin..end, regions, each);
            }
            let Behind::Group { at: group, .. } = next else {
                return;
            };
            at = group;
            end = near_end(bytes, at).unwrap_or_else(|| run_end(bytes, at));
        }
    }

    /// Every reading of `dialled`, which stands at `span`.
    fn read(
        &mut self,
        text: &str,
        dialled: &Dialled,
        is_international: bool,
        span: Range<usize>,
        regions: &Regions,
        each: Each<'_>,
    ) {
        self.numbers.clear();
        let is_irregular = if is_international {
            self.numbering.international(dialled, &mut self.numbers)
        } else {
            self.numbering.national(dialled, &mut self.numbers)
        };
        if is_irregular {
            // The plan asks for more than prefixes: the kind reads it, at its price.
            let written = text.get(span.clone()).unwrap_or_default();
            let canonical = self.kind.canonical;
            // Unusable is no number, and no news.
            let _ = canonical(written, regions, &mut |form, _| {
                if self.recent.is_new_form(form, &span) {
                    each(form, span.clone());
                }
            });
        }
        self.give(&span, each);
    }

    /// Hands on the numbers that stand at `span`, unless they have just been read.
    fn give(&mut self, span: &Range<usize>, each: Each<'_>) {
        for number in &self.numbers {
            if self.recent.is_new(number.form, span) {
                let form = Form(number.form.to_le_bytes());
                // All sixteen bytes are asked, zeros included: that is two words.
                let form = std::str::from_utf8(&form.0).unwrap_or_default();
                each(form.get(..number.length).unwrap_or_default(), span.clone());
            }
        }
    }
}

/// Whether nothing else stands on the line of `run`; cells are lines.
fn is_line(bytes: &[u8], run: &Range<usize>) -> bool {
    let before = run.start.checked_sub(1).and_then(|at| bytes.get(at));
    let is_end = |byte: Option<&u8>| byte.is_none_or(|byte| *byte == b'\n');
    is_end(before) && is_end(bytes.get(run.end))
}
