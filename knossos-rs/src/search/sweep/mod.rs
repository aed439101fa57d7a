//! The sweep: reads and blind writes, decided forward in time by a set of states.
//!
//! Lowe ("Testing for linearizability", 2017) puts operations in order *just in time*: going
//! through calls and returns, it keeps every state that the object may be in, and asks for an
//! operation to have taken effect only when it returns. Where every operation reads one value or
//! writes one, whatever it finds, much less has to be kept than all configurations.
//!
//! Call a time for which the object holds one written value a *block*. Reads of the value must
//! overlap such a block. A write must begin a block, or *hide* directly before another write that
//! begins one while it is open. So nothing has to be remembered but the value held, which open
//! reads and writes still *wait* for such a moment, and which open writes are *spent*, as they
//! began a block. Waiting for less and having spent less is always better: of two states with
//! the same value, the one that does both is kept alone ([`frontier`]).
//!
//! Two arguments of exchange keep the moves few.
//!
//! - *No block begins earlier than it must.* Let each begin as late as possible. Then the last
//!   of the blocks that begin at one moment is held there by the return of an operation: of its
//!   own write, of a read that overlaps no other block of the value, or of a hidden write that
//!   would have no other block to hide before. So blocks begin at returns alone, and in the last
//!   case only one does. The others that begin there pass at once; each pays by serving a read,
//!   and their order is of no concern. One that serves the last reads of its value always does
//!   so, as its write is of no other use.
//! - *Of open writes of one value, the one that returns first begins the block.* The others can
//!   do all that it could do, and what is hidden then needs no block of its own any more.
//!
//! So the states at one moment are at most as many as there are values, times a choice of open
//! reads to wait and of open writes to be spent. That is exponential in how many *different*
//! values are read and written at once (deciding a register is NP-complete: Gibbons and Korach,
//! "Testing shared memories", 1997), but not in how many operations are open, nor in the length of
//! the history.

mod bits;
mod deed;
mod frontier;
mod present;

#[cfg(test)]
mod tests;

use super::outcome::Outcome;
use crate::limits::Meter;
use crate::report::Reason;
use crate::watch::Watch;

use bits::{has, set, unset};
pub(crate) use deed::Deed;
use deed::NOBODYS;
use frontier::Frontier;
use present::Present;

/// How many steps pass between two looks at clock and memory.
const STEPS_PER_LOOK: u64 = 1 << 10;

/// With more targets that serve somebody at once, there are more choices than time.
const CHOICES_MAX: usize = 40;

/// How many comparisons of states cost as much as one step.
const COMPARISONS_PER_STEP: u64 = 32;

/// A sweep over the operations of one part.
pub(crate) struct Sweep {
    present: Present,
    frontier: Frontier,
    /// The states after the return that is being looked at.
    next: Frontier,
    state: Vec<u64>,
    /// The operation at whose return it failed.
    stuck: Option<usize>,
}

/// Why a return could not be looked at in full.
enum Halt {
    Paused,
    RanOut(Reason),
}

/// How far the steps go, and when to look at clock and memory.
struct Budget<'a> {
    meter: &'a mut Meter,
    pause_at: u64,
    look_at: u64,
    elsewhere_bytes: usize,
}

impl Sweep {
    /// A sweep over these operations, from any of these values.
    ///
    /// # Errors
    ///
    /// When a limit is reached.
    pub(crate) fn new(
        deeds: &[Deed],
        starts: impl IntoIterator<Item = u32>,
        watch: &mut Watch,
    ) -> Result<Sweep, Reason> {
        let present = Present::new(deeds, watch)?;
        let words = present.words();
        let mut frontier = Frontier::new(words * 2);
        let state = vec![0; words * 2];
        for value in starts {
            frontier.add(present.as_held(value), &state);
        }
        Ok(Sweep {
            next: Frontier::new(words * 2),
            present,
            frontier,
            state,
            stuck: None,
        })
    }

    /// Goes on for about `slice` more steps; one that paused can go on.
    pub(crate) fn run(&mut self, meter: &mut Meter, slice: u64, elsewhere_bytes: usize) -> Outcome {
        let mut budget = Budget {
            pause_at: meter.steps().saturating_add(slice),
            look_at: meter.steps(),
            meter,
            elsewhere_bytes,
        };
        loop {
            if self.frontier.is_empty() {
                return Outcome::Violation;
            }
            let Some((deed, is_return)) = self.present.next_event() else {
                return Outcome::Consistent;
            };
            if is_return {
                match self.look_at_return(deed, &mut budget) {
                    Ok(()) => {}
                    Err(Halt::Paused) => return Outcome::Paused,
                    Err(Halt::RanOut(reason)) => return Outcome::RanOut(reason),
                }
                self.present.close(deed);
                if self.frontier.is_empty() {
                    self.stuck = Some(deed);
                }
            } else {
                self.present.open(deed);
                self.begin_to_wait(deed);
            }
        }
    }

    /// The operation that could not return, after [`Outcome::Violation`].
    pub(crate) fn stuck(&self) -> Option<usize> {
        self.stuck
    }

    /// How many operations have returned.
    pub(crate) fn returned(&self) -> usize {
        self.present.returned()
    }

    /// Bytes in use.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.present.memory_bytes() + self.frontier.memory_bytes() + self.next.memory_bytes()
    }

    /// What was called waits, unless it reads what is held.
    fn begin_to_wait(&mut self, deed: usize) {
        let called = *self.present.deed(deed);
        if called.must {
            let held = (!called.is_write).then_some(called.value);
            self.frontier.set_unless_held(called.slot, held);
        }
    }

    /// Replaces the states by those in which the operation can return.
    fn look_at_return(&mut self, deed: usize, budget: &mut Budget) -> Result<(), Halt> {
        let returning = *self.present.deed(deed);
        let spent = self.present.spent_bit(returning.slot);
        let is_useful = returning.is_write && self.present.is_read_later(returning.value);
        let waits = self.frontier.count_with(returning.slot);
        let are_spent = self.frontier.count_with(spent);
        let all = self.frontier.len();
        if waits == 0 && (!is_useful || are_spent == all) && (are_spent == 0 || are_spent == all) {
            // Who pauses comes back to this return: nothing of it may be done before.
            budget.turn(0, self)?;
            self.frontier.clear(spent);
            return Ok(());
        }
        self.present.find_targets();
        self.next.make_empty();
        for state in 0..all {
            self.follow(state, deed, is_useful, budget)?;
        }
        std::mem::swap(&mut self.frontier, &mut self.next);
        self.next.make_empty();
        Ok(())
    }

    /// Adds the states that one leads to as the operation returns.
    fn follow(
        &mut self,
        state: usize,
        deed: usize,
        is_useful: bool,
        budget: &mut Budget,
    ) -> Result<(), Halt> {
        let returning = *self.present.deed(deed);
        let (held, waits) = {
            let (held, state) = self.frontier.get(state);
            (held, has(state, returning.slot))
        };
        let spent = self.present.spent_bit(returning.slot);
        let is_spent = has(self.frontier.get(state).1, spent);
        let own = self.present.target_of(returning.value);
        if !returning.is_write {
            if !waits {
                return self.add(state, None, deed, held, budget);
            }
            return match own {
                Some(own) => self.pass_to(state, own, deed, budget),
                None => Ok(()),
            };
        }
        let burden = self.burden(state);
        let pays = |target: &usize| self.present.pays(*target, burden);
        let own = own.filter(|own| is_useful && !is_spent && pays(own));
        if waits {
            // It hides before any other write that begins a block now, or is itself seen.
            let is_free = |target: &usize| self.present.free_write(*target, burden).is_some();
            let others = (0..self.present.targets()).filter(|other| Some(*other) != own);
            let others: Vec<usize> = others.filter(pays).filter(is_free).collect();
            for other in others {
                self.add_targets(state, &[], other, deed, budget)?;
            }
            if own.is_none() {
                debug_assert!(!is_spent, "what is spent has begun a block");
                return self.add(state, Some(NOBODYS), deed, held, budget);
            }
        } else {
            self.add(state, None, deed, held, budget)?;
        }
        match own {
            Some(own) => self.pass_to(state, own, deed, budget),
            None => Ok(()),
        }
    }

    fn burden(&self, state: usize) -> &[u64] {
        self.frontier.get(state).1
    }

    /// Adds what comes of a block of the target, after any others that serve somebody.
    fn pass_to(
        &mut self,
        state: usize,
        target: usize,
        deed: usize,
        budget: &mut Budget,
    ) -> Result<(), Halt> {
        let burden = self.burden(state);
        let is_free = |target: &usize| self.present.free_write(*target, burden).is_some();
        if !is_free(&target) {
            return Ok(());
        }
        let serves = |other: &usize| *other != target && self.present.serves(*other, burden);
        let useful = (0..self.present.targets()).filter(serves).filter(is_free);
        // What serves the last reads of its value is of no other use.
        let is_called_later = |other: &usize| self.present.is_called_later(*other);
        let (choices, mut chosen): (Vec<usize>, Vec<usize>) = useful.partition(is_called_later);
        if choices.len() > CHOICES_MAX {
            return Err(Halt::Paused);
        }
        let always = chosen.len();
        for choice in 0..1_u64 << choices.len() {
            chosen.truncate(always);
            let is_chosen = |(bit, _): &(usize, &usize)| choice >> bit & 1 == 1;
            let more = choices.iter().enumerate().filter(is_chosen);
            chosen.extend(more.map(|(_, other)| *other));
            self.add_targets(state, &chosen, target, deed, budget)?;
        }
        Ok(())
    }

    /// Adds the state after blocks of these targets, and then of the last one.
    fn add_targets(
        &mut self,
        state: usize,
        passed: &[usize],
        last: usize,
        deed: usize,
        budget: &mut Budget,
    ) -> Result<(), Halt> {
        self.state.clear();
        self.state.extend_from_slice(self.frontier.get(state).1);
        for target in passed.iter().chain([&last]) {
            let write = self.present.free_write(*target, &self.state);
            let write = write.expect("a write of each target is free");
            set(&mut self.state, self.present.spent_bit(write));
            self.present.serve(*target, &mut self.state);
        }
        let held = self.present.value(last);
        self.finish(true, deed, held, budget)
    }

    /// Adds the state with nothing begun, or a block of the operation alone.
    fn add(
        &mut self,
        state: usize,
        begun: Option<u32>,
        deed: usize,
        held: u32,
        budget: &mut Budget,
    ) -> Result<(), Halt> {
        self.state.clear();
        self.state.extend_from_slice(self.frontier.get(state).1);
        self.finish(begun.is_some(), deed, begun.unwrap_or(held), budget)
    }

    /// Adds [`Sweep::state`], once the operation has returned.
    fn finish(
        &mut self,
        has_begun: bool,
        deed: usize,
        held: u32,
        budget: &mut Budget,
    ) -> Result<(), Halt> {
        if has_begun {
            self.present.hide(&mut self.state);
        }
        let slot = self.present.deed(deed).slot;
        debug_assert!(!has(&self.state, slot), "who returns waits no more");
        unset(&mut self.state, self.present.spent_bit(slot));
        let compared = self.next.add(self.present.as_held(held), &self.state);
        budget.turn(compared, self)
    }
}

impl Budget<'_> {
    /// Counts a state that was made.
    fn turn(&mut self, compared: u64, sweep: &Sweep) -> Result<(), Halt> {
        self.meter.spend(1 + compared / COMPARISONS_PER_STEP);
        if self.meter.steps() >= self.look_at {
            self.look_at = self.meter.steps() + STEPS_PER_LOOK;
            let bytes = sweep.memory_bytes() + self.elsewhere_bytes;
            if let Some(reason) = self.meter.ran_out(bytes) {
                return Err(Halt::RanOut(reason));
            }
        }
        if self.meter.is_out_of_steps() {
            return Err(Halt::RanOut(Reason::Steps));
        }
        if self.meter.steps() >= self.pause_at {
            return Err(Halt::Paused);
        }
        Ok(())
    }
}
