//! What is under way on one directed link, in the order in which it was sent.
//!
//! Every thing has a sequence number, and numbers are never used again: an
//! event that names a thing which is gone finds nothing. What a break drops
//! leaves a gap that is closed when the front reaches it.
//!
//! Things stand in a ring, each at the place that its number names.

use std::ops::Range;

use simulated_clock::Instant;

/// One thing under way.
#[derive(Debug)]
pub(super) enum Item<P> {
    Message(P),
    /// The receiver hears that the session is up.
    Up,
    /// The receiver hears that the session is lost.
    Lost,
    /// It was dropped, or delivered out of order; or there is nothing at this place.
    Gone,
}

#[derive(Debug)]
struct Slot<P> {
    arrival: Instant,
    session: u32,
    item: Item<P>,
}

impl<P> Slot<P> {
    const EMPTY: Self = Self {
        arrival: Instant::ZERO,
        session: 0,
        item: Item::Gone,
    };

    #[inline]
    const fn is_gone(&self) -> bool {
        matches!(self.item, Item::Gone)
    }
}

/// The fewest places of a ring that has any.
const PLACES_MIN: usize = 4;

#[derive(Debug)]
pub(super) struct Flight<P> {
    /// The sequence number of the front, which is never gone.
    first: u64,
    /// The sequence number of what is sent next.
    next: u64,
    /// A power of two, or none.
    ring: Vec<Slot<P>>,
    /// The latest arrival of what is under way.
    arrival_last: Instant,
}

impl<P> Flight<P> {
    pub(super) const fn new() -> Self {
        Self {
            first: 0,
            next: 0,
            ring: Vec::new(),
            arrival_last: Instant::ZERO,
        }
    }

    /// The sequence numbers under way, gaps included.
    #[inline]
    const fn numbers(&self) -> Range<u64> {
        self.first..self.next
    }

    #[inline]
    const fn place(&self, sequence: u64) -> usize {
        sequence as usize & self.ring.len().wrapping_sub(1)
    }

    #[inline]
    fn slot(&self, sequence: u64) -> &Slot<P> {
        debug_assert!(self.numbers().contains(&sequence));
        &self.ring[self.place(sequence)]
    }

    #[inline]
    fn slot_mut(&mut self, sequence: u64) -> &mut Slot<P> {
        let place = self.place(sequence);
        &mut self.ring[place]
    }

    /// Everything that stands in the ring, with its number, in order.
    fn slots(&self) -> impl DoubleEndedIterator<Item = (u64, &Slot<P>)> {
        self.numbers()
            .map(|sequence| (sequence, self.slot(sequence)))
    }

    /// Adds something that arrives at `arrival`, but not before what is ahead of
    /// it. Returns when it arrives, and its sequence number.
    #[inline(always)]
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
    #[inline(always)]
    pub(super) fn push(&mut self, arrival: Instant, session: u32, item: Item<P>) -> u64 {
        debug_assert!(!matches!(item, Item::Gone), "what is gone is not sent");
        let sequence = self.next;
        if sequence - self.first >= self.ring.len() as u64 {
            self.grow();
        }
        self.next += 1;
        let slot = self.slot_mut(sequence);
        (slot.arrival, slot.session) = (arrival, session);
        // In place of nothing, so that nothing has to be dropped before it is there.
        let nothing = std::mem::replace(&mut slot.item, item);
        debug_assert!(matches!(nothing, Item::Gone), "one thing at a place");
        sequence
    }

    /// Twice as many places, and everything at its own again.
    #[cold]
    fn grow(&mut self) {
        let mut old = std::mem::take(&mut self.ring);
        let places = (old.len() * 2).max(PLACES_MIN);
        self.ring.resize_with(places, || Slot::EMPTY);
        for sequence in self.numbers() {
            let place = sequence as usize & (old.len() - 1);
            *self.slot_mut(sequence) = std::mem::replace(&mut old[place], Slot::EMPTY);
        }
        debug_assert!(places.is_power_of_two());
        debug_assert!(self.next - self.first < places as u64);
    }

    /// Takes out what has this sequence number, if all ahead of it is gone.
    #[inline]
    pub(super) fn take_in_order(&mut self, sequence: u64) -> Option<(u32, Item<P>)> {
        if sequence != self.first || sequence == self.next {
            return None;
        }
        let slot = self.slot_mut(sequence);
        debug_assert!(!slot.is_gone(), "the front is never gone");
        let session = slot.session;
        let item = std::mem::replace(&mut slot.item, Item::Gone);
        self.first += 1;
        self.close_gap();
        Some((session, item))
    }

    /// Takes out what has this sequence number.
    pub(super) fn take(&mut self, sequence: u64) -> Option<(u32, Item<P>)> {
        if !self.numbers().contains(&sequence) {
            return None;
        }
        let slot = self.slot_mut(sequence);
        let session = slot.session;
        let item = std::mem::replace(&mut slot.item, Item::Gone);
        self.close_gap();
        (!matches!(item, Item::Gone)).then_some((session, item))
    }

    /// Whether a message with this sequence number is under way.
    pub(super) fn is_message(&self, sequence: u64) -> bool {
        let is_there = self.numbers().contains(&sequence);
        is_there && matches!(self.slot(sequence).item, Item::Message(_))
    }

    /// The messages under way.
    pub(super) fn messages(&self) -> impl Iterator<Item = &P> {
        self.slots().filter_map(|(_, slot)| match &slot.item {
            Item::Message(message) => Some(message),
            Item::Up | Item::Lost | Item::Gone => None,
        })
    }

    /// Messages and news of new sessions, in order; nothing stands for the news.
    pub(super) fn heard_next(&self) -> impl Iterator<Item = Option<&P>> {
        self.slots().filter_map(|(_, slot)| match &slot.item {
            Item::Message(message) => Some(Some(message)),
            Item::Up => Some(None),
            Item::Lost | Item::Gone => None,
        })
    }

    /// The numbers of the messages of a session, the latest, that are under way; the
    /// last one first.
    fn numbers_of(&self, session: u32) -> impl Iterator<Item = u64> {
        self.slots()
            .rev()
            .take_while(move |(_, slot)| slot.session == session)
            .filter(|(_, slot)| matches!(slot.item, Item::Message(_)))
            .map(|(sequence, _)| sequence)
    }

    /// How many messages of a session, the latest, are under way.
    pub(super) fn messages_of(&self, session: u32) -> u64 {
        debug_assert!(
            self.slots()
                .next_back()
                .is_none_or(|(_, slot)| slot.session <= session),
            "later sessions come behind"
        );
        self.numbers_of(session).count() as u64
    }

    /// Drops the last `count` messages of a session, the latest.
    pub(super) fn drop_last(&mut self, count: u64, session: u32) {
        let before = self.messages_of(session);
        assert!(count <= before, "more is dropped than is under way");
        let dropped: Vec<_> = self.numbers_of(session).take(count as usize).collect();
        for sequence in dropped {
            self.slot_mut(sequence).item = Item::Gone;
        }
        let last = self.slots().rfind(|(_, slot)| !slot.is_gone());
        self.arrival_last = last.map_or(Instant::ZERO, |(_, slot)| slot.arrival);
        self.close_gap();
        debug_assert_eq!(self.messages_of(session), before - count);
    }

    /// Drops everything; returns how many messages that were.
    pub(super) fn clear(&mut self) -> u64 {
        let dropped = self.messages().count();
        for sequence in self.numbers() {
            self.slot_mut(sequence).item = Item::Gone;
        }
        self.first = self.next;
        self.arrival_last = Instant::ZERO;
        dropped as u64
    }

    /// The sequence numbers of what should have arrived by `now`, in order.
    pub(super) fn due(&self, now: Instant) -> impl Iterator<Item = u64> {
        self.slots()
            .filter(move |(_, slot)| slot.arrival <= now && !slot.is_gone())
            .map(|(sequence, _)| sequence)
    }

    /// Everything arrives by `now`; the sequence numbers of what would have been
    /// later, in order.
    pub(super) fn hurry(&mut self, now: Instant) -> Vec<u64> {
        let is_late = |slot: &Slot<P>| slot.arrival > now && !slot.is_gone();
        let late = self.slots().filter(|(_, slot)| is_late(slot));
        let late: Vec<_> = late.map(|(sequence, _)| sequence).collect();
        for sequence in &late {
            self.slot_mut(*sequence).arrival = now;
        }
        self.arrival_last = self.arrival_last.min(now);
        late
    }

    #[inline]
    fn close_gap(&mut self) {
        while self.first < self.next && self.slot(self.first).is_gone() {
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
