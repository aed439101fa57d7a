//! Brute force: every order of every choice of unknown operations.

use crate::{Model, Operation, OperationOf};

/// Whether the history is linearizable, by the definition.
pub(crate) fn is_linearizable<M: Model>(model: &M, history: &[OperationOf<M>]) -> bool {
    completes(
        model,
        history,
        &initial(model, history),
        &mut vec![false; history.len()],
    )
}

/// What the operations, all of one part, begin with.
fn initial<M: Model>(model: &M, history: &[OperationOf<M>]) -> M::State {
    let first = history.first();
    first.map_or_else(|| model.initial(), |first| model.initial_of(&first.input))
}

/// Whether what is left can be put in order from this state.
fn completes<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    state: &M::State,
    taken: &mut [bool],
) -> bool {
    let left: Vec<usize> = (0..history.len()).filter(|index| !taken[*index]).collect();
    if left.iter().all(|index| history[*index].output.is_none()) {
        return true;
    }
    left.iter().any(|next| {
        let operation = &history[*next];
        let is_minimal = left
            .iter()
            .all(|other| !history[*other].precedes(operation));
        is_minimal
            && model
                .step(state, &operation.input, operation.output.as_ref())
                .is_some_and(|after| {
                    taken[*next] = true;
                    let completes = completes(model, history, &after, taken);
                    taken[*next] = false;
                    completes
                })
    })
}

/// Whether the order is one that shows the history linearizable.
pub(crate) fn is_order_of<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    order: &[usize],
) -> bool {
    let mut place = vec![None; history.len()];
    for (position, index) in order.iter().enumerate() {
        if place[*index].replace(position).is_some() {
            return false;
        }
    }
    let known_are_there = history
        .iter()
        .zip(&place)
        .all(|(op, place)| op.output.is_none() || place.is_some());
    let respects_time = order.iter().enumerate().all(|(position, index)| {
        order[..position]
            .iter()
            .all(|earlier| !history[*index].precedes(&history[*earlier]))
    });
    let mut state = Some(initial(model, history));
    for index in order {
        let Operation { input, output, .. } = &history[*index];
        state = state.and_then(|state| model.step(&state, input, output.as_ref()));
    }
    known_are_there && respects_time && state.is_some()
}
