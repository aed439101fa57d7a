//! What the event queue holds.

use crate::network::NetworkEvent;
use crate::replica::TimerId;

/// Something that is due at some time. Small, so that the queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Something arrives at the far end of a link.
    Arrival { link: u32, sequence: u64 },
    /// Two endpoints have shaken hands.
    Handshake { pair: u32, attempt: u32 },
    /// A replica's timer fires.
    Timer { process: u16, timer: TimerId },
    /// A busy replica is ready for its next input.
    Ready { process: u16, handlers: u64 },
    /// An effect of a handler leaves, after the writes before it.
    Leave { process: u16, incarnation: u32 },
    /// A replica comes back.
    Restart { process: u16, crashes: u32 },
    /// A client issues its next operation.
    Issue { client: u16 },
    /// A client has waited long enough.
    Timeout {
        client: u16,
        sequence: u64,
        attempt: u32,
    },
    /// A slot of random faults begins.
    Slot,
    /// A scripted fault begins.
    Fault { index: u16 },
    /// A targeted fault begins.
    Strike { id: u32 },
    /// A fault ends.
    FaultEnd { id: u32 },
    /// An operator acts by script.
    Action { index: u16 },
    /// The nemesis phase is over.
    Settle,
    /// Probes are due.
    Probe { round: u16 },
    /// The run is over.
    End,
}

// Two words travel in registers, and a variant within a variant would make it three.
const _: () = assert!(size_of::<Event>() == 16);

impl From<NetworkEvent> for Event {
    #[inline]
    fn from(event: NetworkEvent) -> Self {
        match event {
            NetworkEvent::Arrival { link, sequence } => Self::Arrival { link, sequence },
            NetworkEvent::Handshake { pair, attempt } => Self::Handshake { pair, attempt },
        }
    }
}
