//! Small histories of each model, of requests and answers that go together or not, and the
//! beginnings that they can tell apart.

use std::collections::BTreeSet;
use std::fmt::Debug;

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};

use super::cases;
use crate::models::any::{Kind, Object};
use crate::models::{
    bank, cas_register, counter, mutex, queue, register, set, stack, versioned_register,
};
use crate::{Model, Operation, OperationOf, Text};

/// How many elements a queue or a stack holds at first, at most: what four operations take out one
/// by one, and a fifth drains.
const ELEMENTS: usize = 6;

/// A request with an answer.
type Asked<M> = (<M as Model>::Input, <M as Model>::Output);

/// A model, and what is asked of it.
pub(crate) struct Small<M: Model> {
    pub(crate) model: M,
    asked: Vec<Asked<M>>,
    /// All that histories of five operations can tell apart.
    pub(crate) beginnings: Vec<M::State>,
    /// Whether what happened tells how it began, as far as the check has to know it.
    pub(crate) is_told: IsTold<M>,
}

/// Says something of a history.
type IsTold<M> = Box<dyn Fn(&[OperationOf<M>]) -> bool>;

impl<M> Small<M>
where
    M: Model<Input: Clone + Debug + 'static, Output: Clone + Debug + 'static>,
{
    fn new(
        model: M,
        asked: Vec<Asked<M>>,
        beginnings: impl IntoIterator<Item = M::State>,
    ) -> Small<M> {
        Small {
            model,
            asked,
            beginnings: beginnings.into_iter().collect(),
            is_told: Box::new(|_| true),
        }
    }

    /// Holds something of so many histories, of so many operations each at most.
    ///
    /// # Panics
    ///
    /// When it does not hold of one of them.
    pub(crate) fn holds(
        &self,
        count: u32,
        operations: usize,
        of: impl Fn(&[OperationOf<M>]) -> Result<(), TestCaseError>,
    ) {
        let drawn = self.histories(operations);
        let checked = TestRunner::new(cases(count)).run(&drawn, |history| of(&history));
        checked.unwrap_or_else(|failure| panic!("{failure}"));
    }

    /// Histories of these requests, each answered so, or not at all.
    fn histories(&self, most: usize) -> impl Strategy<Value = Vec<OperationOf<M>>> + use<M> {
        let asked = prop::sample::select(self.asked.clone());
        let operation = (asked, 0..14_u64, 0..5_u64, 0..8_u8);
        prop::collection::vec(operation, 1..=most).prop_map(|drawn| {
            let operations = (0..).zip(drawn);
            let operations =
                operations.map(
                    |(client, ((input, output), call, length, luck))| match luck {
                        0 => Operation::unknown(client, input, call),
                        _ => Operation::completed(client, input, output, call, call + length),
                    },
                );
            operations.collect()
        })
    }
}

impl<M: Kind> Small<M> {
    /// The same as an object whose kind is chosen while the program runs, so that what is tested
    /// is compiled once for all of them.
    pub(crate) fn of_any_kind(self) -> Small<Object> {
        let asked = self.asked.into_iter();
        let asked = asked.map(|(input, output)| (M::any_input(input), M::any_output(output)));
        let is_told = self.is_told;
        Small {
            model: self.model.object(),
            asked: asked.collect(),
            beginnings: self.beginnings.into_iter().map(M::any_state).collect(),
            is_told: Box::new(move |history| is_told(&M::own(&history.iter().collect::<Vec<_>>()))),
        }
    }
}

/// Does the same with every model but the counter, which is another one if nobody knows what it
/// began with.
macro_rules! for_every_small {
    ($function:ident) => {{
        use crate::drawn::small;
        $function(&small::register().of_any_kind());
        $function(&small::cas_register().of_any_kind());
        $function(&small::versioned_register().of_any_kind());
        $function(&small::mutex().of_any_kind());
        $function(&small::queue().of_any_kind());
        $function(&small::stack().of_any_kind());
        $function(&small::set().of_any_kind());
        $function(&small::set_without_reads().of_any_kind());
        $function(&small::bank().of_any_kind());
    }};
}
pub(crate) use for_every_small;

fn texts() -> [Text; 2] {
    ["a".into(), "b".into()]
}

fn contents() -> [Option<Text>; 3] {
    [None, Some("a".into()), Some("b".into())]
}

fn contents_at_first() -> [Option<Text>; 5] {
    let contents = [None, Some("a"), Some("b"), Some("c"), Some("neither")];
    contents.map(|content| content.map(Text::from))
}

/// All sequences of so many elements at most.
fn sequences() -> Vec<Vec<Text>> {
    let mut all = vec![Vec::new()];
    let mut longest = all.clone();
    for _ in 0..ELEMENTS {
        let longer = longest.iter().flat_map(|sequence: &Vec<Text>| {
            let longer = |text| sequence.iter().cloned().chain([text]).collect();
            texts().map(longer)
        });
        longest = longer.collect();
        all.extend(longest.iter().cloned());
    }
    all
}

fn sets() -> [BTreeSet<Text>; 4] {
    let sets = [vec![], vec!["a"], vec!["b"], vec!["a", "b"]];
    sets.map(|elements| elements.into_iter().map(Text::from).collect())
}

pub(crate) fn register() -> Small<register::Register> {
    Small::new(register::Register, of_register(), contents_at_first())
}

fn of_register() -> Vec<Asked<register::Register>> {
    use register::{Input, Output};
    let reads = contents().map(|seen| (Input::Read, Output::Value(seen)));
    let writes = texts().map(|text| (Input::Write(text), Output::Done));
    let others = [(Input::Clear, Output::Done), (Input::Read, Output::Done)];
    reads.into_iter().chain(writes).chain(others).collect()
}

pub(crate) fn cas_register() -> Small<cas_register::CasRegister> {
    let asked = of_cas_register();
    Small::new(cas_register::CasRegister, asked, contents_at_first())
}

fn of_cas_register() -> Vec<Asked<cas_register::CasRegister>> {
    use cas_register::{Input, Output};
    let mut asked: Vec<_> = contents()
        .map(|seen| (Input::Read, Output::Value(seen)))
        .into();
    asked.extend(texts().map(|text| (Input::Write(text), Output::Done)));
    for old in contents() {
        for new in texts() {
            for swapped in [true, false] {
                let (old, new) = (old.clone(), Some(new.clone()));
                asked.push((Input::Cas { old, new }, Output::Swapped(swapped)));
            }
        }
    }
    asked
}

pub(crate) fn versioned_register() -> Small<versioned_register::VersionedRegister> {
    let values = [None, Some("a".into()), Some("b".into()), Some("c".into())];
    let of_version = |version| {
        let values = values.iter().cloned();
        values.map(move |value| versioned_register::State { version, value })
    };
    let asked = of_versioned_register();
    let beginnings: Vec<_> = (0..=3).flat_map(of_version).collect();
    Small::new(versioned_register::VersionedRegister, asked, beginnings)
}

fn of_versioned_register() -> Vec<Asked<versioned_register::VersionedRegister>> {
    use versioned_register::{Input, Output};
    let mut asked = Vec::new();
    for version in [None, Some(0), Some(1), Some(2), Some(3)] {
        let left = || Output {
            version,
            value: None,
        };
        for value in contents() {
            let seen = Output {
                version,
                value: Some(value.clone()),
            };
            asked.push((Input::Read, seen));
            asked.push((Input::Write(value.clone()), left()));
            let (old, new) = (value, Some("b".into()));
            asked.push((Input::Cas { old, new }, left()));
        }
    }
    asked
}

pub(crate) fn mutex() -> Small<mutex::Mutex> {
    let beginnings = [mutex::State::Free, mutex::State::Held];
    Small::new(mutex::Mutex, of_mutex(), beginnings)
}

fn of_mutex() -> Vec<Asked<mutex::Mutex>> {
    vec![(mutex::Input::Acquire, ()), (mutex::Input::Release, ())]
}

pub(crate) fn counter() -> Small<counter::Counter> {
    Small::new(counter::Counter::default(), of_counter(), [])
}

pub(crate) fn counter_from_anything() -> Small<counter::Counter> {
    let beginnings = (-10..=15).map(counter::State::Is);
    Small::new(
        counter::Counter::beginning_anywhere(),
        of_counter(),
        beginnings,
    )
}

fn of_counter() -> Vec<Asked<counter::Counter>> {
    use counter::{Input, Output};
    let adds = [1, 2, -1].map(|more| (Input::Add(more), Output::Done));
    let reads = [0, 1, 2, 3].map(|seen| (Input::Read, Output::Count(seen)));
    adds.into_iter().chain(reads).collect()
}

pub(crate) fn queue() -> Small<queue::Queue> {
    let beginnings = sequences().into_iter().map(Into::into);
    Small::new(queue::Queue, of_queue(), beginnings)
}

fn of_queue() -> Vec<Asked<queue::Queue>> {
    use queue::{Input, Output};
    let puts = texts().map(|text| (Input::Enqueue(text), Output::Done));
    let takes = contents().map(|seen| (Input::Dequeue, Output::Value(seen)));
    let drains = [vec![], vec!["a".into()], vec!["b".into(), "a".into()]];
    let drains = drains.map(|seen| (Input::Drain, Output::Drained(seen)));
    puts.into_iter().chain(takes).chain(drains).collect()
}

pub(crate) fn stack() -> Small<stack::Stack> {
    Small::new(stack::Stack, of_stack(), sequences())
}

fn of_stack() -> Vec<Asked<stack::Stack>> {
    use stack::{Input, Output};
    let puts = texts().map(|text| (Input::Push(text), Output::Done));
    let takes = contents().map(|seen| (Input::Pop, Output::Value(seen)));
    puts.into_iter().chain(takes).collect()
}

pub(crate) fn set_without_reads() -> Small<set::Set> {
    Small::new(set::Set, of_set_without_reads(), sets())
}

fn of_set_without_reads() -> Vec<Asked<set::Set>> {
    use set::{Input, Output};
    let mut asked = Vec::new();
    for text in texts() {
        for output in [Output::Was(true), Output::Was(false)] {
            asked.push((Input::Add(text.clone()), output.clone()));
            asked.push((Input::Remove(text.clone()), output.clone()));
            asked.push((Input::Contains(text.clone()), output));
        }
        asked.push((Input::Add(text.clone()), Output::Done));
        asked.push((Input::Remove(text), Output::Done));
    }
    asked
}

pub(crate) fn set() -> Small<set::Set> {
    Small::new(set::Set, of_set(), sets())
}

fn of_set() -> Vec<Asked<set::Set>> {
    use set::{Input, Output};
    let mut asked = of_set_without_reads();
    for seen in [vec![], vec!["a"], vec!["b"], vec!["a", "b"]] {
        let seen = seen.into_iter().map(Text::from).collect();
        asked.push((Input::Read, Output::Elements(seen)));
    }
    asked
}

pub(crate) fn bank() -> Small<bank::Bank> {
    let model = bank::Bank::new([("a", 1), ("b", 1)]);
    let balances = (0..=7).flat_map(|one| (0..=7).map(move |other| (one, other)));
    let balances = balances.map(|(one, other)| [("a".into(), one), ("b".into(), other)].into());
    Small {
        is_told: Box::new(|history| {
            let mut all = history.iter();
            all.any(|operation| matches!(operation.output, Some(bank::Output::Balances(_))))
        }),
        ..Small::new(model, of_bank(), balances)
    }
}

fn of_bank() -> Vec<Asked<bank::Bank>> {
    use bank::{Input, Output};
    let mut asked = Vec::new();
    for (from, to) in [("a", "b"), ("b", "a")] {
        for moved in [true, false] {
            let (from, to, amount) = (from.into(), to.into(), 1);
            asked.push((Input::Transfer { from, to, amount }, Output::Moved(moved)));
        }
        for held in [Some(0), Some(1), Some(2)] {
            asked.push((Input::Balance(from.into()), Output::Holds(held)));
        }
    }
    for held in 0..3 {
        let seen = [("a".into(), held), ("b".into(), 2 - held)];
        asked.push((Input::Read, Output::Balances(seen.into())));
    }
    asked
}
