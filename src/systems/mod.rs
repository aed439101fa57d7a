//! The systems under test that come with omnisim: services over OmniPaxos.

pub mod kv;
pub mod omnipaxos;

pub use omnipaxos::{Service, StateMachine};

use crate::search::{Systems, Testable};

/// The systems of the program `omnisim`, compiled with it: who lists them with
/// [`systems!`](crate::systems!) compiles the whole simulator over them again.
pub static BUILT_IN: Systems<'static> = &[<kv::Kv as Testable>::RUNNER];
