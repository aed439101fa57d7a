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
        if self.vacant == NOTHING {
            return self.add(at, sequence);
        }
        let slot = self.vacant;
        let empty = self.get_mut(slot);
        debug_assert!(empty.sequence == VACANT && !empty.is_listed);
        (empty.at, empty.sequence) = (at, sequence);
        self.vacant = empty.next;
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
    fn add(&mut self, at: Instant, sequence: u64) -> u32 {
        let slot = u32::try_from(self.slots.len()).expect("few enough slots");
        self.slots.push(Slot {
            at,
            sequence,
            next: NOTHING,
            previous: NOTHING,
            is_listed: false,
            event: None,
        });
        slot
    }

    /// Links a slot between two others of its day.
    #[inline]
    pub(crate) fn link(&mut self, slot: u32, previous: u32, next: u32) {
        let listed = self.get_mut(slot);
        debug_assert!(!listed.is_listed && listed.sequence != VACANT);
        (listed.previous, listed.next, listed.is_listed) = (previous, next, true);
    }

    /// Takes a slot out of its list: when it is due, and its neighbours there.
    #[inline]
    pub(crate) fn unlink(&mut self, slot: u32) -> (Instant, u32, u32) {
        let listed = self.get_mut(slot);
        debug_assert!(listed.is_listed && listed.sequence != VACANT);
        listed.is_listed = false;
        (listed.at, listed.previous, listed.next)
    }

    /// Takes the event out of the slot that comes first in its list: when it is due,
    /// the slot behind it, and the event.
    #[inline(always)]
    pub(crate) fn empty_first(&mut self, slot: u32) -> (Instant, u32, E) {
        let vacant = self.vacant;
        let first = self.get_mut(slot);
        debug_assert!(first.is_listed && first.previous == NOTHING);
        first.is_listed = false;
        let (at, next) = (first.at, first.next);
        let event = first.vacate(vacant);
        self.vacant = slot;
        self.filled -= 1;
        (at, next, event)
    }

    /// Takes the event out of a slot that is filled and in no list any more.
    #[inline]
    pub(crate) fn empty(&mut self, slot: u32) -> E {
        let vacant = self.vacant;
        let filled = self.get_mut(slot);
        debug_assert!(!filled.is_listed);
        let event = filled.vacate(vacant);
        self.vacant = slot;
        self.filled -= 1;
        event
    }
}

impl<E> Slot<E> {
    /// Takes the event out; `vacant` is the slot that was emptied before.
    #[inline(always)]
    fn vacate(&mut self, vacant: u32) -> E {
        debug_assert_ne!(self.sequence, VACANT);
        self.sequence = VACANT;
        self.next = vacant;
        let event = self.event.take();
        event.expect("a filled slot holds an event")
    }
}
