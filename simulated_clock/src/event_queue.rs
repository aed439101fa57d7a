//! What is going to happen, in order.
//!
//! Events come out by time, and among equal times in the order in which they
//! were pushed: a total order that depends on nothing else. Time goes forward
//! only: nothing is pushed before the event that came out last.
//!
//! Payloads lie in slots that are used again and again; a heap orders small keys
//! (time, sequence, slot). Each slot carries the sequence number of the event in
//! it, so a key whose number differs from its slot's is dead: its event was
//! cancelled. Cancelling only empties the slot. The dead key goes when it comes
//! to the top, or when dead keys outnumber the living and are swept out together,
//! which makes cancelling O(1) amortised and keeps the heap within twice its
//! need. The key on top is always alive, so the next time is known at a glance.

use std::fmt;

use crate::Instant;
use crate::key_heap::{Key, KeyHeap};

/// The sequence number of an empty slot, which no event has.
const VACANT: u64 = u64::MAX;

/// Fewer dead keys than this are not worth sweeping out.
const DEAD_MIN: usize = 64;

/// Which event of its queue this is, for cancelling it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventHandle {
    sequence: u64,
    slot: u32,
}

#[derive(Clone)]
struct Slot<E> {
    /// The sequence number of the event, or [`VACANT`].
    sequence: u64,
    event: Option<E>,
}

/// Events in the order of their times, and of insertion among equal times.
///
/// ```
/// use simulated_clock::{Duration, EventQueue, Instant};
///
/// let soon = Instant::ZERO + Duration::from_millis(1);
/// let mut queue = EventQueue::new();
/// queue.push(soon, "first");
/// let second = queue.push(soon, "second");
/// queue.push(soon, "third");
///
/// assert_eq!(queue.cancel(second), Some("second"));
/// assert_eq!(queue.cancel(second), None);
/// assert_eq!(queue.pop(), Some((soon, "first")));
/// assert_eq!(queue.peek_time(), Some(soon));
/// assert_eq!(queue.pop(), Some((soon, "third")));
/// assert_eq!(queue.pop(), None);
/// ```
#[derive(Clone)]
pub struct EventQueue<E> {
    heap: KeyHeap,
    slots: Vec<Slot<E>>,
    /// Empty slots, the one emptied last on top: it is the likeliest in cache.
    vacant: Vec<u32>,
    sequence_next: u64,
    /// The time of the event that came out last.
    now: Instant,
}

impl<E> EventQueue<E> {
    /// An empty queue at [`Instant::ZERO`].
    #[must_use]
    pub const fn new() -> Self {
        Self {
            heap: KeyHeap::new(),
            slots: Vec::new(),
            vacant: Vec::new(),
            sequence_next: 0,
            now: Instant::ZERO,
        }
    }

    /// The number of pending events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len() - self.vacant.len()
    }

    /// Whether no event is pending.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The time of the event that came out last; at first [`Instant::ZERO`].
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The time of the event that comes out next.
    #[must_use]
    pub fn peek_time(&self) -> Option<Instant> {
        self.heap.peek().map(Key::at)
    }

    /// Lets `event` come out at `at`, after all that are already due then.
    ///
    /// # Panics
    ///
    /// If `at` is before [`now`](Self::now): events cannot be pushed into the
    /// past. Also if 2^24 events are pending, or 2^40 have been pushed.
    pub fn push(&mut self, at: Instant, event: E) -> EventHandle {
        assert!(
            at >= self.now,
            "an event is pushed into the past: at {at}, but it is already {}",
            self.now,
        );
        let sequence = self.sequence_next;
        assert!(
            sequence < Key::SEQUENCES_MAX,
            "more events than a queue can count",
        );
        self.sequence_next += 1;
        let slot = self.occupy(sequence, event);
        self.heap.push(Key::new(at, sequence, slot));
        debug_assert!(self.heap.len() >= self.len());
        EventHandle { sequence, slot }
    }

    /// Takes out the next event, and moves [`now`](Self::now) to its time.
    pub fn pop(&mut self) -> Option<(Instant, E)> {
        let key = self.heap.pop()?;
        debug_assert!(key.at() >= self.now);
        self.now = key.at();
        let event = self
            .vacate(key.slot(), key.sequence())
            .expect("the key on top is alive");
        self.drop_dead_top();
        Some((key.at(), event))
    }

    /// Takes out the event of `handle`, or gives `None` if it is not pending any
    /// more. A handle of another queue is not recognised as such.
    pub fn cancel(&mut self, handle: EventHandle) -> Option<E> {
        let event = self.vacate(handle.slot, handle.sequence)?;
        let dead = self.heap.len() - self.len();
        debug_assert!(dead > 0);
        if dead > DEAD_MIN.max(self.len()) {
            let slots = &self.slots;
            self.heap.retain(|key| is_alive(slots, *key));
            debug_assert_eq!(self.heap.len(), self.len());
        } else {
            self.drop_dead_top();
        }
        Some(event)
    }

    /// Puts `event` into an empty slot.
    fn occupy(&mut self, sequence: u64, event: E) -> u32 {
        let filled = Slot {
            sequence,
            event: Some(event),
        };
        if let Some(slot) = self.vacant.pop() {
            debug_assert_eq!(self.slots[slot as usize].sequence, VACANT);
            self.slots[slot as usize] = filled;
            return slot;
        }
        let slot = u32::try_from(self.slots.len()).expect("few enough slots");
        assert!(
            u64::from(slot) < Key::SLOTS_MAX,
            "more events are pending than a queue can hold",
        );
        self.slots.push(filled);
        slot
    }

    /// Empties a slot, if it still holds the event with this sequence number.
    fn vacate(&mut self, slot: u32, sequence: u64) -> Option<E> {
        let filled = self.slots.get_mut(slot as usize)?;
        if filled.sequence != sequence {
            return None;
        }
        filled.sequence = VACANT;
        self.vacant.push(slot);
        let event = filled.event.take();
        debug_assert!(event.is_some());
        event
    }

    /// Restores that the key on top is alive.
    fn drop_dead_top(&mut self) {
        // The first test is cheap, and all there is to do for most owners.
        while self.heap.len() > self.len() {
            let top = self.heap.peek().expect("there is a dead key");
            if is_alive(&self.slots, top) {
                break;
            }
            self.heap.pop();
        }
        debug_assert!(
            self.heap
                .peek()
                .is_none_or(|top| is_alive(&self.slots, top))
        );
    }
}

/// Whether the event of `key` is still in its slot.
fn is_alive<E>(slots: &[Slot<E>], key: Key) -> bool {
    slots[key.slot() as usize].sequence == key.sequence()
}

impl<E> Default for EventQueue<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> fmt::Debug for EventQueue<E> {
    /// Not the events: there may be many, and they need not be `Debug`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EventQueue")
            .field("now", &self.now)
            .field("len", &self.len())
            .field("peek_time", &self.peek_time())
            .finish_non_exhaustive()
    }
}
