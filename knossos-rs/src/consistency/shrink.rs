//! Dropping operations as long as a violation remains.
//!
//! As for linearizability, a subset must still mean something: whoever could have written what
//! an operation needs is dropped only together with that operation. Chunks of halving size are
//! dropped (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002).

use super::decide::Question;
use super::order::rules::Clause;
use super::order::{Order, Outcome};
use crate::interner::Interner;
use crate::limits::Meter;
use crate::model::{Leaves, Model};
use crate::sorting::sort_by_key;
use crate::watch::Watch;

/// What shrinking may cost, in steps for each operation and in any case.
const STEPS_PER_OPERATION: u64 = 20;
const STEPS_BASE: u64 = 20_000;

/// An operation with what it needs and produces: states of its key, as numbers.
#[derive(Clone, Copy)]
struct Suspect {
    operation: (usize, u32),
    needs: Option<u32>,
    produces: Option<u32>,
    is_wild: bool,
}

impl<M: Model> Question<'_, M> {
    /// A small part of the operations that has no order that keeps the clauses, either.
    pub(super) fn core(
        &self,
        operations: &[(usize, u32)],
        clauses: &[Clause],
        meter: &Meter,
    ) -> Vec<(usize, u32)> {
        let mut meter = meter.aside(STEPS_BASE + STEPS_PER_OPERATION * operations.len() as u64);
        let (mut kept, states) = self.suspects(operations);
        let mut chunk = kept.len().div_ceil(2);
        while chunk > 0 && !kept.is_empty() {
            let mut start = 0;
            while start < kept.len() {
                let is_dropped = closure(&kept, start..(start + chunk).min(kept.len()), states);
                let mut dropped = is_dropped.iter();
                let rest: Vec<Suspect> = kept
                    .iter()
                    .filter(|_| !dropped.next().expect("one for each"))
                    .copied()
                    .collect();
                let question: Vec<(usize, u32)> =
                    rest.iter().map(|suspect| suspect.operation).collect();
                let mut watch = Watch::new(&meter, 0);
                let order = Order::new(self.model, self.history, &question, clauses, &mut watch);
                let outcome = match order {
                    Ok(mut order) => order.run(&mut meter, u64::MAX, 0),
                    Err(reason) => Outcome::RanOut(reason),
                };
                match outcome {
                    Outcome::Violation => kept = rest,
                    Outcome::Consistent => start += chunk,
                    Outcome::Paused | Outcome::RanOut(_) => chunk = 0,
                }
                if chunk == 0 {
                    break;
                }
            }
            chunk = if chunk == 1 { 0 } else { chunk.div_ceil(2) };
        }
        kept.iter().map(|suspect| suspect.operation).collect()
    }

    /// The operations as suspects, by call, and how many states there are.
    fn suspects(&self, operations: &[(usize, u32)]) -> (Vec<Suspect>, usize) {
        let mut states = Interner::new();
        let mut suspects: Vec<Suspect> = operations
            .iter()
            .map(|(index, key)| {
                let operation = &self.history[*index];
                let footprint = self
                    .model
                    .footprint(&operation.input, operation.output.as_ref());
                Suspect {
                    operation: (*index, *key),
                    needs: footprint.needs.map(|state| states.intern((*key, state)).0),
                    is_wild: footprint.leaves == Leaves::Anything,
                    produces: match footprint.leaves {
                        Leaves::Always(state) | Leaves::Sometimes(state) => {
                            Some(states.intern((*key, state)).0)
                        }
                        Leaves::Same | Leaves::Anything => None,
                    },
                }
            })
            .collect();
        sort_by_key(&mut suspects, &|suspect| {
            self.history[suspect.operation.0].call
        });
        (suspects, states.len())
    }
}

/// The suspects of the range, and everything that means nothing without them.
fn closure(suspects: &[Suspect], range: std::ops::Range<usize>, states: usize) -> Vec<bool> {
    let mut is_dropped = vec![false; suspects.len()];
    let mut is_unserved = vec![false; states];
    let mut any_unserved = false;
    let mut open: Vec<usize> = range.collect();
    while !open.is_empty() {
        for index in open.drain(..) {
            is_dropped[index] = true;
            any_unserved |= suspects[index].is_wild;
            if let Some(state) = suspects[index].produces {
                is_unserved[state as usize] = true;
            }
        }
        let is_orphan = |suspect: &Suspect| {
            suspect
                .needs
                .is_some_and(|needed| any_unserved || is_unserved[needed as usize])
        };
        let orphans =
            (0..suspects.len()).filter(|index| !is_dropped[*index] && is_orphan(&suspects[*index]));
        open.extend(orphans.collect::<Vec<_>>());
    }
    is_dropped
}
