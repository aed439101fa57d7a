//! What is going to happen, in order.
//!
//! Events come out by time, and among equal times in the order in which they
//! were pushed: a total order that depends on nothing else. Time goes forward
//! only: nothing is pushed before the event that came out last.
//!
//! Payloads lie in slots that are used again and again; what is ordered is small
//! keys (time, sequence, slot). Each slot carries the sequence number of the event in
//! it, so a key whose number differs from its slot's is dead: its event was
//! cancelled. Cancelling only empties the slot. The dead key goes when it comes
//! to the top, or when dead keys outnumber the living and are swept out together,
//! which makes cancelling O(1) amortised and keeps the keys within twice their
//! need. The key on top is always alive, so the next time is known at a glance.

use std::fmt;

use crate::Instant;
use crate::key_heap::Key;
use crate::key_queue::KeyQueue;

/// The sequence number of an empty slot, which no event has.
const VACANT: u64 = u64::MAX;

/// Fewer dead keys than this are not worth sweeping out.
const DEAD_MIN: usize = 16;

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
    keys: KeyQueue,
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
            keys: KeyQueue::new(),
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
        self.keys.peek().map(Key::at)
    }

    /// Lets `event` come out at `at`, after all that are already due then.
    ///
    /// # Panics
    ///
    /// If `at` is before [`now`](Self::now): events cannot be pushed into the
    /// past. Also if 2^24 events are pending, or 2^40 have been pushed.
    #[inline]
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
        self.keys.push(Key::new(at, sequence, slot));
        debug_assert!(self.keys.len() >= self.len());
        EventHandle { sequence, slot }
    }

    /// Takes out the next event, and moves [`now`](Self::now) to its time.
    #[inline]
    pub fn pop(&mut self) -> Option<(Instant, E)> {
        let key = self.keys.pop()?;
        debug_assert!(key.at() >= self.now);
        self.now = key.at();
        let event = self.vacate(key.slot(), key.sequence());
        debug_assert!(event.is_some(), "the key on top is alive");
        self.drop_dead_top();
        event.map(|event| (key.at(), event))
    }

    /// Takes out the event of `handle`, or gives `None` if it is not pending any
    /// more. A handle of another queue is not recognised as such.
    pub fn cancel(&mut self, handle: EventHandle) -> Option<E> {
        let event = self.vacate(handle.slot, handle.sequence)?;
        let dead = self.keys.len() - self.len();
        debug_assert!(dead > 0);
        if dead > DEAD_MIN.max(self.len()) {
            let slots = &self.slots;
            self.keys.retain(|key| is_alive(slots, *key));
            debug_assert_eq!(self.keys.len(), self.len());
        } else {
            self.drop_dead_top();
        }
        Some(event)
    }

    /// Puts `event` into an empty slot.
    #[inline]
    fn occupy(&mut self, sequence: u64, event: E) -> u32 {
        if let Some(slot) = self.vacant.pop() {
            let empty = &mut self.slots[slot as usize];
            debug_assert_eq!(empty.sequence, VACANT);
            empty.sequence = sequence;
            empty.event = Some(event);
            return slot;
        }
        let slot = u32::try_from(self.slots.len()).expect("few enough slots");
        assert!(
            u64::from(slot) < Key::SLOTS_MAX,
            "more events are pending than a queue can hold",
        );
        self.slots.push(Slot {
            sequence,
            event: Some(event),
        });
        slot
    }

    /// Empties a slot, if it still holds the event with this sequence number.
    #[inline]
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
    #[inline]
    fn drop_dead_top(&mut self) {
        // The first test is cheap, and all there is to do for most owners.
        while self.keys.len() > self.len() {
            let top = self.keys.peek().expect("there is a dead key");
            if is_alive(&self.slots, top) {
                break;
            }
            self.keys.pop();
        }
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

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use proptest::prelude::*;

    use super::*;

    fn at(nanos: u64) -> Instant {
        Instant::from_nanos(nanos)
    }

    #[test]
    fn equal_times_come_out_in_the_order_of_insertion() {
        let mut queue = EventQueue::new();
        for event in 0..100 {
            queue.push(at(event % 3), event);
        }
        let mut popped = Vec::new();
        while let Some((time, event)) = queue.pop() {
            assert_eq!(time, at(event % 3));
            popped.push((time, event));
        }
        assert_eq!(popped.len(), 100);
        assert!(popped.is_sorted());
    }

    #[test]
    fn a_handle_never_reaches_the_next_event_in_its_slot() {
        let mut queue = EventQueue::new();
        let cancelled = queue.push(at(1), "cancelled");
        assert_eq!(queue.cancel(cancelled), Some("cancelled"));
        let popped = queue.push(at(1), "popped");
        assert_eq!(queue.cancel(cancelled), None);
        assert_eq!(queue.pop(), Some((at(1), "popped")));
        queue.push(at(1), "pending");
        assert_eq!(queue.slots.len(), 1);
        assert_eq!(queue.cancel(popped), None);
        assert_eq!(queue.pop(), Some((at(1), "pending")));
    }

    #[test]
    fn cancelled_events_take_no_lasting_room() {
        let mut queue = EventQueue::new();
        for event in 0..10 {
            queue.push(at(event), event);
        }
        for event in 0..100_000 {
            // Never on top, so they can only be swept out.
            let handle = queue.push(at(1_000 + event), event);
            assert_eq!(queue.cancel(handle), Some(event));
            assert!(queue.keys.len() <= 10 + DEAD_MIN + 1);
        }
        assert_eq!(queue.len(), 10);
        assert_eq!(queue.slots.len(), 11);
    }

    #[test]
    fn an_event_leaves_nothing_behind() {
        let token = Rc::new(());
        let mut queue = EventQueue::new();
        let handle = queue.push(at(1), Rc::clone(&token));
        queue.push(at(2), Rc::clone(&token));
        queue.cancel(handle);
        queue.pop();
        assert_eq!(Rc::strong_count(&token), 1);
        assert!(queue.is_empty());
    }

    #[test]
    #[should_panic(expected = "pushed into the past: at 4ns, but it is already 5ns")]
    fn pushing_into_the_past_panics() {
        let mut queue = EventQueue::new();
        queue.push(at(5), ());
        queue.pop();
        queue.push(at(4), ());
    }

    /// What to do next; times and choices are taken modulo what is possible.
    #[derive(Clone, Debug)]
    enum Action {
        Push(u64),
        Cancel(usize),
        Pop,
    }

    fn action() -> impl Strategy<Value = Action> {
        prop_oneof![
            4 => (0..40_u64).prop_map(Action::Push),
            3 => any::<usize>().prop_map(Action::Cancel),
            2 => Just(Action::Pop),
        ]
    }

    proptest! {
        #[test]
        fn the_queue_behaves_like_a_sorted_list(
            actions in prop::collection::vec(action(), 0..600),
        ) {
            let mut queue = EventQueue::new();
            // Pending (time, number) in order, and every handle ever given.
            let mut model: Vec<(Instant, usize)> = Vec::new();
            let mut handles = Vec::new();
            for action in actions {
                match action {
                    Action::Push(after) => {
                        let number = handles.len();
                        let time = at(queue.now().as_nanos() + after);
                        handles.push(queue.push(time, number));
                        model.push((time, number));
                        model.sort();
                    }
                    Action::Cancel(choice) if !handles.is_empty() => {
                        let number = choice % handles.len();
                        let pending = model.iter().position(|&(_, other)| other == number);
                        let expected = pending.map(|index| model.remove(index).1);
                        prop_assert_eq!(queue.cancel(handles[number]), expected);
                    }
                    Action::Cancel(_) => {}
                    Action::Pop => {
                        let expected = (!model.is_empty()).then(|| model.remove(0));
                        prop_assert_eq!(queue.pop(), expected);
                    }
                }
                prop_assert_eq!(queue.len(), model.len());
                prop_assert_eq!(queue.is_empty(), model.is_empty());
                prop_assert_eq!(queue.peek_time(), model.first().map(|&(time, _)| time));
                prop_assert!(queue.keys.len() <= model.len() + DEAD_MIN.max(model.len()));
            }
            while let Some(popped) = queue.pop() {
                prop_assert_eq!(popped, model.remove(0));
            }
            prop_assert!(model.is_empty());
        }
    }
}
