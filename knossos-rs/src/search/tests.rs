//! The search against brute force, on every small history and on many random ones.

mod footprint;
pub(crate) mod oracle;
mod random;
pub(crate) mod small;
mod work;
