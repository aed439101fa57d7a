//! Dropping operations as long as a violation remains: the coarse cut.
//!
//! A subset of a history must still mean something: a read of "7" without any write of "7" is a
//! violation, but not the one to explain. So whoever could have produced what an operation
//! needs is dropped only together with that operation, whoever changes anything only together
//! with an operation of which it is not known what it needs; and what the culprit needs is kept.
//! Chunks of halving size are dropped, as in delta debugging (Zeller and Hildebrandt,
//! "Simplifying and isolating failure-inducing input", 2002).

use std::ops::Range;

use super::demand::Demand;
use super::question::Question;
use crate::entry::Entry;
use crate::interner::Interner;
use crate::limits::Meter;
use crate::model::{Leaves, Model};
use crate::sorting::sort_by_key;

/// An operation that may be dropped, and the states it needs and produces, as numbers.
struct Suspect {
    entry: Entry,
    needs: Option<u32>,
    needs_everything: bool,
    produces: Option<u32>,
    is_wild: bool,
    /// The culprit, or what could have produced what the culprit needs.
    is_protected: bool,
}

impl<M: Model> Question<'_, M> {
    /// A small part of the entries, with the culprit, that is a violation by itself.
    pub(super) fn narrow(
        &self,
        entries: &[Entry],
        culprit: Entry,
        meter: &mut Meter,
    ) -> Vec<Entry> {
        let (mut kept, states) = self.suspects(entries, culprit);
        let mut chunk = kept.len().div_ceil(2);
        loop {
            // The newest are the likeliest to matter, so the oldest go first.
            let mut start = 0;
            while start < kept.len() {
                let range = start..(start + chunk).min(kept.len());
                let Some(dropped) = closure(&kept, range, states) else {
                    start += chunk;
                    continue;
                };
                let mut is_dropped = dropped.iter();
                let rest: Vec<Entry> = kept
                    .iter()
                    .filter(|_| !is_dropped.next().expect("one for each"))
                    .map(|suspect| suspect.entry)
                    .collect();
                match self.order_of(&rest, meter) {
                    None => return kept.iter().map(|suspect| suspect.entry).collect(),
                    Some(Some(_)) => start += chunk,
                    Some(None) => {
                        let mut is_dropped = dropped.iter();
                        kept.retain(|_| !is_dropped.next().expect("one for each"));
                    }
                }
            }
            if chunk <= 1 {
                return kept.iter().map(|suspect| suspect.entry).collect();
            }
            chunk /= 2;
        }
    }

    /// The entries as suspects, in order of their calls, and how many states there are.
    fn suspects(&self, entries: &[Entry], culprit: Entry) -> (Vec<Suspect>, usize) {
        let mut states = Interner::new();
        let mut suspects: Vec<Suspect> = entries
            .iter()
            .map(|entry| {
                let demand = self.demand(*entry);
                let leaves = self.footprint(*entry).leaves;
                Suspect {
                    entry: *entry,
                    needs_everything: matches!(demand, Demand::Everything),
                    needs: match demand {
                        Demand::State(state) => Some(states.intern(state).0),
                        Demand::Nothing | Demand::Everything => None,
                    },
                    is_wild: leaves == Leaves::Anything,
                    produces: match leaves {
                        Leaves::Always(state) | Leaves::Sometimes(state) => {
                            Some(states.intern(state).0)
                        }
                        Leaves::Same | Leaves::Anything => None,
                    },
                    is_protected: false,
                }
            })
            .collect();
        sort_by_key(&mut suspects, &|suspect| {
            self.history[suspect.entry.index].call
        });
        let needed = suspects
            .iter()
            .find(|suspect| suspect.entry.index == culprit.index)
            .and_then(|suspect| suspect.needs);
        for suspect in &mut suspects {
            let serves = needed.is_some() && (suspect.produces == needed || suspect.is_wild);
            suspect.is_protected = serves || suspect.entry.index == culprit.index;
        }
        (suspects, states.len())
    }
}

/// The unprotected suspects of the range, and everything that means nothing without them.
/// `None` if that is nothing at all, or something protected.
fn closure(suspects: &[Suspect], range: Range<usize>, states: usize) -> Option<Vec<bool>> {
    let mut dropped = vec![false; suspects.len()];
    let mut is_unserved = vec![false; states];
    let (mut any_wild_dropped, mut any_change_dropped) = (false, false);
    let mut open: Vec<usize> = range
        .filter(|index| !suspects[*index].is_protected)
        .collect();
    if open.is_empty() {
        return None;
    }
    while !open.is_empty() {
        for index in open.drain(..) {
            dropped[index] = true;
            any_wild_dropped |= suspects[index].is_wild;
            any_change_dropped |= suspects[index].is_wild || suspects[index].produces.is_some();
            if let Some(state) = suspects[index].produces {
                is_unserved[state as usize] = true;
            }
        }
        for (index, suspect) in suspects.iter().enumerate() {
            let is_unserved = suspect.needs_everything && any_change_dropped
                || suspect
                    .needs
                    .is_some_and(|needed| any_wild_dropped || is_unserved[needed as usize]);
            if !dropped[index] && is_unserved {
                if suspect.is_protected {
                    return None;
                }
                open.push(index);
            }
        }
    }
    Some(dropped)
}
