//! What the simulator has to know of a system as a scenario tunes it.

use simulated_clock::Duration;

use crate::replica::TimerId;
use crate::units::KeyError;

/// What one scenario makes of a system.
#[derive(Clone, Debug)]
pub struct Setup<O> {
    /// The options that its replicas start with.
    pub options: O,
    /// What the simulator has to know of them.
    pub profile: Profile,
}

/// What the simulator has to know of a system as a scenario tunes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// How often its timers fire. Patience counts these ticks.
    pub tick: Duration,
    /// How long a message waits for a timer before it leaves, at most.
    pub sends_every: Duration,
    /// How long a leader may be silent before others try to replace it.
    pub suspicion: Duration,
    /// The ticks of all its timeouts together.
    pub timeouts: u64,
    /// How long it may take once nothing fails any more.
    pub patience: Patience,
    /// How many replicas that reach each other can serve clients.
    pub quorum: u64,
    /// Whether a command that is asked again takes effect only once.
    pub retries_are_safe: bool,
    /// A timer that a search may let fire at any time, because nothing depends on when.
    pub free_timer: Option<TimerId>,
    /// Why it cannot be searched exhaustively as it is tuned: the key, and what would be right.
    pub unsearchable: Option<KeyError>,
    /// Settings with which it may not work although nothing fails: what is so, why that matters,
    /// and what to do.
    pub impatience: Option<String>,
}

/// How long a system may take once nothing fails any more, in ticks: how often its timers
/// fire, messages aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// From when something is asked until it is answered, and everything is decided by all
    /// replicas, if a leader stands.
    pub answer: u64,
    /// From whatever state until a leader stands, with which all others are in sync.
    pub leader: u64,
}

impl Profile {
    /// What is assumed of a system of which nothing is known: a majority serves, ticks are
    /// 10 ms, a leader is suspected after 10 of them, and an answer takes at most 34.
    pub const fn of_replicas(replicas: u64) -> Self {
        Self {
            tick: Duration::from_millis(10),
            sends_every: Duration::ZERO,
            suspicion: Duration::from_millis(100),
            timeouts: 32,
            patience: Patience {
                answer: 34,
                leader: 140,
            },
            quorum: replicas / 2 + 1,
            retries_are_safe: true,
            free_timer: None,
            unsearchable: None,
            impatience: None,
        }
    }
}
