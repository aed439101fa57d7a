//! Ready-made models, one per file.
//!
//! | model | operations | parts |
//! | --- | --- | --- |
//! | [`register`] | read, write | one cell |
//! | [`cas_register`] | read, write, cas | one cell |
//! | [`kv`] | get, put, delete, append, cas | each key |
//! | [`set`] | add, remove, contains, read | each element, unless a read sees all |
//! | [`queue`] | enqueue, dequeue | one queue, first in first out |
//! | [`stack`] | push, pop | one stack, last in first out |
//! | [`bank`] | transfer, balance, read | all accounts together |
//! | [`nondeterministic`] | any, with several outcomes each | as the model says |

pub mod bank;
pub mod cas_register;
pub mod kv;
pub mod nondeterministic;
pub mod queue;
pub mod register;
pub mod set;
pub mod stack;

mod cell;

#[cfg(test)]
mod tests;
