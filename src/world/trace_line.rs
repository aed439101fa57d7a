//! One line of a trace: what happened, in words and as something to draw.

use std::fmt;

use simulated_clock::Instant;

use crate::observation::RequestId;

/// One line of an annotated trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceLine {
    /// When.
    pub at: Instant,
    /// Who.
    pub who: String,
    /// What, in words.
    pub what: String,
    /// What, for those who draw it.
    pub scene: Scene,
    /// The request that it is about, if it is about one.
    pub request: Option<RequestId>,
    /// Whether that request shows what is wrong.
    pub is_marked: bool,
}

/// What a line of a trace shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scene {
    /// Nothing beside its words.
    #[default]
    Words,
    /// A message arrives.
    Arrives {
        /// Who sent it.
        from: String,
        /// When it was sent.
        sent: Instant,
    },
    /// A message is sent that never arrives.
    IsLost {
        /// Who does not get it.
        to: String,
    },
    /// A replica comes up.
    Starts,
    /// A replica goes down.
    Crashes,
    /// A fault begins that lasts.
    FaultBegins {
        /// Its number in this run.
        id: u32,
    },
    /// A fault ends.
    FaultEnds {
        /// Its number in this run.
        id: u32,
    },
    /// A check finds what must not be.
    Violation,
}

impl fmt::Display for TraceLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.at.as_nanos();
        let (seconds, micros) = (nanos / 1_000_000_000, nanos / 1_000 % 1_000_000);
        let mark = if self.is_marked { '*' } else { ' ' };
        write!(
            f,
            "{mark}{seconds:>4}.{micros:06}s  {:<8} {}",
            self.who, self.what
        )
    }
}
