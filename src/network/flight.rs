//! What is under way on one directed link, in the order in which it was sent.
//!
//! Every thing has a sequence number, and numbers are never used again: an
//! event that names a thing which is gone finds nothing. What a break drops
//! leaves a gap that is closed when the front reaches it.

use std::collections::VecDeque;

use simulated_clock::Instant;

/// One thing under way.
#[derive(Debug)]
pub(super) enum Item<P> {
    Message(P),
    /// The receiver hears that the session is up.
    Up,
    /// The receiver hears that the session is lost.
    Lost,
    /// It was dropped, or delivered out of order.
    Gone,
}

#[derive(Debug)]
struct Slot<P> {
    arrival: Instant,
    session: u32,
    item: Item<P>,
}

#[derive(Debug)]
pub(super) struct Flight<P> {
    /// The sequence number of the front.
    first: u64,
    /// The front is never gone.
    slots: VecDeque<Slot<P>>,
    /// The latest arrival of what is under way.
    arrival_last: Instant,
}

impl<P> Flight<P> {
    pub(super) const fn new() -> Self {
        Self {
            first: 0,
            slots: VecDeque::new(),
            arrival_last: Instant::ZERO,
        }
    }

    /// Adds something that arrives at `arrival`, but not before what is ahead of
    /// it. Returns when it arrives, and its sequence number.
    #[inline]
    pub(super) fn push_in_order(
        &mut self,
        arrival: Instant,
        session: u32,
        item: Item<P>,
    ) -> (Instant, u64) {
        self.arrival_last = self.arrival_last.max(arrival);
        let arrival = self.arrival_last;
        (arrival, self.push(arrival, session, item))
    }

    /// Adds something that arrives at `arrival`, whatever is ahead of it.
    #[inline]
    pub(super) fn push(&mut self, arrival: Instant, session: u32, item: Item<P>) -> u64 {
        debug_assert!(!matches!(item, Item::Gone), "what is gone is not sent");
        let sequence = self.first + self.slots.len() as u64;
        self.slots.push_back(Slot {
            arrival,
            session,
            item,
        });
        sequence
    }

    /// Takes out what has this sequence number, if all ahead of it is gone.
    #[inline]
    pub(super) fn take_in_order(&mut self, sequence: u64) -> Option<(u32, Item<P>)> {
        if sequence != self.first {
            return None;
        }
        let slot = self.slots.pop_front()?;
        debug_assert!(!matches!(slot.item, Item::Gone), "the front is never gone");
        self.first += 1;
        self.close_gap();
        Some((slot.session, slot.item))
    }

    /// Takes out what has this sequence number.
    pub(super) fn take(&mut self, sequence: u64) -> Option<(u32, Item<P>)> {
        let index = sequence.checked_sub(self.first)?;
        let slot = self.slots.get_mut(index as usize)?;
        let session = slot.session;
        let item = std::mem::replace(&mut slot.item, Item::Gone);
        self.close_gap();
        (!matches!(item, Item::Gone)).then_some((session, item))
    }

    /// The messages under way.
    pub(super) fn messages(&self) -> impl Iterator<Item = &P> {
        self.slots.iter().filter_map(|slot| match &slot.item {
            Item::Message(message) => Some(message),
            Item::Up | Item::Lost | Item::Gone => None,
        })
    }

    /// Messages and news of new sessions, in order; nothing stands for the news.
    pub(super) fn heard_next(&self) -> impl Iterator<Item = Option<&P>> {
        self.slots.iter().filter_map(|slot| match &slot.item {
            Item::Message(message) => Some(Some(message)),
            Item::Up => Some(None),
            Item::Lost | Item::Gone => None,
        })
    }

    /// How many messages of a session, the latest, are under way.
    pub(super) fn messages_of(&self, session: u32) -> u64 {
        debug_assert!(
            self.slots.back().is_none_or(|slot| slot.session <= session),
            "later sessions come behind"
        );
        let behind = self.slots.iter().rev();
        behind
            .take_while(|slot| slot.session == session)
            .filter(|slot| matches!(slot.item, Item::Message(_)))
            .count() as u64
    }

    /// Drops the last `count` messages of a session, the latest.
    pub(super) fn drop_last(&mut self, count: u64, session: u32) {
        let before = self.messages_of(session);
        assert!(count <= before, "more is dropped than is under way");
        let behind = self.slots.iter_mut().rev();
        behind
            .filter(|slot| matches!(slot.item, Item::Message(_)))
            .take(count as usize)
            .for_each(|slot| slot.item = Item::Gone);
        self.arrival_last = self
            .slots
            .iter()
            .rfind(|slot| !matches!(slot.item, Item::Gone))
            .map_or(Instant::ZERO, |slot| slot.arrival);
        self.close_gap();
        debug_assert_eq!(self.messages_of(session), before - count);
    }

    /// Drops everything; returns how many messages that were.
    pub(super) fn clear(&mut self) -> u64 {
        let dropped = self
            .slots
            .iter()
            .filter(|slot| matches!(slot.item, Item::Message(_)))
            .count();
        self.first += self.slots.len() as u64;
        self.slots.clear();
        self.arrival_last = Instant::ZERO;
        dropped as u64
    }

    /// The sequence numbers of what should have arrived by `now`, in order.
    pub(super) fn due(&self, now: Instant) -> impl Iterator<Item = u64> {
        (self.first..)
            .zip(&self.slots)
            .filter(move |(_, slot)| slot.arrival <= now && !matches!(slot.item, Item::Gone))
            .map(|(sequence, _)| sequence)
    }

    /// Everything arrives by `now`; the sequence numbers of what would have been
    /// later, in order.
    pub(super) fn hurry(&mut self, now: Instant) -> Vec<u64> {
        let late = (self.first..).zip(&mut self.slots);
        let late = late.filter(|(_, slot)| slot.arrival > now && !matches!(slot.item, Item::Gone));
        let late = late.map(|(sequence, slot)| {
            slot.arrival = now;
            sequence
        });
        self.arrival_last = self.arrival_last.min(now);
        late.collect()
    }

    #[inline]
    fn close_gap(&mut self) {
        while let Some(Slot {
            item: Item::Gone, ..
        }) = self.slots.front()
        {
            self.slots.pop_front();
            self.first += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(nanos: u64) -> Instant {
        Instant::from_nanos(nanos)
    }

    fn payload(taken: Option<(u32, Item<char>)>) -> Option<char> {
        match taken?.1 {
            Item::Message(payload) => Some(payload),
            _ => None,
        }
    }

    #[test]
    fn what_is_sent_later_does_not_overtake_and_waits_for_what_is_ahead() {
        let mut flight = Flight::new();
        assert_eq!(
            flight.push_in_order(at(9), 1, Item::Message('a')),
            (at(9), 0)
        );
        assert_eq!(
            flight.push_in_order(at(3), 1, Item::Message('b')),
            (at(9), 1)
        );
        assert_eq!(payload(flight.take_in_order(1)), None);
        assert_eq!(payload(flight.take_in_order(0)), Some('a'));
        assert_eq!(payload(flight.take_in_order(1)), Some('b'));
    }

    #[test]
    fn a_break_drops_the_last_messages_of_its_session_and_its_numbers_are_not_used_again() {
        let mut flight = Flight::new();
        flight.push_in_order(at(1), 1, Item::Message('a'));
        flight.push_in_order(at(2), 2, Item::Up);
        for (time, message) in [(3, 'b'), (4, 'c'), (9, 'd')] {
            flight.push_in_order(at(time), 2, Item::Message(message));
        }
        flight.drop_last(2, 2);
        assert_eq!(flight.messages_of(2), 1);
        // What comes after the break follows the kept prefix, not the dropped rest.
        assert_eq!(flight.push_in_order(at(5), 2, Item::Lost), (at(5), 5));
        let order: Vec<u64> = flight.due(at(9)).collect();
        assert_eq!(order, [0, 1, 2, 5]);
        for sequence in order {
            assert!(flight.take_in_order(sequence).is_some());
        }
    }

    #[test]
    fn out_of_order_each_thing_is_taken_once() {
        let mut flight = Flight::new();
        for message in ['a', 'b', 'c'] {
            flight.push(at(1), 1, Item::Message(message));
        }
        assert_eq!(payload(flight.take(1)), Some('b'));
        assert_eq!(payload(flight.take(1)), None);
        assert_eq!(payload(flight.take(0)), Some('a'));
        assert_eq!(payload(flight.take(0)), None);
        assert_eq!(flight.clear(), 1);
        assert_eq!(payload(flight.take(2)), None);
        assert_eq!(flight.push(at(1), 1, Item::Message('d')), 3);
    }
}
