//! Inside the organisation.
