//! Histories of concurrent operations, sequential models, and checkers of linearizability.
//!
//! A *history* is what clients saw: operations, each with the moment it was called, the moment
//! it returned, and what it returned (or that nobody knows). A *model* is the sequential
//! specification: an initial state, and what one operation does to a state. A history is
//! *linearizable* when its operations can be put in one order that respects real time (what
//! returned before another was called comes first) and that the model allows (Herlihy and Wing,
//! "Linearizability: a correctness condition for concurrent objects", 1990).
//!
//! ```
//! use knossos::models::register::{Input, Output, Register};
//! use knossos::{Limits, Operation, Verdict, check};
//!
//! let history = [
//!     Operation::completed(1, Input::Write("a".into()), Output::Done, 0, 10),
//!     Operation::completed(2, Input::Read, Output::Value(None), 20, 30),
//! ];
//! let report = check(&Register, &history, None, &Limits::none());
//! let Verdict::Violation(violation) = report.verdict else { panic!("a stale read") };
//! assert_eq!(violation.culprit, Some(1));
//! ```
//!
//! The parts: [`history`] is plain data; [`model`] is the trait and [`models`] the ready-made
//! ones; [`check`](fn@check) decides; [`consistency`] checks weaker promises; [`format`](mod@format) reads and writes history files.

pub mod consistency;
pub mod format;
pub mod history;
pub mod limits;
pub mod model;
pub mod models;
pub mod picture;
pub mod report;
pub mod text;

mod check;
mod deadline;
mod decide;
mod explain;
mod fixed_hash;
mod interner;
mod job;
mod search;
mod witnessed;
mod zones;

pub use check::check;
pub use consistency::{Consistency, Guarantee, WriteOrder, check_consistency};
pub use explain::Anomaly;
pub use history::Operation;
pub use limits::Limits;
pub use model::{Footprint, Leaves, Model, OperationOf};
pub use report::{Progress, Reason, Report, Verdict, Violation};
pub use text::Text;
