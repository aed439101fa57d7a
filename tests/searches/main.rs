//! Every schedule of a small scenario: what searches take, find and leave out.

#[path = "../common/mod.rs"]
mod common;
mod explorer;
mod going_on;
mod model;
mod model_bugs;
mod reductions;
mod schedules;
mod settled;
