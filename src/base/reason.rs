//! Why something was not examined.

use serde::{Deserialize, Serialize};

/// Why bytes, or a thing of unknown size, were not examined.
///
/// The codes are part of the report's format: added to, never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It is encrypted and no password is known.
    Encrypted,
    /// It breaks the rules of its format.
    Corrupt,
    /// It ends before its format says that it ends.
    Truncated,
    /// No decoder reads this type.
    UnsupportedFormat,
    /// The limit `bytes` or `spool` was met.
    LimitBytes,
    /// The limit `depth` or `link-depth` was met.
    LimitDepth,
    /// The limit `members` or `links` was met.
    LimitMembers,
    /// The limit `time` was met.
    LimitTime,
    /// It could not be fetched, or not to its end.
    FetchFailed,
    /// It is linked, but lies outside of the source's scope.
    OutOfScope,
    /// A decoder failed in a way that it should not; a bug worth reporting.
    DecoderCrashed,
    /// There is nothing in it.
    Empty,
    /// It is a symbolic link, a device or the like: never followed.
    NotAFile,
    /// The run was asked to stop before it came to this.
    Interrupted,
}

impl Reason {
    /// Every reason, in the order of the documentation.
    pub const ALL: [Self; 14] = [
        Self::Encrypted,
        Self::Corrupt,
        Self::Truncated,
        Self::UnsupportedFormat,
        Self::LimitBytes,
        Self::LimitDepth,
        Self::LimitMembers,
        Self::LimitTime,
        Self::FetchFailed,
        Self::OutOfScope,
        Self::DecoderCrashed,
        Self::Empty,
        Self::NotAFile,
        Self::Interrupted,
    ];

    /// The code that stands in reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Corrupt => "corrupt",
            Self::Truncated => "truncated",
            Self::UnsupportedFormat => "unsupported-format",
            Self::LimitBytes => "limit-bytes",
            Self::LimitDepth => "limit-depth",
            Self::LimitMembers => "limit-members",
            Self::LimitTime => "limit-time",
            Self::FetchFailed => "fetch-failed",
            Self::OutOfScope => "out-of-scope",
            Self::DecoderCrashed => "decoder-crashed",
            Self::Empty => "empty",
            Self::NotAFile => "not-a-file",
            Self::Interrupted => "interrupted",
        }
    }

    /// One sentence for a reader who is no engineer.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Encrypted => "It is encrypted and no password is known.",
            Self::Corrupt => "It is damaged; what could be read before the damage was examined.",
            Self::Truncated => "It ends too early; what is there was examined.",
            Self::UnsupportedFormat => "Files of this type cannot be read yet.",
            Self::LimitBytes => "It unpacks to more than the configured number of bytes.",
            Self::LimitDepth => "It lies deeper than the configured depth.",
            Self::LimitMembers => "There are more parts than the configured number.",
            Self::LimitTime => "Reading it took longer than the configured time.",
            Self::FetchFailed => "It could not be fetched, or not to its end.",
            Self::OutOfScope => "It is linked, but lies outside of the configured scope.",
            Self::DecoderCrashed => "The decoder failed; please report this.",
            Self::Empty => "There is nothing in it.",
            Self::NotAFile => "It is a link or a device, which is never followed.",
            Self::Interrupted => "The run was stopped before it was read.",
        }
    }

    /// Whether another run, or one with a higher limit, could read it.
    ///
    /// A run that left such a thing unread never calls itself complete.
    pub fn can_be_retried(self) -> bool {
        matches!(
            self,
            Self::LimitBytes
                | Self::LimitDepth
                | Self::LimitMembers
                | Self::LimitTime
                | Self::FetchFailed
                | Self::DecoderCrashed
                | Self::Interrupted
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_unique_and_is_what_json_says() {
        let mut codes: Vec<&str> = Reason::ALL.map(Reason::code).to_vec();
        for reason in Reason::ALL {
            let json = serde_json::to_string(&reason).unwrap();
            assert_eq!(json, format!("\"{}\"", reason.code()));
        }
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Reason::ALL.len());
    }
}
