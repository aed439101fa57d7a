//! The zones against brute force and against the search.

mod compare;
mod exhaustive;
pub(crate) mod random;
mod unclear;
mod work;
