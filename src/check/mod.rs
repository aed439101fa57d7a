//! What must hold: one invariant per file.
//!
//! Checks read observations and never the world. Each invariant sees every
//! observation in order, together with what the replica's disk holds by its own
//! account (the [`Ledger`](crate::observation::Ledger)) and what has been learnt of the run so far (the
//! [`Facts`]); the first that is broken ends the run as a [`Violation`]. What
//! only shows at the end of a run (the witness, convergence, completion) is a
//! function that the world's judge calls.
//!
//! A new invariant is one new file in `invariants/`, and one line in the list there.

mod acknowledged_survives;
mod bounded_traffic;
mod cause;
mod checks;
mod completion;
mod convergence;
mod count;
mod evaluated;
mod facts;
mod finding;
mod findings;
mod heartbeats;
mod invariant;
mod invariants;
mod leader_log;
mod level;
mod log_checks;
mod names;
mod per_replica;
mod per_request;
mod reference;
mod requests;
#[cfg(test)]
mod testing;
mod violation;
mod witness;

pub use acknowledged_survives::acknowledged_survives;
pub use bounded_traffic::{Traffic, bounded_traffic};
pub use cause::Cause;
pub use checks::Checks;
pub use completion::{Unfinished, completion};
pub use convergence::{Held, convergence};
pub use evaluated::Evaluated;
pub use facts::{AppliedEntry, Facts};
pub use finding::Finding;
pub use findings::findings;
pub use heartbeats::Heartbeat;
pub use invariant::{Breach, Broken, Invariant, Seen};
pub use leader_log::LeaderLog;
pub(crate) use level::LINEARIZABILITY;
pub use level::Level;
pub use log_checks::LogChecks;
pub(crate) use names::complaint_about;
pub use names::{all_names, names, run_names};
pub use reference::{Fold, NoFold};
pub use requests::Requests;
#[cfg(feature = "explore")]
pub(crate) use violation::CHECKERS_AGREE;
pub use violation::{Class, Violation};
pub(crate) use violation::{HANG, OMNISIM};
pub use witness::{WitnessLog, WitnessOp, Witnessed, witness};
