//! One binary for all integration tests.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a test that meets the unexpected should stop"
)]

mod bad_input;
mod command;
mod contacts;
mod crawl;
mod crawl_flow;
mod crawl_folder;
mod crawl_real;
mod crawl_ways;
mod job;
mod job_again;
mod job_lists;
mod layering;
mod leak;
mod lists;
mod own_kinds;
mod privacy;
mod spellings;
mod support;
mod terminal;
mod tiers;
