//! Ready-made models, one per file.

pub mod cas_register;
pub mod kv;
pub mod register;
