//! Is a fingerprint listed?
