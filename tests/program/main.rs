//! What the program `omnisim` says and does, from outside: one test program for all of it, because
//! each links the whole library.

mod against;
mod bad_input;
mod bugs;
mod check_asked;
mod check_beginnings;
mod check_files;
mod check_histories;
mod check_models;
mod check_objects;
mod check_pictures;
mod cli;
#[path = "../common/mod.rs"]
mod common;
mod consistency_levels;
mod core_settling;
mod hunt;
mod interrupted;
mod kept_files;
mod killed_shrink;
mod patched_library;
mod picture;
mod replay;
mod run_endings;
mod shrink;
