//! Servers on loopback, and a crawl that is read to its end.

pub(crate) mod harvest;
pub(crate) mod real;
pub(crate) mod server;
pub(crate) mod socks;
