//! What is open at a moment of the sweep.
//!
//! Every operation that matters has a *slot* while it is open: the number of its bits. One that
//! never returns keeps it. How many slots there are is known from the start.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::bits::{has, set, unset};
use super::deed::{Deed, NOBODYS};
use crate::report::Reason;
use crate::watch::Watch;

/// A place after all events.
const NEVER: u32 = u32::MAX;

/// An operation as the sweep goes through it.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) slot: usize,
    pub(super) value: u32,
    pub(super) is_write: bool,
    pub(super) must: bool,
    /// The place of its return among the events.
    ret: u32,
}

/// A value of which a block can begin: open writes of it, and open reads that it serves.
pub(super) struct Target {
    value: u32,
    writes: Range<usize>,
    reads: usize,
}

/// The events, and what is open.
pub(super) struct Present {
    known: Vec<Known>,
    /// `2 * i` is the call of operation `i`, `2 * i + 1` its return.
    events: Vec<u32>,
    now: usize,
    words: usize,
    /// Of each value, where it is last called for and last returned by a read.
    last_call: Vec<u32>,
    last_return: Vec<u32>,
    /// Open writes of values that are read, by value and return.
    writes: Vec<(u32, u32, usize)>,
    /// Open reads that must be: value and slot.
    reads: Vec<(u32, usize)>,
    /// Open writes that must be, as bits.
    musts: Vec<u64>,
    targets: Vec<Target>,
    /// Of each target, the reads that it serves, as bits.
    served: Vec<u64>,
    returned: usize,
}

impl Present {
    /// The moment before all of these.
    ///
    /// # Errors
    ///
    /// When a limit is reached.
    pub(super) fn new(deeds: &[Deed], watch: &mut Watch) -> Result<Present, Reason> {
        let values = deeds.iter().map(|deed| deed.value as usize + 1).max();
        let mut present = Present {
            known: deeds.iter().map(known).collect(),
            events: events(deeds, watch)?,
            now: 0,
            words: 0,
            last_call: vec![0; values.unwrap_or(0)],
            last_return: vec![0; values.unwrap_or(0)],
            writes: Vec::new(),
            reads: Vec::new(),
            musts: Vec::new(),
            targets: Vec::new(),
            served: Vec::new(),
            returned: 0,
        };
        watch.memory_bytes += present.memory_bytes();
        present.note_places();
        watch.look()?;
        present.leave_out_what_cannot_matter();
        watch.look()?;
        present.words = present.deal_slots(watch)?.div_ceil(64).max(1);
        present.musts = vec![0; present.words];
        Ok(present)
    }

    /// Notes where operations return, and where values are read last.
    fn note_places(&mut self) {
        for (place, event) in (0..).zip(&self.events) {
            let known = &mut self.known[*event as usize / 2];
            let is_return = event & 1 == 1;
            if is_return {
                known.ret = place;
            }
            if !known.is_write && known.must {
                let last = if is_return {
                    &mut self.last_return
                } else {
                    &mut self.last_call
                };
                last[known.value as usize] = place + 1;
            }
        }
    }

    /// Leaves out reads that need not be, and writes that need not be and that nobody reads.
    fn leave_out_what_cannot_matter(&mut self) {
        let mut events = std::mem::take(&mut self.events);
        let mut is_left_out = vec![false; self.known.len()];
        for (place, event) in events.iter().enumerate() {
            let number = *event as usize / 2;
            let known = &self.known[number];
            self.now = place;
            if event & 1 == 0 {
                let may_be_read = known.is_write && self.is_read_later(known.value);
                is_left_out[number] = !known.must && !may_be_read;
            }
        }
        self.now = 0;
        // Places only have to be in order.
        let mut places = Vec::with_capacity(events.len());
        let mut before = 0;
        events.retain(|event| {
            places.push(before);
            let stays = !is_left_out[*event as usize / 2];
            before += u32::from(stays);
            stays
        });
        for known in &mut self.known {
            if let Some(place) = places.get(known.ret as usize) {
                known.ret = *place;
            }
        }
        for last in self.last_call.iter_mut().chain(&mut self.last_return) {
            if *last > 0 {
                *last = places[*last as usize - 1] + 1;
            }
        }
        self.events = events;
    }

    /// Gives each operation a slot that is its own while it is open; how many there are.
    fn deal_slots(&mut self, watch: &mut Watch) -> Result<usize, Reason> {
        let mut free: BinaryHeap<Reverse<usize>> = BinaryHeap::new();
        let mut slots = 0;
        for event in &self.events {
            watch.turn()?;
            let known = &mut self.known[*event as usize / 2];
            if event & 1 == 1 {
                free.push(Reverse(known.slot));
                continue;
            }
            known.slot = free.pop().map_or(slots, |Reverse(slot)| slot);
            slots = slots.max(known.slot + 1);
        }
        Ok(slots)
    }

    /// Words for one bit of each slot.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// The operation with this number.
    pub(super) fn deed(&self, number: usize) -> &Known {
        &self.known[number]
    }

    /// The bit that says that the write in this slot is spent.
    pub(super) fn spent_bit(&self, slot: usize) -> usize {
        self.words * 64 + slot
    }

    /// The next event: an operation, and whether it returns.
    pub(super) fn next_event(&self) -> Option<(usize, bool)> {
        let event = *self.events.get(self.now)?;
        Some((event as usize / 2, event & 1 == 1))
    }

    /// Goes past a call.
    pub(super) fn open(&mut self, number: usize) {
        let known = self.known[number];
        if !known.is_write {
            self.reads.push((known.value, known.slot));
        } else if self.is_read_later(known.value) {
            let write = (known.value, known.ret, known.slot);
            let place = self.writes.partition_point(|other| *other < write);
            self.writes.insert(place, write);
        }
        if known.is_write && known.must {
            set(&mut self.musts, known.slot);
        }
        self.now += 1;
    }

    /// Goes past a return.
    pub(super) fn close(&mut self, number: usize) {
        let known = self.known[number];
        if known.is_write {
            let write = (known.value, known.ret, known.slot);
            if let Ok(place) = self.writes.binary_search(&write) {
                self.writes.remove(place);
            }
            unset(&mut self.musts, known.slot);
        } else {
            self.reads.retain(|(_, slot)| *slot != known.slot);
        }
        self.now += 1;
        self.returned += usize::from(known.must);
    }

    /// How many operations that must be have returned.
    pub(super) fn returned(&self) -> usize {
        self.returned
    }

    /// Whether a read of the value returns from now on.
    pub(super) fn is_read_later(&self, value: u32) -> bool {
        self.last_return[value as usize] as usize > self.now
    }

    /// The value, or [`NOBODYS`] if no read of it is called from now on.
    pub(super) fn as_held(&self, value: u32) -> u32 {
        let last = self.last_call.get(value as usize);
        if last.is_some_and(|last| *last as usize > self.now) {
            value
        } else {
            NOBODYS
        }
    }

    /// Finds the values of which a block can begin, for the methods below.
    pub(super) fn find_targets(&mut self) {
        self.targets.clear();
        self.served.clear();
        for place in 0..self.writes.len() {
            let value = self.writes[place].0;
            if let Some(target) = self.targets.last_mut()
                && target.value == value
            {
                target.writes.end += 1;
            } else if self.is_read_later(value) {
                let reads = self.served.len();
                self.served.resize(reads + self.words, 0);
                for (_, slot) in self.reads.iter().filter(|(read, _)| *read == value) {
                    set(&mut self.served[reads..], *slot);
                }
                self.targets.push(Target {
                    value,
                    writes: place..place + 1,
                    reads,
                });
            }
        }
    }

    /// How many values there are of which a block can begin.
    pub(super) fn targets(&self) -> usize {
        self.targets.len()
    }

    /// The target with this value, if there is one.
    pub(super) fn target_of(&self, value: u32) -> Option<usize> {
        let place = self
            .targets
            .binary_search_by_key(&value, |target| target.value);
        place.ok()
    }

    /// The value of a target.
    pub(super) fn value(&self, target: usize) -> u32 {
        self.targets[target].value
    }

    /// The slot of the write that begins the next block of the target, if any is left.
    pub(super) fn free_write(&self, target: usize, burden: &[u64]) -> Option<usize> {
        let mut writes = self.writes[self.targets[target].writes.clone()].iter();
        let free = writes.find(|(.., slot)| !has(burden, self.spent_bit(*slot)));
        free.map(|(.., slot)| *slot)
    }

    /// Whether a read of the target is called from now on.
    pub(super) fn is_called_later(&self, target: usize) -> bool {
        self.as_held(self.targets[target].value) != NOBODYS
    }

    /// Whether anybody has any use for a block of the target.
    pub(super) fn pays(&self, target: usize, burden: &[u64]) -> bool {
        self.is_called_later(target) || self.serves(target, burden)
    }

    /// Whether somebody waits for a block of the target.
    pub(super) fn serves(&self, target: usize, burden: &[u64]) -> bool {
        let reads = &self.served[self.targets[target].reads..][..self.words];
        reads
            .iter()
            .zip(burden)
            .any(|(reads, waiting)| reads & waiting != 0)
    }

    /// Lets those who read the target wait no more.
    pub(super) fn serve(&self, target: usize, burden: &mut [u64]) {
        let reads = &self.served[self.targets[target].reads..][..self.words];
        for (waiting, reads) in burden.iter_mut().zip(reads) {
            *waiting &= !reads;
        }
    }

    /// Lets the open writes wait no more: they hide before a block that begins.
    pub(super) fn hide(&self, burden: &mut [u64]) {
        for (waiting, musts) in burden.iter_mut().zip(&self.musts) {
            *waiting &= !musts;
        }
    }

    /// Bytes in use.
    pub(super) fn memory_bytes(&self) -> usize {
        self.known.capacity() * size_of::<Known>()
            + self.events.capacity() * size_of::<u32>()
            + (self.last_call.capacity() + self.last_return.capacity()) * size_of::<u32>()
            + self.writes.capacity() * size_of::<(u32, u32, usize)>()
    }
}

fn known(deed: &Deed) -> Known {
    Known {
        slot: 0,
        value: deed.value,
        is_write: deed.is_write,
        must: deed.must,
        ret: NEVER,
    }
}

/// Calls and returns in order of time, calls before returns at equal times.
fn events(deeds: &[Deed], watch: &mut Watch) -> Result<Vec<u32>, Reason> {
    let time = |event: &u32| {
        let deed = &deeds[*event as usize / 2];
        let is_return = event & 1 == 1;
        (
            if is_return { deed.ret } else { deed.call },
            is_return,
            *event,
        )
    };
    let count = u32::try_from(deeds.len() * 2).expect("fewer than 2^31 operations in a part");
    let mut events: Vec<u32> = (0..count).collect();
    events.retain(|event| event & 1 == 0 || deeds[*event as usize / 2].ret != u64::MAX);
    watch.sort_by_key(&mut events, time)?;
    Ok(events)
}
