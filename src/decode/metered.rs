//! A decompressor whose output is paid for.

use std::io::{self, Read};

use crate::base::Budget;

/// Hands on what `inner` writes and pays for it from a budget.
///
/// When the budget cannot pay, reading fails with
/// [`LimitMet`](crate::base::LimitMet).
pub(super) struct Metered<'a, R> {
    inner: R,
    budget: &'a Budget,
}

impl<'a, R: Read> Metered<'a, R> {
    pub(super) fn new(inner: R, budget: &'a Budget) -> Self {
        Self { inner, budget }
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.budget.spend(count as u64)?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Limit;
    use crate::decode::fault;

    use super::*;

    #[test]
    fn what_was_paid_for_is_handed_on_before_the_limit_is_met() {
        let budget = Budget::new(10, 0, 0, None);
        let mut metered = Metered::new(io::repeat(b'x'), &budget);
        let mut part = [0; 6];
        assert_eq!(metered.read(&mut part).unwrap(), 6);
        let error = metered.read(&mut part).unwrap_err();
        assert_eq!(fault::limit(&error), Some(Limit::Bytes));
    }
}
