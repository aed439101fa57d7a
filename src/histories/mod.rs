//! Histories of operations, from our runs or from a real cluster: found, read, and judged by the
//! checker, one after the other.

mod absent;
mod assumed;
mod choice;
mod clients;
mod draws;
mod files;
mod job;
mod judge;
mod models;
mod objects;
mod options;
mod own;
mod reading;
mod tee;
mod verdict;

pub(crate) use absent::Absent;
pub(crate) use choice::{ModelChoice, model_names};
pub(crate) use draws::Draws;
pub(crate) use files::{Found, find};
pub(crate) use job::Job;
pub(crate) use judge::Judged;
pub(crate) use models::{objects as model_objects, table as model_table};
pub(crate) use objects::judge_by;
pub(crate) use options::{Initial, Model, Options, WriteOrder, name_of};
pub use own::HistoryModel;
pub(crate) use reading::Reading;
