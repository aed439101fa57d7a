//! The search for one order of all operations that keeps the clauses of a level.
//!
//! Depth first on an explicit stack, with a memory of the configurations entered, as Wing and
//! Gong (1993) and Lowe (2017) search for linearizations; but who may come next is told by the
//! clauses ([`rules`]), and the object may have many parts, each with a state of its own,
//! since sequential consistency has to be checked across parts. Some rules keep it short; each
//! keeps the promise that *what is given up cannot be completed*:
//!
//! - A read that fits is taken at once: it changes nothing, so it can move to the front of any
//!   order that has it later.
//! - An operation of unknown outcome blocks nobody and matters to its own part only. So it can
//!   move back to just before the next known operation of its part, and if there is none, or
//!   that one is blind, it can be left out.
//! - A state that is needed and cannot come back is not left ([`ledger`]).
//! - Where a part only grows, it must remain a beginning of what is read next.
//!
//! Configurations are remembered exactly, not by a hash. With `k` clients whose operations do
//! not overlap there are at most `n^k` sets of operations that can have come first.

mod configuration;
mod lanes;
mod ledger;
mod memo;
pub(crate) mod rules;
mod run;
mod task;

pub(super) use configuration::Order;
pub(super) use run::Outcome;
