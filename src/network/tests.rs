//! The contract, as properties of random runs and as single stories.

mod driver;
mod properties;
mod stories;
mod trace;
