//! What was found lately.

use std::ops::Range;

/// Numbers that are remembered.
const KEPT: usize = 8;

/// What was found lately and where that ends: one number can be read from its
/// beginning and from its second group on.
#[derive(Debug, Default)]
pub(super) struct Recent {
    forms: [u128; KEPT],
    ends: [usize; KEPT],
    oldest: usize,
    /// Where the furthest of all ends.
    furthest: usize,
}

impl Recent {
    /// Whether the number that is spelt `form`, the first character lowest, was
    /// not found yet where `span` begins; then it is remembered.
    pub(super) fn is_new(&mut self, form: u128, span: &Range<usize>) -> bool {
        if span.start < self.furthest && self.holds(form, span.start) {
            return false;
        }
        let forms = self.forms.get_mut(self.oldest);
        if let (Some(known), Some(end)) = (forms, self.ends.get_mut(self.oldest)) {
            (*known, *end) = (form, span.end);
        }
        self.oldest = (self.oldest + 1) % KEPT;
        self.furthest = self.furthest.max(span.end);
        true
    }

    /// The same for one that a kind has read. What is too long for a number is
    /// always new.
    pub(super) fn is_new_form(&mut self, form: &str, span: &Range<usize>) -> bool {
        let bytes = form.bytes().rev();
        let spelt = || bytes.fold(0, |all, byte| all << 8 | u128::from(byte));
        form.len() > size_of::<u128>() || self.is_new(spelt(), span)
    }

    fn holds(&self, form: u128, start: usize) -> bool {
        let mut known = self.forms.iter().zip(&self.ends);
        known.any(|(known, end)| *known == form && start < *end)
    }
}
