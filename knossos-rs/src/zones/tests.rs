//! The zones against brute force and against the search.

mod compare;
mod exhaustive;
mod random;
mod work;
