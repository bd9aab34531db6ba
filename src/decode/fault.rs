//! From an error of a stream to the reason that the report states.
//!
//! Whoever makes a stream reports what went wrong in it: a decoder that only
//! reads from it sees an error, stops, and says nothing.

use std::io;

use crate::base::{Limit, LimitMet, Origin, Reason};

use super::Out;

/// The limit that `error` is about, if it is about one.
pub(super) fn limit(error: &io::Error) -> Option<Limit> {
    let met = error.get_ref()?.downcast_ref::<LimitMet>()?;
    Some(met.0)
}

/// Why the rest of a stream that failed with `error` was not examined.
pub(super) fn reason(error: &io::Error) -> Reason {
    match (limit(error), error.kind()) {
        (Some(limit), _) => reason_of_limit(limit),
        (None, io::ErrorKind::UnexpectedEof) => Reason::Truncated,
        (None, _) => Reason::Corrupt,
    }
}

/// Why what lies beyond `limit` was not examined.
pub(super) fn reason_of_limit(limit: Limit) -> Reason {
    match limit {
        Limit::Depth => Reason::LimitDepth,
        Limit::Members => Reason::LimitMembers,
        Limit::Time => Reason::LimitTime,
        _ => Reason::LimitBytes,
    }
}

/// Tells `out` that the rest of `origin` was not examined because of `error`.
pub(super) fn report(error: &io::Error, origin: Origin, out: &mut dyn Out) -> Reason {
    if let Some(limit) = limit(error) {
        out.limit(limit);
    }
    let reason = reason(error);
    out.missed(origin, reason);
    reason
}

/// The same error once more. It keeps the limit or the kind, never a message.
pub(super) fn copy(error: &io::Error) -> io::Error {
    limit(error).map_or_else(|| error.kind().into(), |limit| LimitMet(limit).into())
}

/// The error of a stream that breaks the rules of its format.
pub(super) fn corrupt() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

/// The error of a stream that ends before its format says so.
pub(super) fn truncated() -> io::Error {
    io::ErrorKind::UnexpectedEof.into()
}
