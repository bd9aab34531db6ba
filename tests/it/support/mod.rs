//! Servers on loopback, a crawl that is read to its end, and what is found in text.

pub(crate) mod finder;
pub(crate) mod harvest;
pub(crate) mod real;
pub(crate) mod server;
pub(crate) mod socks;
