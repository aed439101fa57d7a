//! Growth: what appends can still make of a state.
//!
//! Where operations that leave anything only add to a state ([`crate::Model::can_become`]), the
//! next read tells much: until it is taken, the state must be a beginning of what it saw, or some
//! operation still to come must leave such a beginning. Otherwise no order completes the
//! configuration: of those that come before the read, take the last operation that leaves a
//! state of its own; from there on, or if there is none from here on, the state only grows.

use super::part::Part;
use crate::interner::Interner;
use crate::model::Model;

/// How many pairs of reads and operations that leave a state are looked at, at most.
const PAIRS_MAX: usize = 1 << 22;

/// Which operations can make a beginning of what a read saw.
pub(super) struct Growth {
    /// Operations that may leave a state of their own; `None` where growth tells nothing.
    producers: Option<Vec<u32>>,
    /// Of each known operation, once asked for: those of the producers that may come before it
    /// and leave a beginning of what it saw.
    beginnings: Vec<Option<Vec<u32>>>,
}

impl Growth {
    pub(super) fn new<M: Model>(part: &Part<M>) -> Growth {
        let numbers = 0..part.locals.len() as u32;
        let producers = numbers.filter(|local| part.local(*local).produces.is_some());
        let producers: Vec<u32> = producers.collect();
        let reads = part.locals.iter().filter(|local| local.is_telling_read());
        let pairs = reads.count().saturating_mul(producers.len());
        let is_grown = part.locals.iter().any(|local| local.is_wild);
        Growth {
            producers: (is_grown && pairs <= PAIRS_MAX).then_some(producers),
            beginnings: Vec::new(),
        }
    }

    /// Whether growth tells anything.
    pub(super) fn is_on(&self) -> bool {
        self.producers.is_some()
    }

    /// The operations that may come before the read and leave a beginning of what it saw.
    pub(super) fn beginnings_of<M: Model>(
        &mut self,
        read: u32,
        part: &Part<M>,
        states: &Interner<M::State>,
    ) -> &[u32] {
        self.beginnings.resize(part.known, None);
        self.beginnings[read as usize].get_or_insert_with(|| {
            let (needs, ret) = (part.local(read).needs, part.local(read).ret);
            let makes_a_beginning = |local: &&u32| {
                let producer = part.local(**local);
                let (Some(produced), Some(needed)) = (producer.produces, needs) else {
                    return false;
                };
                producer.call <= ret && part.can_become(states.get(produced), states.get(needed))
            };
            let producers = self.producers.iter().flatten();
            producers.filter(makes_a_beginning).copied().collect()
        })
    }
}

/// A state that has a number, or none yet.
pub(super) enum State<'a, S> {
    Number(u32),
    New(&'a S),
}
