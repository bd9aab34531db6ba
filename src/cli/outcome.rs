//! Exit codes, and errors with what to do about them.

use std::error::Error;

use blindsift::report::{Outcome, Report};

/// Finished.
pub(super) const FINISHED: u8 = 0;
/// Failed: something could not be done.
pub(super) const FAILED: u8 = 1;
/// What was given cannot be used: arguments, configuration, key, list, people.
pub(super) const UNUSABLE: u8 = 2;
/// Finished, but something could not be fetched.
pub(super) const INCOMPLETE: u8 = 3;

/// Why a command came to nothing.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) code: u8,
    pub(super) error: anyhow::Error,
    pub(super) advice: Option<String>,
}

impl Failure {
    /// Something could not be done.
    pub(super) fn failed(
        error: impl Error + Send + Sync + 'static,
        what: impl Into<String>,
    ) -> Self {
        Self {
            code: FAILED,
            error: anyhow::Error::new(error).context(what.into()),
            advice: None,
        }
    }

    /// What was given cannot be used.
    pub(super) fn unusable(
        error: impl Error + Send + Sync + 'static,
        what: impl Into<String>,
    ) -> Self {
        Self {
            code: UNUSABLE,
            ..Self::failed(error, what)
        }
    }

    /// What was given cannot be used, for the reason given.
    pub(super) fn usage(what: impl Into<String>) -> Self {
        Self {
            code: UNUSABLE,
            error: anyhow::Error::msg(what.into()),
            advice: None,
        }
    }

    pub(super) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

/// The exit code of a run.
///
/// New matches come before incompleteness: people wait for the warning, and the
/// report says what is missing.
pub(super) fn of(report: &Report, on_new_matches: Option<u8>) -> u8 {
    match (report.run.outcome, on_new_matches) {
        (Outcome::Failed, _) => FAILED,
        (_, Some(code)) if report.summary.new > 0 => code,
        (Outcome::Incomplete, _) => INCOMPLETE,
        (Outcome::Complete, _) => FINISHED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_documentation() {
        assert_eq!([FINISHED, FAILED, UNUSABLE, INCOMPLETE], [0, 1, 2, 3]);
    }
}
