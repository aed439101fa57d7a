//! Runs of the key-value store: what a scenario and a seed come to.

mod bed;
#[path = "../common/mod.rs"]
mod common;
mod determinism;
mod keys;
mod planted;
mod scenarios;
mod strikes;
mod used_keys;
