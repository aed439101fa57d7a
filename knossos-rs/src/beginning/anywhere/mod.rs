//! Objects that began with nobody knows what, whose states say only what has been learnt of it.
//!
//! Where the beginnings that make a difference are too many to be tried, as with queues, what an
//! object holds is found out on the way: an order is possible if it is from some beginning.

mod queue;
mod stack;
mod versioned_register;

pub use queue::AnyQueue;
pub use stack::AnyStack;
pub use versioned_register::AnyVersionedRegister;
