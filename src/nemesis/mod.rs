//! The nemesis: what goes wrong, where, when, and for how long.
//!
//! A [`Fault`] is something the world can begin and end. Faults come from a
//! script (`[[fault]]`), from [`RandomFaults`], which asks the decisions in every
//! slot of time, for every kind that is switched on, whether one begins, or from
//! [`TargetedFaults`], which asks at every [`Cue`]: when a promise was made, say.
//! After the nemesis phase comes *settle*, in which everything is mended and the
//! system has to work again.

mod coverage;
mod cue;
mod draw;
mod fault;
mod impact;
mod options;
mod random;
mod script;
mod script_problems;
mod settle;
mod slot;
mod targeted;
mod told;

pub use coverage::{Coverage, Moment, NO_MESSAGE};
pub use cue::{Cue, REPLY, Sent, Spoken, did_you_mean};
pub use fault::{FOLLOWER, Fault, FaultKind, LEADER, Target};
pub use impact::{FaultSource, Impact, Impacts, Struck};
pub use options::{ActionRate, FaultRate, NemesisOptions, Rates};
pub use random::{Begun, RandomFaults};
pub use script::{ScriptedAction, ScriptedFault};
pub use settle::{SettleMode, SettleOptions};
pub use slot::SLOT;
pub use targeted::{Strike, TargetedFaults, TargetedRate, Whom};
