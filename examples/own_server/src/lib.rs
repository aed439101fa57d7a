//! "I already have a server over OmniPaxos": what it decides, apart from its loop, and what it takes
//! to test that.
//!
//! [`server`] is the production code: it ticks the library, hands it messages, appends what clients
//! ask, applies what is decided and answers. It is generic over the library's storage, and knows
//! nothing of omnisim. [`replica`] drives it by the events of the simulator, on the simulated disk;
//! [`system`] says what it relies on and what its clients do.

pub mod replica;
pub mod server;
pub mod system;

pub use system::OwnServer;

/// What the program tests. It stands here so that the simulator is compiled over the server once.
pub static SYSTEMS: omnisim::prelude::Systems<'static> =
    omnisim::systems![omnisim::prelude::Whole<OwnServer>];
