//! The definition of linearizability by brute force, and ways to get it wrong.

use knossos::{Model, OperationOf};

/// A mistake that a checker could make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    /// Operations of unknown outcome must take effect, before a timeout. (Just anywhere, they
    /// could always come last, and nobody would notice.)
    ForcesUnknown,
    /// Operations of unknown outcome never take effect.
    DropsUnknown,
    /// Three operations in order are enough.
    GivesUpAtDepth,
    /// What ends as another begins comes before it.
    OrdersEqualTimes,
    /// Only the order of each client counts.
    ForgetsRealTime,
    /// An unknown operation takes effect before the next return after its call, or never.
    EndsUnknownEarly,
    /// What failed in one state is taken to fail in every state.
    RemembersTooMuch,
    /// Parts of the object share one state.
    MixesParts,
    /// Answers do not matter.
    IgnoresAnswers,
    /// The first operation that fits is taken, and no other is tried.
    NeverTurnsBack,
    /// The last operation to return is not looked at.
    MissesTheLast,
}

/// All of them.
pub(crate) const BUGS: [Bug; 11] = [
    Bug::ForcesUnknown,
    Bug::DropsUnknown,
    Bug::GivesUpAtDepth,
    Bug::OrdersEqualTimes,
    Bug::ForgetsRealTime,
    Bug::EndsUnknownEarly,
    Bug::RemembersTooMuch,
    Bug::MixesParts,
    Bug::IgnoresAnswers,
    Bug::NeverTurnsBack,
    Bug::MissesTheLast,
];

/// Whether the history is linearizable: by the definition, or with a mistake.
pub(crate) fn is_linearizable<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    bug: Option<Bug>,
) -> bool {
    let is_whole = history
        .iter()
        .any(|op| model.partition(&op.input).is_none());
    let mut parts: Vec<Vec<&OperationOf<M>>> = Vec::new();
    for operation in history {
        let name = model.partition(&operation.input);
        let is_mine = |part: &&mut Vec<&OperationOf<M>>| {
            is_whole || bug == Some(Bug::MixesParts) || model.partition(&part[0].input) == name
        };
        match parts.iter_mut().find(is_mine) {
            Some(part) => part.push(operation),
            None => parts.push(vec![operation]),
        }
    }
    parts.into_iter().all(|mut part| {
        if bug == Some(Bug::MissesTheLast) {
            let last = (0..part.len()).max_by_key(|index| (part[*index].ret, *index));
            part.remove(last.expect("a part has an operation"));
        }
        let mut search = Reference {
            model,
            taken: vec![false; part.len()],
            part,
            bug,
            failed: Vec::new(),
        };
        search.completes(&model.initial(), 0)
    })
}

/// The states that a history of known outcomes can leave.
pub(crate) fn final_states<M: Model>(model: &M, history: &[OperationOf<M>]) -> Vec<M::State> {
    let mut search = Reference {
        model,
        taken: vec![false; history.len()],
        part: history.iter().collect(),
        bug: None,
        failed: Vec::new(),
    };
    let mut states = Vec::new();
    search.finals(&model.initial(), &mut states);
    states
}

struct Reference<'a, M: Model> {
    model: &'a M,
    part: Vec<&'a OperationOf<M>>,
    taken: Vec<bool>,
    bug: Option<Bug>,
    failed: Vec<Vec<bool>>,
}

impl<M: Model> Reference<'_, M> {
    /// Whether what is left can be put in order from this state.
    fn completes(&mut self, state: &M::State, depth: usize) -> bool {
        let left = self.left();
        let must_come = |index: &usize| {
            self.part[*index].output.is_some() || self.bug == Some(Bug::ForcesUnknown)
        };
        if !left.iter().any(must_come) || (depth == 3 && self.bug == Some(Bug::GivesUpAtDepth)) {
            return true;
        }
        if self.bug == Some(Bug::RemembersTooMuch) {
            if self.failed.contains(&self.taken) {
                return false;
            }
            self.failed.push(self.taken.clone());
        }
        for next in &left {
            let Some(after) = self.after(state, *next, &left) else {
                continue;
            };
            self.taken[*next] = true;
            let completes = self.completes(&after, depth + 1);
            self.taken[*next] = false;
            if completes || self.bug == Some(Bug::NeverTurnsBack) {
                return completes;
            }
        }
        false
    }

    fn finals(&mut self, state: &M::State, states: &mut Vec<M::State>) {
        let left = self.left();
        if left.is_empty() && !states.contains(state) {
            states.push(state.clone());
        }
        for next in &left {
            if let Some(after) = self.after(state, *next, &left) {
                self.taken[*next] = true;
                self.finals(&after, states);
                self.taken[*next] = false;
            }
        }
    }

    fn left(&self) -> Vec<usize> {
        (0..self.part.len())
            .filter(|index| !self.taken[*index])
            .collect()
    }

    /// The state after the operation, if it may come next.
    fn after(&self, state: &M::State, next: usize, left: &[usize]) -> Option<M::State> {
        let operation = self.part[next];
        let is_unknown = operation.output.is_none();
        if is_unknown && self.bug == Some(Bug::DropsUnknown) {
            return None;
        }
        let waits = left
            .iter()
            .any(|other| *other != next && self.comes_before(self.part[*other], operation));
        if waits {
            return None;
        }
        if is_unknown && self.bug == Some(Bug::EndsUnknownEarly) {
            let is_over = |(index, other): (usize, &&OperationOf<M>)| {
                self.taken[index] && other.call > operation.call
            };
            if self.part.iter().enumerate().any(is_over) {
                return None;
            }
        }
        let output = operation
            .output
            .as_ref()
            .filter(|_| self.bug != Some(Bug::IgnoresAnswers));
        self.model.step(state, &operation.input, output)
    }

    fn comes_before(&self, earlier: &OperationOf<M>, later: &OperationOf<M>) -> bool {
        match self.bug {
            Some(Bug::OrdersEqualTimes) => {
                earlier.ret.is_some_and(|ret| ret <= later.call) && earlier.call < later.call
            }
            Some(Bug::ForcesUnknown) => earlier.ret.unwrap_or(earlier.call + 3) < later.call,
            Some(Bug::ForgetsRealTime) => earlier.client == later.client && earlier.precedes(later),
            _ => earlier.precedes(later),
        }
    }
}
