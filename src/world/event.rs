//! What is going to happen, and the queue that holds it.

use std::num::NonZeroU64;

use simulated_clock::{EventHandle, EventQueue, Instant};

use crate::network::{Agenda, NetworkEvent};
use crate::replica::TimerId;

/// Something that is due at some time.
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

impl From<NetworkEvent> for Event {
    #[inline]
    fn from(event: NetworkEvent) -> Self {
        match event {
            NetworkEvent::Arrival { link, sequence } => Self::Arrival { link, sequence },
            NetworkEvent::Handshake { pair, attempt } => Self::Handshake { pair, attempt },
        }
    }
}

/// The events that are pending.
#[derive(Default)]
pub(super) struct Queue(EventQueue<Packed>);

impl Queue {
    /// Lets `event` happen at `at`.
    #[inline]
    pub(super) fn push(&mut self, at: Instant, event: Event) -> EventHandle {
        self.0.push(at, Packed::of(event))
    }

    /// The next event, which happens now.
    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<(Instant, Event)> {
        let (at, packed) = self.0.pop()?;
        Some((at, packed.event()))
    }

    /// An event will not happen.
    pub(super) fn cancel(&mut self, handle: EventHandle) {
        self.0.cancel(handle);
    }

    /// The time of the event that happened last.
    pub(super) fn now(&self) -> Instant {
        self.0.now()
    }
}

impl Agenda for Queue {
    #[inline]
    fn at(&mut self, time: Instant, event: NetworkEvent) {
        self.push(time, event.into());
    }
}

/// An event in two words, as it lies in the queue. A variant's fields are of many
/// sizes and offsets: written in its own, and read in larger pieces to be copied, they
/// make the copy wait, twice for each event.
#[derive(Clone, Copy, Debug)]
struct Packed {
    /// From the lowest bit up: 8 bits say which variant it is, 16 and, above 32, another
    /// 32 hold small fields.
    head: NonZeroU64,
    /// The field that is not small.
    tail: u64,
}

// The queue knows an empty slot by its head.
const _: () = assert!(size_of::<Option<Packed>>() == 16);

impl Packed {
    #[inline(always)]
    fn new(variant: u8, small: u16, middle: u32, tail: u64) -> Self {
        let head = u64::from(variant) | u64::from(small) << 8 | u64::from(middle) << 32;
        Self {
            head: NonZeroU64::new(head).expect("variants are numbered from 1 on"),
            tail,
        }
    }

    #[inline(always)]
    fn of(event: Event) -> Self {
        match event {
            Event::Arrival { link, sequence } => Self::new(1, 0, link, sequence),
            Event::Handshake { pair, attempt } => Self::new(2, 0, pair, attempt.into()),
            Event::Timer { process, timer } => Self::new(3, process, timer.0.into(), 0),
            Event::Ready { process, handlers } => Self::new(4, process, 0, handlers),
            Event::Leave {
                process,
                incarnation,
            } => Self::new(5, process, incarnation, 0),
            Event::Restart { process, crashes } => Self::new(6, process, crashes, 0),
            Event::Issue { client } => Self::new(7, client, 0, 0),
            Event::Timeout {
                client,
                sequence,
                attempt,
            } => Self::new(8, client, attempt, sequence),
            Event::Slot => Self::new(9, 0, 0, 0),
            Event::Fault { index } => Self::new(10, index, 0, 0),
            Event::Strike { id } => Self::new(11, 0, id, 0),
            Event::FaultEnd { id } => Self::new(12, 0, id, 0),
            Event::Action { index } => Self::new(13, index, 0, 0),
            Event::Settle => Self::new(14, 0, 0, 0),
            Event::Probe { round } => Self::new(15, round, 0, 0),
            Event::End => Self::new(16, 0, 0, 0),
        }
    }

    #[inline(always)]
    fn event(self) -> Event {
        let head = self.head.get();
        let (variant, small, middle) = (head as u8, (head >> 8) as u16, (head >> 32) as u32);
        match variant {
            1 => Event::Arrival {
                link: middle,
                sequence: self.tail,
            },
            2 => Event::Handshake {
                pair: middle,
                attempt: self.tail as u32,
            },
            3 => Event::Timer {
                process: small,
                timer: TimerId(middle as u8),
            },
            4 => Event::Ready {
                process: small,
                handlers: self.tail,
            },
            5 => Event::Leave {
                process: small,
                incarnation: middle,
            },
            6 => Event::Restart {
                process: small,
                crashes: middle,
            },
            7 => Event::Issue { client: small },
            8 => Event::Timeout {
                client: small,
                sequence: self.tail,
                attempt: middle,
            },
            9 => Event::Slot,
            10 => Event::Fault { index: small },
            11 => Event::Strike { id: middle },
            12 => Event::FaultEnd { id: middle },
            13 => Event::Action { index: small },
            14 => Event::Settle,
            15 => Event::Probe { round: small },
            16 => Event::End,
            _ => unreachable!("there is no such variant"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_event_comes_out_as_it_went_in(
            small: u16,
            timer: u8,
            middle: u32,
            attempt: u32,
            tail: u64,
        ) {
            let events = [
                Event::Arrival { link: middle, sequence: tail },
                Event::Handshake { pair: middle, attempt },
                Event::Timer { process: small, timer: TimerId(timer) },
                Event::Ready { process: small, handlers: tail },
                Event::Leave { process: small, incarnation: middle },
                Event::Restart { process: small, crashes: middle },
                Event::Issue { client: small },
                Event::Timeout { client: small, sequence: tail, attempt },
                Event::Slot,
                Event::Fault { index: small },
                Event::Strike { id: middle },
                Event::FaultEnd { id: middle },
                Event::Action { index: small },
                Event::Settle,
                Event::Probe { round: small },
                Event::End,
            ];
            for event in events {
                prop_assert_eq!(Packed::of(event).event(), event);
            }
        }
    }
}
