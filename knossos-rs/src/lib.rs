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
//! # How linearizability is decided
//!
//! Parts (keys) are independent, and for each the first of these that applies decides; `n` is
//! the number of operations of the part.
//!
//! | what the part is | how | time |
//! |---|---|---|
//! | reads and writes, values written once, with unknown outcomes | one pass over all parts (Gibbons and Korach 1997), whether or not there are hints | O(n log n), O(n) if nearly in order of time |
//! | an order was given as hints, and holds | verified: one sort, one pass | O(n log n) |
//! | each state that is needed is left by one operation: as above, with cas that matched, and one delete | zones (Gibbons and Korach 1997) | O(n log n) |
//! | the same, with cas that did not match | zones, and the failed cas fitted into their order; if they do not fit, the search | O(n log n), or as below |
//! | a queue, values put in once, unless it was found empty where outcomes are unknown | four patterns (Henzinger, Sezgin and Vafeiadis 2013) | O(n log n) |
//! | every operation is a blind write or needs one state, and values are rarely repeated | search that settles blocks without looking back | polynomial |
//! | reads and blind writes, whatever repeats | the same search, in turns with a sweep through time (after Lowe's just-in-time linearization, 2017) that keeps the best states | exponential in the different values that are read and written at once, at worst |
//! | anything else: cas of repeated values, appends, models that tell nothing | search (Wing and Gong 1993, Lowe 2017) with a memory | exponential in the operations open at once, at worst |
//!
//! What a model tells of its operations ([`Model::plain`], [`Model::footprint`],
//! [`Model::queued`]) is all that these know; a model that tells nothing is searched, or verified
//! in the order of the hints.
//!
//! The parts: [`history`] is plain data; [`model`] is the trait and [`models`] the ready-made
//! ones; [`check`](fn@check) decides; [`beginning`] asks the same of objects that begin with
//! something, or with nobody knows what; [`consistency`] checks weaker promises;
//! [`format`](mod@format) reads and writes history files; [`picture`] shows one.

pub mod beginning;
pub mod consistency;
pub mod format;
pub mod history;
pub mod limits;
pub mod model;
pub mod models;
pub mod nearly_sorted;
pub mod picture;
pub mod report;
pub mod text;

mod anomaly;
mod by_reference;
mod check;
mod chunked;
mod clients;
mod deadline;
mod decide;
#[cfg(test)]
mod drawn;
mod entry;
mod evidence;
mod explain;
mod fifo;
mod fixed_hash;
mod hash_index;
mod interner;
mod job;
mod parallel;
mod parts;
mod plain;
mod question;
mod search;
#[cfg(test)]
mod shapes;
mod sorting;
mod stop;
mod watch;
mod witnessed;
mod zones;

pub use anomaly::Anomaly;
pub use beginning::{AnyBeginning, Beginning, Beginnings, check_from};
pub use by_reference::ByReference;
pub use check::{Decision, check, check_on_threads, decide, decide_on_threads};
pub use consistency::{Consistency, Guarantee, WriteOrder, check_consistency};
pub use history::Operation;
pub use limits::Limits;
pub use model::{Footprint, Leaves, Model, Moments, OperationOf, Plain, Queued};
pub use report::{Progress, Reason, Report, Verdict, Violation};
pub use stop::StopFlag;
pub use text::Text;

/// The examples of the README, so that they run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
