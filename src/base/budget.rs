//! What one artefact may still cost.

use std::cell::Cell;
use std::fmt;
use std::time::Instant;

/// A named limit. Its name is the key under `[limits]` and in the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// Bytes that decompressors may write for one artefact.
    Bytes,
    /// Containers inside one another.
    Depth,
    /// Members of all containers of one artefact.
    Members,
    /// Wall time for one artefact.
    Time,
    /// Bytes of one artefact that may be held for random access.
    Spool,
    /// Exposures that are listed one by one for a match and an artefact.
    Exposures,
    /// Bytes of a page that are searched for links.
    Page,
    /// Addresses that one source may hold.
    Links,
    /// Clicks away from the start of a source.
    LinkDepth,
    /// Pairs of names that are tried in one record.
    Names,
}

impl Limit {
    /// Every limit, in the order in which the help lists them.
    pub const ALL: [Self; 10] = [
        Self::Bytes,
        Self::Depth,
        Self::Members,
        Self::Time,
        Self::Spool,
        Self::Exposures,
        Self::Page,
        Self::Links,
        Self::LinkDepth,
        Self::Names,
    ];

    /// The limit's name in the configuration and in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Depth => "depth",
            Self::Members => "members",
            Self::Time => "time",
            Self::Spool => "spool",
            Self::Exposures => "exposures",
            Self::Page => "page",
            Self::Links => "links",
            Self::LinkDepth => "link-depth",
            Self::Names => "names",
        }
    }

    /// The limit of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|limit| limit.name() == name)
    }
}

/// A limit was met; what lies beyond it is not examined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitMet(pub Limit);

impl fmt::Display for LimitMet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the limit `{}` was met", self.0.name())
    }
}

impl std::error::Error for LimitMet {}

impl From<LimitMet> for std::io::Error {
    fn from(met: LimitMet) -> Self {
        Self::other(met)
    }
}

/// How much one artefact may still cost us.
///
/// One budget is passed down through every nested container, so ten archives
/// inside each other share one allowance instead of getting ten. It is shared by
/// reference because every layer of a nest of readers spends from it at once.
#[derive(Debug)]
pub struct Budget {
    bytes: Cell<u64>,
    depth: Cell<u32>,
    members: Cell<u64>,
    deadline: Option<Instant>,
}

impl Budget {
    /// An allowance of `bytes` of output, `depth` containers inside each other,
    /// `members` members in all, until `deadline`.
    pub fn new(bytes: u64, depth: u32, members: u64, deadline: Option<Instant>) -> Self {
        Self {
            bytes: Cell::new(bytes),
            depth: Cell::new(depth),
            members: Cell::new(members),
            deadline,
        }
    }

    /// Pays for `bytes` of a decompressor's output.
    ///
    /// # Errors
    ///
    /// [`LimitMet`] when fewer are left, or the time is up.
    pub fn spend(&self, bytes: u64) -> Result<(), LimitMet> {
        self.check_time()?;
        let left = self.bytes.get();
        self.bytes.set(left.saturating_sub(bytes));
        if bytes > left {
            return Err(LimitMet(Limit::Bytes));
        }
        Ok(())
    }

    /// Checks the clock.
    ///
    /// # Errors
    ///
    /// [`LimitMet`] when the time is up.
    pub fn check_time(&self) -> Result<(), LimitMet> {
        match self.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(LimitMet(Limit::Time)),
            _ => Ok(()),
        }
    }

    /// Enters a container; [`Budget::leave`] must follow.
    ///
    /// # Errors
    ///
    /// [`LimitMet`] when too many are open; nothing was entered then.
    pub fn enter(&self) -> Result<(), LimitMet> {
        let left = self.depth.get();
        if left == 0 {
            return Err(LimitMet(Limit::Depth));
        }
        self.depth.set(left - 1);
        Ok(())
    }

    /// Leaves the container that was entered last.
    pub fn leave(&self) {
        self.depth.set(self.depth.get().saturating_add(1));
    }

    /// Pays for one member of a container.
    ///
    /// # Errors
    ///
    /// [`LimitMet`] when none is left.
    pub fn member(&self) -> Result<(), LimitMet> {
        let left = self.members.get();
        if left == 0 {
            return Err(LimitMet(Limit::Members));
        }
        self.members.set(left - 1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_containers_share_one_byte_allowance() {
        let budget = Budget::new(10, 5, 5, None);
        assert_eq!(budget.spend(6), Ok(()));
        assert_eq!(budget.spend(4), Ok(()));
        assert_eq!(budget.spend(1), Err(LimitMet(Limit::Bytes)));
    }

    #[test]
    fn leaving_a_container_gives_its_level_back() {
        let budget = Budget::new(0, 1, 0, None);
        assert_eq!(budget.enter(), Ok(()));
        assert_eq!(budget.enter(), Err(LimitMet(Limit::Depth)));
        budget.leave();
        assert_eq!(budget.enter(), Ok(()));
    }

    #[test]
    fn every_limit_is_found_by_its_name() {
        for limit in Limit::ALL {
            assert_eq!(Limit::named(limit.name()), Some(limit));
        }
    }
}
