//! Ready-made models, one per file.
//!
//! | model | operations | parts |
//! | --- | --- | --- |
//! | [`register`] | read, write | one cell |
//! | [`cas_register`] | read, write, cas | one cell |
//! | [`versioned_register`] | read, write, cas, each with a version | one cell |
//! | [`kv`] | get, put, delete, append, cas | each key |
//! | [`set`] | add, remove, contains, read | each element, unless a read sees all |
//! | [`mutex`] | acquire, release | one mutex |
//! | [`counter`] | add, read | one counter |
//! | [`queue`] | enqueue, dequeue | one queue, first in first out |
//! | [`stack`] | push, pop | one stack, last in first out |
//! | [`bank`] | transfer, balance, read | all accounts together |
//! | [`keyed`] | those of another model, on many objects | each key |
//! | [`starting_with`] | those of another model, which begins with something | as the model says |
//! | [`nondeterministic`] | any, with several outcomes each | as the model says |

pub mod any;
pub mod bank;
pub mod cas_register;
pub mod counter;
pub mod keyed;
pub mod kv;
pub mod mutex;
pub mod nondeterministic;
pub mod queue;
pub mod register;
pub mod set;
pub mod stack;
pub mod starting_with;
pub mod versioned_register;

mod cell;

#[cfg(test)]
mod tests;
