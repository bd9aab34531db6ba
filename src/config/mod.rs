//! blindsift.toml in, a checked configuration out.
