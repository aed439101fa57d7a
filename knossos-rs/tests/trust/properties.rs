//! What must hold of a checker's verdicts, whatever the history is.

use knossos::{Model, Operation};

use super::draw::Draw;
use super::reference::{final_states, is_linearizable};
use super::subject::{History, Subject};

/// A checker under test: is this history linearizable?
pub(crate) type Checker<'a, S> = &'a dyn Fn(&History<S>) -> bool;

/// A property of verdicts; tells whether it held for this history.
pub(crate) type Property<S> = fn(&S, &History<S>, Checker<S>, &mut Draw) -> bool;

/// All properties with their names, for one subject. The first is the oracle.
pub(crate) fn properties<S: Subject>() -> [(&'static str, Property<S>); 10] {
    [
        ("brute force says the same", agrees_with_brute_force),
        (
            "dropping an unobserved unknown operation keeps the verdict",
            drop_unobserved,
        ),
        (
            "dropping an unknown operation keeps a violation",
            drop_unknown,
        ),
        (
            "forgetting an outcome keeps a history consistent",
            forget_outcome,
        ),
        ("shrinking an interval keeps a violation", shrink),
        (
            "appending what the object now answers keeps it consistent",
            append_answer,
        ),
        ("renaming values and clients keeps the verdict", rename),
        ("cutting the history short keeps it consistent", cut),
        (
            "moving all times, or the operations in the file, keeps the verdict",
            displace,
        ),
        (
            "after quiescence, the rest is judged from where it starts",
            concatenate,
        ),
    ]
}

fn agrees_with_brute_force<S: Subject>(
    subject: &S,
    history: &History<S>,
    checker: Checker<S>,
    _: &mut Draw,
) -> bool {
    checker(history) == is_linearizable(subject.model(), history, None)
}

fn drop_unobserved<S: Subject>(
    subject: &S,
    history: &History<S>,
    checker: Checker<S>,
    draw: &mut Draw,
) -> bool {
    let call = draw.below(12) as u64;
    let mut longer = history.clone();
    let place = draw.below(longer.len() + 1);
    longer.insert(place, Operation::unknown(7, subject.unobserved(), call));
    checker(&longer) == checker(history)
}

fn drop_unknown<S: Subject>(
    _: &S,
    history: &History<S>,
    checker: Checker<S>,
    _: &mut Draw,
) -> bool {
    checker(history)
        || (0..history.len())
            .filter(|index| history[*index].output.is_none())
            .all(|index| {
                let mut shorter = history.clone();
                shorter.remove(index);
                !checker(&shorter)
            })
}

fn forget_outcome<S: Subject>(
    _: &S,
    history: &History<S>,
    checker: Checker<S>,
    draw: &mut Draw,
) -> bool {
    let index = draw.below(history.len());
    let mut forgetful = history.clone();
    forgetful[index].output = None;
    forgetful[index].ret = None;
    !checker(history) || checker(&forgetful)
}

fn shrink<S: Subject>(_: &S, history: &History<S>, checker: Checker<S>, draw: &mut Draw) -> bool {
    let index = draw.below(history.len());
    let mut shorter = history.clone();
    let operation = &mut shorter[index];
    match operation.ret {
        Some(ret) => {
            let length = (ret - operation.call) as usize;
            operation.call += draw.below(length + 1) as u64;
            operation.ret = Some(ret - draw.below((ret - operation.call) as usize + 1) as u64);
        }
        None => operation.call += draw.below(6) as u64,
    }
    checker(history) || !checker(&shorter)
}

fn append_answer<S: Subject>(
    subject: &S,
    history: &History<S>,
    checker: Checker<S>,
    draw: &mut Draw,
) -> bool {
    let inputs = subject.inputs();
    let input = inputs[draw.below(inputs.len())].clone();
    let model = subject.model();
    let is_whole = model.partition(&input).is_none()
        || history
            .iter()
            .any(|op| model.partition(&op.input).is_none());
    let touches = |operation: &&Operation<_, _>| {
        is_whole || model.partition(&operation.input) == model.partition(&input)
    };
    let part: History<S> = history.iter().filter(touches).cloned().collect();
    // What is of unknown outcome could still come between, so it must not be there.
    if part.iter().any(|operation| operation.output.is_none()) {
        return true;
    }
    let consistent = checker(history);
    final_states(model, &part).iter().all(|state| {
        let output = subject.answer(state, &input);
        let mut longer = history.clone();
        longer.push(Operation::completed(8, input.clone(), output, 1_000, 1_001));
        !consistent || checker(&longer)
    })
}

fn rename<S: Subject>(
    subject: &S,
    history: &History<S>,
    checker: Checker<S>,
    _: &mut Draw,
) -> bool {
    let renamed = history
        .iter()
        .map(|operation| {
            let (input, output) = subject.rename(&operation.input, operation.output.as_ref());
            Operation {
                client: operation.client * 1_000 + 17,
                input,
                output,
                ..*operation
            }
        })
        .collect();
    let mut alone = history.clone();
    for (client, operation) in (50..).zip(&mut alone) {
        operation.client = client;
    }
    let verdict = checker(history);
    checker(&renamed) == verdict && checker(&alone) == verdict
}

fn cut<S: Subject>(_: &S, history: &History<S>, checker: Checker<S>, draw: &mut Draw) -> bool {
    let moment = draw.below(16) as u64;
    let early = history.iter().filter(|operation| operation.call <= moment);
    let early: History<S> = early
        .map(|operation| match operation.ret {
            Some(ret) if ret <= moment => operation.clone(),
            _ => Operation::unknown(operation.client, operation.input.clone(), operation.call),
        })
        .collect();
    !checker(history) || checker(&early)
}

fn displace<S: Subject>(_: &S, history: &History<S>, checker: Checker<S>, draw: &mut Draw) -> bool {
    let mut displaced = history.clone();
    for operation in &mut displaced {
        // What met at one moment overlaps now, which is the same.
        operation.call *= 2;
        operation.ret = operation.ret.map(|ret| ret * 2 + 1);
    }
    let middle = draw.below(displaced.len());
    displaced.rotate_left(middle);
    checker(&displaced) == checker(history)
}

fn concatenate<S: Subject>(
    subject: &S,
    history: &History<S>,
    checker: Checker<S>,
    draw: &mut Draw,
) -> bool {
    let model = subject.model();
    let is_complete = history.iter().all(|operation| operation.output.is_some());
    let parts: Vec<_> = history
        .iter()
        .map(|op| model.partition(&op.input))
        .collect();
    if !is_complete || parts.iter().any(|part| *part != parts[0]) {
        return true;
    }
    // The rest is one operation, answered as one state or another would.
    let inputs: Vec<_> = subject
        .inputs()
        .into_iter()
        .filter(|input| model.partition(input) == parts[0])
        .collect();
    if inputs.is_empty() {
        return true;
    }
    let input = inputs[draw.below(inputs.len())].clone();
    let finals = final_states(model, history);
    let guesses = finals.iter().cloned().chain([model.initial()]);
    let guesses: Vec<_> = guesses.collect();
    guesses.iter().all(|guess| {
        let output = subject.answer(guess, &input);
        let is_possible = finals
            .iter()
            .any(|state| model.step(state, &input, Some(&output)).is_some());
        let mut longer = history.clone();
        longer.push(Operation::completed(0, input.clone(), output, 1_000, 1_001));
        checker(&longer) == is_possible
    })
}
