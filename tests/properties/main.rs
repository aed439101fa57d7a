//! Whatever scenario is drawn: properties over random runs.

#[path = "../common/mod.rs"]
mod common;
mod patience;
mod random_runs;
