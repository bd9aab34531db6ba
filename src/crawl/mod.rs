//! A source in, byte streams out.
