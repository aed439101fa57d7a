//! The states in which an object may have begun, as far as they make a difference.
//!
//! Take an order of the operations that shows the history consistent from some state, without
//! operations of unknown outcome that change nothing there. Its first operation that either
//! needs one state or leaves one whatever it finds (a write) is called `x`; before it come only
//! operations that leave things as they are, or add to what they find. If `x` needs a state, the
//! object began in one of the origins of that state. If `x` is a write, or there is no such
//! operation, nothing that comes later depends on the beginning, which may as well be a state
//! that no operation asks for. And `x` was called before any other operation like it returned,
//! or no order in real time begins with it; where only the order of each client counts, before
//! any other of its own client did.

use std::collections::BTreeMap;

use super::any_beginning::AnyBeginning;
use crate::consistency::Consistency;
use crate::model::{Leaves, OperationOf};

/// How many states are tried for one part.
const STATES_MAX: usize = 64;

/// States to try, never none.
pub(super) struct Candidates<S> {
    pub(super) states: Vec<S>,
    /// Whether there is no other that could explain more.
    pub(super) is_complete: bool,
}

impl<S: Clone + Eq> Candidates<S> {
    /// The beginnings of a part with these operations.
    pub(super) fn of<M: AnyBeginning<State = S>>(
        model: &M,
        operations: &[&OperationOf<M>],
        level: Consistency,
    ) -> Candidates<S> {
        if let Some(any) = model.any() {
            return Candidates {
                states: vec![any],
                is_complete: true,
            };
        }
        if level == Consistency::Linearizable
            && let Some(states) = model.listed(operations)
        {
            debug_assert!(!states.is_empty(), "something can be tried");
            return Candidates {
                states,
                is_complete: true,
            };
        }
        let mut needs = needs(model, operations);
        let mut horizons = BTreeMap::new();
        match level {
            Consistency::Linearizable => needs.iter_mut().for_each(|need| need.client = 0),
            Consistency::Sequential => {}
            // What a read saw need not be what an order of all operations begins with.
            Consistency::Session(..) | Consistency::BoundedStaleness(_) => {
                needs.iter_mut().for_each(|need| need.ret = u64::MAX);
            }
        }
        for need in &needs {
            let horizon = horizons.entry(need.client).or_insert(u64::MAX);
            *horizon = need.ret.min(*horizon);
        }
        needs.retain(|need| need.call <= horizons[&need.client]);
        // What returned first is the likeliest to have come first.
        needs.sort_by_key(|need| (need.ret, need.call));
        let another = model.another(operations);
        let adding: Vec<&OperationOf<M>> = operations
            .iter()
            .copied()
            .filter(|operation| adds(model, operation))
            .collect();
        let mut states: Vec<S> = Vec::new();
        let mut is_complete = model.finds_all();
        for need in needs {
            if states.len() == STATES_MAX {
                is_complete = false;
                break;
            }
            let origins = match need.state {
                Some(state) => {
                    let before = adding.iter().filter(|other| other.call <= need.ret);
                    let inputs: Vec<&M::Input> = before.map(|other| &other.input).collect();
                    model.origins(&state, &inputs)
                }
                None => another.iter().cloned().collect(),
            };
            for state in origins {
                if states.contains(&state) {
                    continue;
                }
                if states.len() < STATES_MAX {
                    states.push(state);
                } else {
                    is_complete = false;
                }
            }
        }
        if let Some(another) = another.filter(|another| !states.contains(another)) {
            states.push(another);
        }
        if states.is_empty() {
            states.push(model.initial());
        }
        Candidates {
            states,
            is_complete,
        }
    }
}

/// Whether what the operation leaves depends on what it finds.
fn adds<M: AnyBeginning>(model: &M, operation: &OperationOf<M>) -> bool {
    let footprint = model.footprint(&operation.input, operation.output.as_ref());
    footprint.leaves == Leaves::Anything
}

/// An operation that can be the first that matters.
struct Need<S> {
    client: u64,
    call: u64,
    ret: u64,
    /// The state that it needs; `None` for a write, which needs none.
    state: Option<S>,
}

fn needs<M: AnyBeginning>(model: &M, operations: &[&OperationOf<M>]) -> Vec<Need<M::State>> {
    operations
        .iter()
        .filter_map(|operation| {
            let footprint = model.footprint(&operation.input, operation.output.as_ref());
            let matters = match (&footprint.needs, &footprint.leaves) {
                (Some(_), Leaves::Same) => operation.ret.is_some(),
                (Some(_), _) | (None, Leaves::Always(_)) => true,
                (None, _) => false,
            };
            matters.then_some(Need {
                client: operation.client,
                call: operation.call,
                ret: operation.ret.unwrap_or(u64::MAX),
                state: footprint.needs,
            })
        })
        .collect()
}
