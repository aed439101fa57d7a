//! Histories: drawn at random, always the same ones, or all of one size.

use knossos::{Model, Operation};

use super::shapes::shapes;
use super::subject::{History, Input, Output, State, Subject};

/// Numbers that look random (SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", 2014).
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Draw {
        Draw(seed)
    }

    /// A number below `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ (word >> 31)) % count as u64) as usize
    }

    /// True once in `count` times.
    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// At most `length` operations of three clients, and more than half as many. Outputs come from one execution in about the
/// order of the calls, so that about half of the histories are linearizable; then some outputs
/// are lost, some are what another moment would have answered.
pub(crate) fn history<S: Subject>(subject: &S, length: usize, draw: &mut Draw) -> History<S> {
    let inputs = subject.inputs();
    let count = 1 + length / 2 + draw.below(length.div_ceil(2));
    let mut calls: Vec<u64> = (0..count).map(|_| draw.below(count * 3) as u64).collect();
    calls.sort_unstable();
    let mut order: Vec<(u64, usize)> = calls
        .iter()
        .enumerate()
        .map(|(index, call)| (call + draw.below(5) as u64, index))
        .collect();
    order.sort_unstable();
    let chosen: Vec<Input<S>> = (0..count)
        .map(|_| inputs[draw.below(inputs.len())].clone())
        .collect();
    let mut outputs: Vec<Option<Output<S>>> = vec![None; count];
    for (_, index) in &order {
        // Each operation sees what went before it on its own part of the object.
        let state = state_before(subject, &chosen, &order, *index, draw);
        outputs[*index] = Some(subject.answer(&state, &chosen[*index]));
    }
    let lost_one_in = 3 + draw.below(8);
    let operation = |(index, call): (usize, u64)| {
        let output = outputs[index].clone().filter(|_| !draw.one_in(lost_one_in));
        let length = draw.below(5) as u64;
        Operation {
            client: draw.below(3) as u64,
            input: chosen[index].clone(),
            ret: output.is_some().then_some(call + length),
            output,
            call,
        }
    };
    calls.into_iter().enumerate().map(operation).collect()
}

/// The state that the operation finds, or now and then one that another operation finds.
fn state_before<S: Subject>(
    subject: &S,
    inputs: &[Input<S>],
    order: &[(u64, usize)],
    index: usize,
    draw: &mut Draw,
) -> State<S> {
    let model = subject.model();
    let place = order.iter().position(|(_, other)| *other == index);
    let mut place = place.expect("every operation has a place");
    if draw.one_in(4) {
        place = draw.below(order.len());
    }
    let mut state = model.initial();
    for (_, earlier) in &order[..place] {
        if is_same_part(model, inputs, *earlier, index) {
            state = model
                .step(&state, &inputs[*earlier], None)
                .expect("without an output, every operation is possible");
        }
    }
    state
}

fn is_same_part<M: Model>(model: &M, inputs: &[M::Input], left: usize, right: usize) -> bool {
    let is_whole = inputs.iter().any(|input| model.partition(input).is_none());
    is_whole || model.partition(&inputs[left]) == model.partition(&inputs[right])
}

/// What one operation can be: every input with every answer of a state that two operations
/// can reach, or with none.
pub(crate) fn kinds<S: Subject>(subject: &S) -> Vec<(Input<S>, Option<Output<S>>)> {
    let model = subject.model();
    let mut inputs: Vec<Input<S>> = Vec::new();
    for input in subject.inputs() {
        if !inputs.contains(&input) {
            inputs.push(input);
        }
    }
    let mut states = vec![model.initial()];
    for round in 0..2 {
        for state in states.clone().into_iter().skip(round) {
            for input in &inputs {
                let after = model.step(&state, input, None).expect("always possible");
                if !states.contains(&after) {
                    states.push(after);
                }
            }
        }
    }
    let mut kinds: Vec<(Input<S>, Option<Output<S>>)> = Vec::new();
    for input in inputs {
        for state in &states {
            let kind = (input.clone(), Some(subject.answer(state, &input)));
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds.push((input, None));
    }
    kinds
}

/// Calls `visit` with every history of `count` operations.
pub(crate) fn all_histories<S: Subject>(
    subject: &S,
    count: usize,
    mut visit: impl FnMut(&History<S>),
) {
    let kinds = kinds(subject);
    for shape in shapes(count) {
        for choice in 0..kinds.len().pow(count as u32) {
            let mut rest = choice;
            let mut is_repeated = false;
            let history: History<S> = shape
                .iter()
                .enumerate()
                .map(|(index, (call, ret))| {
                    let (input, output) = kinds[rest % kinds.len()].clone();
                    rest /= kinds.len();
                    // An unknown operation has no return, so one shape of it is enough.
                    is_repeated |= output.is_none() && call + 1 != *ret;
                    Operation {
                        client: index as u64,
                        input,
                        ret: output.is_some().then_some(*ret),
                        output,
                        call: *call,
                    }
                })
                .collect();
            if !is_repeated {
                visit(&history);
            }
        }
    }
}
