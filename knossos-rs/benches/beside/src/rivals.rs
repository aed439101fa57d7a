//! The other checkers, asked the same question about the same history.

use std::collections::BTreeMap;

use knossos::models::kv::{Input, KeyValue, Output};
use knossos::{Limits, Model as _, Text};
use porcupine_rs::Operation;
use stateright::semantics::{ConsistencyTester, LinearizabilityTester, SequentialSpec};

use crate::clock;
use crate::generate::KvOperation;

/// Who is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checker {
    Knossos,
    Porcupine,
    Stateright,
}

impl Checker {
    pub(crate) const ALL: [Checker; 3] =
        [Checker::Knossos, Checker::Porcupine, Checker::Stateright];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Checker::Knossos => "knossos-rs",
            Checker::Porcupine => "porcupine-rs",
            Checker::Stateright => "stateright",
        }
    }

    /// Whether the history is linearizable, and how long that took; bringing the history into
    /// the checker's form is not counted.
    pub(crate) fn ask(self, history: &[KvOperation]) -> Answer {
        match self {
            Checker::Knossos => {
                let (decision, ns) =
                    clock::timed(|| knossos::decide(&KeyValue, history, None, &Limits::none()));
                let is_consistent = decision.is_consistent().expect("no limits");
                let explain_ns = (!is_consistent).then(|| clock::timed(|| decision.report()).1);
                Answer {
                    is_consistent,
                    ns,
                    explain_ns,
                }
            }
            Checker::Porcupine => {
                let history = porcupine_history(history);
                Answer::unexplained(clock::timed(|| porcupine_rs::check_operations(&history)))
            }
            Checker::Stateright => {
                let tester = tester(history);
                Answer::unexplained(clock::timed(|| tester.is_consistent()))
            }
        }
    }
}

/// What a checker says of a history, and the nanoseconds that deciding and explaining it took.
pub(crate) struct Answer {
    pub(crate) is_consistent: bool,
    pub(crate) ns: u64,
    /// Of a violation, if the checker explains it.
    pub(crate) explain_ns: Option<u64>,
}

impl Answer {
    fn unexplained((is_consistent, ns): (bool, u64)) -> Answer {
        Answer {
            is_consistent,
            ns,
            explain_ns: None,
        }
    }
}

/// The key-value model in the words of porcupine-rs.
#[derive(Clone, Debug)]
struct Porcupine;

type Step = (Input, Option<Output>);

impl porcupine_rs::Model for Porcupine {
    type State = Option<Text>;
    type Op = Step;
    type Metadata = ();

    fn partition_operations(history: &[Operation<Self>]) -> Vec<Vec<Operation<Self>>> {
        let mut keys: BTreeMap<&Text, Vec<Operation<Self>>> = BTreeMap::new();
        for operation in history {
            keys.entry(&operation.op.0.key)
                .or_default()
                .push(operation.clone());
        }
        keys.into_values().collect()
    }

    fn init() -> Option<Text> {
        None
    }

    fn step(state: &Option<Text>, (input, output): &Step) -> (bool, Option<Text>) {
        match KeyValue.step(state, input, output.as_ref()) {
            Some(after) => (true, after),
            None => (false, None),
        }
    }
}

fn porcupine_history(history: &[KvOperation]) -> Vec<Operation<Porcupine>> {
    history
        .iter()
        .map(|operation| Operation {
            client_id: Some(operation.client as u32),
            call_time: operation.call as i64,
            return_time: operation.ret.map_or(i64::MAX, |ret| ret as i64),
            op: (operation.input.clone(), operation.output.clone()),
            metadata: None,
        })
        .collect()
}

/// All keys in one object, as stateright knows no parts.
#[derive(Clone, Default)]
struct Store(BTreeMap<Text, Text>);

impl SequentialSpec for Store {
    type Op = Input;
    type Ret = Output;

    fn invoke(&mut self, input: &Input) -> Output {
        let before = self.0.get(&input.key).cloned();
        let after = KeyValue
            .step(&before, input, None)
            .expect("possible in every state");
        match after {
            Some(value) => drop(self.0.insert(input.key.clone(), value)),
            None => drop(self.0.remove(&input.key)),
        }
        use knossos::models::kv::Op;
        match &input.op {
            Op::Get => Output::Value(before),
            Op::Cas { old, .. } => Output::Swapped(*old == before),
            _ => Output::Done,
        }
    }

    fn is_valid_step(&mut self, input: &Input, output: &Output) -> bool {
        self.invoke(input) == *output
    }
}

fn tester(history: &[KvOperation]) -> LinearizabilityTester<u64, Store> {
    // Calls before returns at equal times.
    let mut events: Vec<(u64, bool, usize)> = Vec::new();
    for (index, operation) in history.iter().enumerate() {
        events.push((operation.call, false, index));
        events.extend(operation.ret.map(|ret| (ret, true, index)));
    }
    events.sort_unstable();
    let mut tester = LinearizabilityTester::new(Store::default());
    for (_, is_return, index) in events {
        let operation = &history[index];
        let outcome = match (is_return, &operation.output) {
            (true, Some(output)) => tester.on_return(operation.client, output.clone()),
            _ => tester.on_invoke(operation.client, operation.input.clone()),
        };
        outcome.expect("one operation of a client at a time");
    }
    tester
}
