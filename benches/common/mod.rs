//! What the benches share.

pub(crate) mod chart;
pub(crate) mod curves;
pub(crate) mod data;
pub(crate) mod dice;
pub(crate) mod engine;
pub(crate) mod everybody;
pub(crate) mod formats;
pub(crate) mod machine;
pub(crate) mod meter;
pub(crate) mod noise;
pub(crate) mod peers;
pub(crate) mod people;
pub(crate) mod random_list;
pub(crate) mod words;
