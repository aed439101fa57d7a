//! Where pending events lie, and how those of one day are linked.
//!
//! Slots are used again and again, the one emptied last first: it is the likeliest in
//! cache. Each carries the sequence number of the event in it, so that who knows an
//! event by slot and number notices when it is gone. The slots of one day are a list
//! in the order of time; the empty ones are a list, too.

use crate::Instant;
use crate::calendar::NOTHING;

/// The sequence number of an empty slot, which no event has.
const VACANT: u64 = u64::MAX;

#[derive(Clone)]
pub(crate) struct Slot<E> {
    /// When the event is due.
    pub(crate) at: Instant,
    /// The sequence number of the event, or [`VACANT`].
    pub(crate) sequence: u64,
    /// The slot behind it in its list, or [`NOTHING`].
    pub(crate) next: u32,
    /// The slot before it in its list, or [`NOTHING`].
    pub(crate) previous: u32,
    /// Whether it is in the list of its day.
    pub(crate) is_listed: bool,
    event: Option<E>,
}

#[derive(Clone)]
pub(crate) struct Slots<E> {
    slots: Vec<Slot<E>>,
    /// The slot that was emptied last, or [`NOTHING`].
    vacant: u32,
    filled: usize,
}

impl<E> Slots<E> {
    pub(crate) const fn new() -> Self {
        Self {
            slots: Vec::new(),
            vacant: NOTHING,
            filled: 0,
        }
    }

    /// How many are filled.
    #[inline]
    pub(crate) const fn filled(&self) -> usize {
        self.filled
    }

    /// How many there are, filled or not.
    #[cfg(test)]
    pub(crate) const fn len(&self) -> usize {
        self.slots.len()
    }

    #[inline]
    pub(crate) fn get(&self, slot: u32) -> &Slot<E> {
        &self.slots[slot as usize]
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, slot: u32) -> &mut Slot<E> {
        &mut self.slots[slot as usize]
    }

    /// Whether a slot still holds the event with this sequence number.
    #[inline]
    pub(crate) fn holds(&self, slot: u32, sequence: u64) -> bool {
        let slot = self.slots.get(slot as usize);
        slot.is_some_and(|slot| slot.sequence == sequence)
    }

    /// Fills an empty slot, in no list so far, for an event that is yet to be
    /// [put](Self::put) there.
    #[inline]
    pub(crate) fn fill(&mut self, at: Instant, sequence: u64) -> u32 {
        debug_assert_ne!(sequence, VACANT);
        self.filled += 1;
        let filled = Slot {
            at,
            sequence,
            next: NOTHING,
            previous: NOTHING,
            is_listed: false,
            event: None,
        };
        if self.vacant == NOTHING {
            return self.add(filled);
        }
        let slot = self.vacant;
        let empty = self.get_mut(slot);
        debug_assert_eq!(empty.sequence, VACANT);
        let next = std::mem::replace(empty, filled).next;
        self.vacant = next;
        slot
    }

    /// Puts its event into a slot that was filled for it.
    #[inline(always)]
    pub(crate) fn put(&mut self, slot: u32, event: E) {
        let filled = self.get_mut(slot);
        debug_assert!(filled.sequence != VACANT && filled.event.is_none());
        filled.event = Some(event);
    }

    #[cold]
    fn add(&mut self, filled: Slot<E>) -> u32 {
        let slot = u32::try_from(self.slots.len()).expect("few enough slots");
        self.slots.push(filled);
        slot
    }

    /// Takes the event out of a slot that is filled and in no list any more.
    #[inline]
    pub(crate) fn empty(&mut self, slot: u32) -> E {
        let vacant = self.vacant;
        let filled = self.get_mut(slot);
        debug_assert!(!filled.is_listed && filled.sequence != VACANT);
        filled.sequence = VACANT;
        filled.next = vacant;
        let event = filled.event.take();
        self.vacant = slot;
        self.filled -= 1;
        event.expect("a filled slot holds an event")
    }
}
