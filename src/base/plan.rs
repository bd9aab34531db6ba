//! What must be known of numbering plans to read a telephone number cheaply.

/// How numbers of one country are written within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Country calling code (ITU-T E.164): 358.
    pub code: u16,
    /// What is dialled before a national number and is no part of it: `0`.
    pub trunk: &'static str,
    /// Whether nobody leaves the trunk prefix out in writing.
    pub has_written_trunk: bool,
    /// What is dialled before a country code, besides `00`.
    pub international: &'static [&'static str],
    /// Whether there is more to reading a number than taking the trunk prefix
    /// away, so that only [`Kind::canonical`](super::Kind::canonical) can do it.
    pub is_irregular: bool,
    /// How many digits a national number can have, without the trunk prefix: bit
    /// 9 for nine. Of all regions that share the country code; no valid number
    /// has another length.
    pub lengths: u32,
    /// Digits that mobile numbers begin with, without the trunk prefix: bit 4 for
    /// four. None where the prefix need not be written.
    pub mobile_first: u16,
    /// How many digits those have, as `lengths`.
    pub mobile_lengths: u32,
}

/// The numbering plans of a job.
#[derive(Debug, Clone, Default)]
pub struct Plans {
    /// Those of the job's regions, in their order.
    pub home: Vec<Plan>,
    /// Those of the world, by country code, ascending; no code begins another.
    pub world: Vec<Plan>,
}
