//! Whether what the clients saw is linearizable: decided by the checker of this
//! house and, independently, by stateright's.
//!
//! A search knows no time, only which commands were answered before another was
//! asked. Those sets only grow while a schedule goes on, so they are ordered by
//! inclusion, and their sizes are times that mean the same.

use knossos::{Limits, Model, Operation, Verdict};
use stateright::semantics::{ConsistencyTester, LinearizabilityTester, SequentialSpec};

use super::asked::Asked;
use super::automaton::Automaton;
use super::broken::Broken;
use super::step::OutputId;
use crate::system::{CommandOf, OutputOf, System};

/// What became of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// Both say that it is linearizable.
    Linearizable,
    /// Both say that it is not.
    NotLinearizable,
    /// They differ: one of them is wrong.
    Disputed,
    /// It would take too long to say.
    Undecided,
    /// Code under test panicked over it, or does not return.
    Broken(Broken),
}

/// How many steps a judgement may take. What clients did in a whole run before the search
/// began can be hard to judge, and is judged in many states.
const STEPS_MAX: u64 = 200_000;

impl Asked {
    /// The moment when it was asked.
    fn call(self) -> u64 {
        2 * u64::from(self.after.count_ones()) + 1
    }

    /// The moment when it was answered: before the first that came after it was asked.
    fn ret(self, all: &[Self]) -> u64 {
        let later = all
            .iter()
            .filter(|other| other.after & (1 << self.operation) != 0);
        let first = later.map(|other| other.call() - 1).min();
        first.unwrap_or(2 * all.len() as u64 + 2)
    }
}

/// Judges a history.
pub(super) fn judge<S: System>(automaton: &Automaton<S>, history: &[Asked]) -> Judged {
    let Some(by_house) = by_house(automaton, history) else {
        return Judged::Undecided;
    };
    // The other judge tries every order, too many for what a whole run left, and knows no
    // clients that ask more than one thing at a time.
    let follows_a_run = automaton.setting.from.is_some();
    if !follows_a_run && by_stateright(automaton, history) != by_house {
        return Judged::Disputed;
    }
    match by_house {
        true => Judged::Linearizable,
        false => Judged::NotLinearizable,
    }
}

fn by_house<S: System>(automaton: &Automaton<S>, history: &[Asked]) -> Option<bool> {
    // What went before the search was over before it.
    let began = automaton.setting.now().as_nanos() + 1;
    let asked = history.iter().map(|asked| {
        let operation = &automaton.setting.operations[usize::from(asked.operation)];
        let (client, command) = (operation.id.client, operation.command.clone());
        let call = operation.called.unwrap_or(began + asked.call());
        match asked.output {
            None => Operation::unknown(client, command, call),
            Some(output) => {
                let output = automaton.outputs[output as usize].clone();
                let ret = began + asked.ret(history);
                Operation::completed(client, command, output, call, ret)
            }
        }
    });
    let earlier = automaton.setting.earlier.iter().cloned();
    let operations: Vec<_> = earlier.chain(asked).collect();
    let limits = Limits {
        steps: Some(STEPS_MAX),
        ..Limits::none()
    };
    // Unexplained: to describe what was asked may panic, and only the verdict is wanted.
    let model = S::model();
    let decision = knossos::decide(&model, &operations, None, &limits);
    match decision.unexplained().verdict {
        Verdict::Consistent => Some(true),
        Verdict::Violation(_) => Some(false),
        Verdict::Unknown { .. } => None,
    }
}

fn by_stateright<S: System>(automaton: &Automaton<S>, history: &[Asked]) -> bool {
    let mut moments: Vec<(u64, bool, Asked)> = Vec::new();
    for asked in history {
        moments.push((asked.call(), false, *asked));
        if asked.output.is_some() {
            moments.push((asked.ret(history), true, *asked));
        }
    }
    moments.sort_unstable();
    let mut tester = LinearizabilityTester::new(Specification::<S> {
        automaton,
        state: S::model().initial(),
    });
    for (_, is_return, asked) in moments {
        let client = automaton.setting.operations[usize::from(asked.operation)]
            .id
            .client;
        let noted = if is_return {
            tester.on_return(client, asked.output).map(drop)
        } else {
            tester.on_invoke(client, asked.operation).map(drop)
        };
        noted.expect("a client asks one thing after the other");
    }
    tester.is_consistent()
}

/// A model of the house, as stateright wants it.
struct Specification<'a, S: System> {
    automaton: &'a Automaton<S>,
    state: <S::Model as Model>::State,
}

impl<S: System> Clone for Specification<'_, S> {
    fn clone(&self) -> Self {
        Self {
            automaton: self.automaton,
            state: self.state.clone(),
        }
    }
}

impl<S: System> Specification<'_, S> {
    fn take(&mut self, operation: u8, output: Option<OutputId>) -> bool {
        let command: &CommandOf<S> =
            &self.automaton.setting.operations[usize::from(operation)].command;
        let output: Option<&OutputOf<S>> = output.map(|id| &self.automaton.outputs[id as usize]);
        let next = S::model().step(&self.state, command, output);
        next.map(|next| self.state = next).is_some()
    }
}

impl<S: System> SequentialSpec for Specification<'_, S> {
    type Op = u8;
    type Ret = Option<OutputId>;

    /// Only commands of which nobody knows the answer are invoked.
    fn invoke(&mut self, operation: &u8) -> Option<OutputId> {
        self.take(*operation, None);
        None
    }

    fn is_valid_step(&mut self, operation: &u8, output: &Option<OutputId>) -> bool {
        self.take(*operation, *output)
    }
}

/// A command in words, with its answer if it has one.
pub(super) fn describe<S: System>(
    automaton: &Automaton<S>,
    operation: u8,
    output: Option<OutputId>,
) -> String {
    let operation = &automaton.setting.operations[usize::from(operation)];
    let output = output.map(|id| &automaton.outputs[id as usize]);
    S::model().describe(&operation.command, output)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMANDS: u8 = 3;

    /// Takes every order of calls and returns that goes on from `events`: the
    /// command's number once for its call, once more for its return.
    fn schedules(events: &mut Vec<u8>, judge: &mut impl FnMut(&[u8])) {
        judge(events);
        for command in 0..COMMANDS {
            if events.iter().filter(|event| **event == command).count() < 2 {
                events.push(command);
                schedules(events, judge);
                events.pop();
            }
        }
    }

    fn history(events: &[u8]) -> Vec<Asked> {
        let mut history: Vec<Asked> = Vec::new();
        let mut answered = 0;
        for event in events {
            match history.iter_mut().find(|asked| asked.operation == *event) {
                Some(asked) => {
                    asked.output = Some(0);
                    answered |= 1 << event;
                }
                None => history.push(Asked {
                    operation: *event,
                    after: answered,
                    output: None,
                }),
            }
        }
        history
    }

    #[test]
    fn times_tell_of_any_two_commands_which_was_over_before_the_other() {
        let mut seen = 0;
        schedules(&mut Vec::new(), &mut |events| {
            let history = history(events);
            for (one, other) in history.iter().flat_map(|one| {
                let others = history.iter().filter(move |other| *other != one);
                others.map(move |other| (*one, *other))
            }) {
                let place = |operation| events.iter().position(|event| *event == operation);
                let end = |operation| events.iter().rposition(|event| *event == operation);
                let precedes = one.output.is_some() && end(one.operation) < place(other.operation);
                let told = one.output.is_some() && one.ret(&history) < other.call();
                assert_eq!(precedes, told, "{events:?}: {one:?} {other:?}");
                seen += 1;
            }
            let in_order = |asked: &Asked| asked.call() < asked.ret(&history);
            assert!(history.iter().all(in_order), "{events:?}");
        });
        assert!(seen > 500, "{seen}");
    }
}
