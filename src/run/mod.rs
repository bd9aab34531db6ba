//! One job.
