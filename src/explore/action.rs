//! What can happen next.

use super::step::Fate;

/// One thing that happens. Replicas are counted from 0 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Action {
    pub(super) what: What,
    /// How far the handler comes, if one runs.
    pub(super) fate: Fate,
}

impl Action {
    /// It happens, and a handler that runs comes to its end.
    pub(super) const fn whole(what: What) -> Self {
        Self {
            what,
            fate: Fate::Whole,
        }
    }
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// The message at a place of a link arrives; it may stay there to arrive again.
    /// On lossy links those before it are lost.
    Deliver {
        from: u8,
        to: u8,
        place: u8,
        stays: bool,
    },
    /// The first message of a link is lost.
    Lose { from: u8, to: u8 },
    /// A session breaks and is made again.
    Break { one: u8, other: u8 },
    /// A link is cut until it heals.
    Cut { one: u8, other: u8 },
    /// A link that is cut heals.
    Heal { one: u8, other: u8 },
    /// Nothing fails from now on.
    Settle,
    /// A client asks, perhaps not for the first time.
    Ask { operation: u8, replica: u8 },
    /// A replica attempts to lead.
    Attempt { replica: u8 },
    /// A timer fires.
    Timer { replica: u8, timer: u8 },
    /// Time passes for all replicas, until the next timer is due.
    Time,
    /// A replica goes down between two handlers.
    Crash { replica: u8 },
    /// A replica that is down starts, on a disk that lost its last writes.
    Restart { replica: u8, lost: u8 },
}
