//! What clients ask, and what they are answered.

use omnisim::observation::ClientId;
use serde::{Deserialize, Serialize};

/// What a client asks of a lock. It names itself: the state machine sees
/// commands alone, not who sent them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// The lock.
    pub lock: String,
    /// Who asks.
    pub client: ClientId,
    /// What.
    pub ask: Ask,
}

/// What can be asked of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Give it to me.
    Acquire,
    /// Take it back.
    Release,
    /// Who holds it?
    Holder,
}

/// What can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Of an acquire: it was free, and is yours.
    Granted,
    /// Of a release: it was yours, and is free.
    Released,
    /// Of a release: it is not yours to give back.
    NotYours,
    /// Of a question, or of an acquire that came too late: its holder has it;
    /// of a question also: nobody has.
    HeldBy(Option<ClientId>),
}
