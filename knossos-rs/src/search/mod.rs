//! The search for an order: depth first, with a memory, on an explicit stack.
//!
//! The procedure of Wing and Gong ("Testing and verifying concurrent objects", 1993) takes one
//! of the operations that may come next, as long as the model allows it, and turns back where
//! none fits; Lowe ("Testing for linearizability", 2017) remembers what failed. To that are
//! added some rules. Each keeps this promise: *when a configuration is given up, no order
//! completes it.*
//!
//! - A read that fits is taken at once: it changes nothing, so it can move to the front of any
//!   order that has it later.
//! - Operations of unknown outcome are used only directly before a known operation, fewest
//!   first ([`moves`]); a configuration with more of them used is covered by one with fewer
//!   ([`memo`]).
//! - Twins go in order ([`twins`]); a state that is needed and cannot come back is not left
//!   ([`ledger`]).
//! - Where operations add to the state, it must remain a beginning of what the next read saw, or
//!   become one ([`growth`]).
//! - Some moves are never regretted, and then no other is tried ([`settle`]).
//!
//! Reads and blind writes are [swept](sweep), too, in turns with the search ([`alternate`]).

mod alternate;
mod configuration;
mod found;
mod frame;
mod growth;
mod ledger;
mod memo;
mod moves;
mod next_read;
mod outcome;
mod part;
mod run;
mod settle;
mod sweep;
mod timeline;
mod turns;
mod twins;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use configuration::Search;
pub(crate) use outcome::Outcome;
pub(crate) use sweep::{Deed, Sweep};
