//! The search against brute force, on every small history and on many random ones.

mod oracle;
mod random;
mod small;
mod work;
