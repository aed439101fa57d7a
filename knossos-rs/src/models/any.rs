//! An object whose kind is chosen while the program runs.
//!
//! Whoever knows the kind of an object when the program is compiled uses its own model, which is
//! checked faster. Here all kinds have one type, so a program that offers them all holds the
//! checker once, and not once for each.

use super::bank::Bank;
#[cfg(test)]
use super::cas_register::CasRegister;
use super::counter::Counter;
#[cfg(test)]
use super::kv::KeyValue;
use super::mutex::Mutex;
use super::nondeterministic::Nondeterministic;
use super::queue::Queue;
#[cfg(test)]
use super::register::Register;
use super::set::Set;
use super::stack::Stack;
use super::versioned_register::VersionedRegister;
use crate::beginning::anywhere::{AnyQueue, AnyStack, AnyVersionedRegister};
use crate::history::Operation;
use crate::model::{Footprint, Model, Moments, OperationOf, Plain, Queued};

/// The operations, results and states of a history belong to one kind of object.
#[cold]
fn of_another_kind() -> ! {
    panic!("an operation on an object of another kind")
}

macro_rules! objects {
    (
        $($(#[$when:meta])* $kind:ident: $model:ty,)+;
        $($begun:ident: $from_anything:ty as $as:ident,)+
    ) => {
        /// An object of one of these kinds. All operations of a history are of its kind.
        ///
        /// ```
        /// use knossos::models::any::{Input, Object};
        /// use knossos::models::mutex::{self, Mutex};
        /// use knossos::{Limits, Operation, Verdict, check};
        ///
        /// let acquire = || Operation::unknown(1, Input::Mutex(mutex::Input::Acquire), 0);
        /// let history = [acquire(), acquire()];
        /// let report = check(&Object::Mutex(Mutex), &history, None, &Limits::none());
        /// assert_eq!(report.verdict, Verdict::Consistent);
        /// ```
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum Object {
            $(
                $(#[$when])*
                #[doc = concat!("A [`", stringify!($model), "`].")]
                $kind($model),
            )+
            $(
                #[doc = concat!("A [`", stringify!($as), "`] that began with nobody knows what.")]
                $begun($from_anything),
            )+
        }

        /// An operation on an object.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Input {
            $(
                $(#[$when])*
                #[doc = concat!("On a [`", stringify!($model), "`].")]
                $kind(<$model as Model>::Input),
            )+
        }

        /// What an operation answered.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Output {
            $(
                $(#[$when])*
                #[doc = concat!("Of a [`", stringify!($model), "`].")]
                $kind(<$model as Model>::Output),
            )+
        }

        /// What an object holds.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum State {
            $(
                $(#[$when])*
                #[doc = concat!("A [`", stringify!($model), "`].")]
                $kind(<$model as Model>::State),
            )+
            $(
                #[doc = concat!("A [`", stringify!($as), "`] that began with nobody knows what.")]
                $begun(<$from_anything as Model>::State),
            )+
        }

        $(
            $(#[$when])*
            kind!($kind as $kind: $model);
        )+
        $(kind!($begun as $as: $from_anything);)+

        /// Does the same with an object of whatever kind.
        macro_rules! with {
            ($object:expr, $name:ident => $what:expr) => {
                match $object {
                    $($(#[$when])* Object::$kind($name) => $what,)+
                    $(Object::$begun($name) => $what,)+
                }
            };
        }

        /// Does the same with an object of whatever kind, of which it is known how it began.
        macro_rules! with_known {
            ($object:expr, $name:ident => $what:expr) => {
                match $object {
                    $($(#[$when])* Object::$kind($name) => $what,)+
                    $(Object::$begun(_) => unreachable!("it is made for a check, and checked"),)+
                }
            };
        }
        pub(crate) use with_known;
    };
}

macro_rules! kind {
    ($state:ident as $kind:ident: $model:ty) => {
        impl Kind for $model {
            fn input(input: &Input) -> &Self::Input {
                match input {
                    Input::$kind(input) => input,
                    _ => of_another_kind(),
                }
            }

            fn output(output: &Output) -> &Self::Output {
                match output {
                    Output::$kind(output) => output,
                    _ => of_another_kind(),
                }
            }

            fn state(state: &State) -> &Self::State {
                match state {
                    State::$state(state) => state,
                    _ => of_another_kind(),
                }
            }

            fn any_input(input: Self::Input) -> Input {
                Input::$kind(input)
            }

            fn any_output(output: Self::Output) -> Output {
                Output::$kind(output)
            }

            fn any_state(state: Self::State) -> State {
                State::$state(state)
            }

            #[cfg(test)]
            fn object(self) -> Object {
                Object::$state(self)
            }
        }
    };
}

objects! {
    VersionedRegister: VersionedRegister,
    Mutex: Mutex,
    Queue: Queue,
    Stack: Stack,
    Set: Set,
    Counter: Counter,
    Bank: Bank,
    // These have models that are checked faster. In tests they are objects like others, so that
    // what is tested is compiled once for all of them.
    #[cfg(test)]
    Register: Register,
    #[cfg(test)]
    CasRegister: CasRegister,
    #[cfg(test)]
    KeyValue: KeyValue,
    ;
    AnyVersionedRegister: Nondeterministic<AnyVersionedRegister> as VersionedRegister,
    AnyQueue: Nondeterministic<AnyQueue> as Queue,
    AnyStack: AnyStack as Stack,
}

/// One kind of object, and its operations, results and states among those of all kinds.
pub(crate) trait Kind:
    Model<Input: Clone + 'static, Output: Clone + 'static, State: 'static>
{
    fn input(input: &Input) -> &Self::Input;
    fn output(output: &Output) -> &Self::Output;
    fn state(state: &State) -> &Self::State;
    fn any_input(input: Self::Input) -> Input;
    fn any_output(output: Self::Output) -> Output;
    fn any_state(state: Self::State) -> State;

    /// The object of this kind.
    #[cfg(test)]
    fn object(self) -> Object;

    /// Operations of this kind, as those of its object.
    #[cfg(test)]
    fn any_history(history: &[OperationOf<Self>]) -> Vec<OperationOf<Object>> {
        let any = history.iter().map(|operation| Operation {
            client: operation.client,
            input: Self::any_input(operation.input.clone()),
            output: operation.output.clone().map(Self::any_output),
            call: operation.call,
            ret: operation.ret,
        });
        any.collect()
    }

    /// Operations of this kind, as those of its own model.
    fn own(history: &[&OperationOf<Object>]) -> Vec<OperationOf<Self>> {
        let own = history.iter().map(|operation| Operation {
            client: operation.client,
            input: Self::input(&operation.input).clone(),
            output: operation
                .output
                .as_ref()
                .map(|output| Self::output(output).clone()),
            call: operation.call,
            ret: operation.ret,
        });
        own.collect()
    }

    /// What an operation needs and leaves, among the states of all kinds.
    fn any_footprint(footprint: Footprint<Self::State>) -> Footprint<State> {
        footprint.map(Self::any_state)
    }
}

fn step<K: Kind>(kind: &K, state: &State, input: &Input, output: Option<&Output>) -> Option<State> {
    let next = kind.step(K::state(state), K::input(input), output.map(K::output))?;
    Some(K::any_state(next))
}

fn describe<K: Kind>(kind: &K, input: &Input, output: Option<&Output>) -> String {
    kind.describe(K::input(input), output.map(K::output))
}

fn footprint<K: Kind>(kind: &K, input: &Input, output: Option<&Output>) -> Footprint<State> {
    K::any_footprint(kind.footprint(K::input(input), output.map(K::output)))
}

fn plain<'a, K: Kind>(kind: &K, input: &'a Input, output: Option<&'a Output>) -> Option<Plain<'a>> {
    kind.plain(K::input(input), output.map(K::output))
}

fn queued<'a, K: Kind>(
    kind: &K,
    input: &'a Input,
    output: Option<&'a Output>,
) -> Option<Queued<'a>> {
    kind.queued(K::input(input), output.map(K::output))
}

fn partition<'a, K: Kind>(kind: &K, input: &'a Input) -> Option<&'a str> {
    kind.partition(K::input(input))
}

fn plain_state<'a, K: Kind>(kind: &K, state: &'a State) -> Option<Option<&'a str>> {
    kind.plain_state(K::state(state))
}

fn can_become<K: Kind>(kind: &K, state: &State, later: &State) -> bool {
    kind.can_become(K::state(state), K::state(later))
}

fn state_bytes<K: Kind>(kind: &K, state: &State) -> usize {
    kind.state_bytes(K::state(state))
}

fn initial<K: Kind>(kind: &K) -> State {
    K::any_state(kind.initial())
}

fn initial_of<K: Kind>(kind: &K, input: &Input) -> State {
    K::any_state(kind.initial_of(K::input(input)))
}

impl Model for Object {
    type Input = Input;
    type Output = Output;
    type State = State;

    fn initial(&self) -> State {
        with!(self, kind => initial(kind))
    }

    fn initial_of(&self, input: &Input) -> State {
        with!(self, kind => initial_of(kind, input))
    }

    fn step(&self, state: &State, input: &Input, output: Option<&Output>) -> Option<State> {
        with!(self, kind => step(kind, state, input, output))
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        with!(self, kind => describe(kind, input, output))
    }

    fn moments(&self) -> Moments {
        with!(self, kind => kind.moments())
    }

    fn partition<'a>(&self, input: &'a Input) -> Option<&'a str> {
        with!(self, kind => partition(kind, input))
    }

    fn footprint(&self, input: &Input, output: Option<&Output>) -> Footprint<State> {
        with!(self, kind => footprint(kind, input, output))
    }

    fn plain<'a>(&self, input: &'a Input, output: Option<&'a Output>) -> Option<Plain<'a>> {
        with!(self, kind => plain(kind, input, output))
    }

    fn plain_state<'a>(&self, state: &'a State) -> Option<Option<&'a str>> {
        with!(self, kind => plain_state(kind, state))
    }

    fn queued<'a>(&self, input: &'a Input, output: Option<&'a Output>) -> Option<Queued<'a>> {
        with!(self, kind => queued(kind, input, output))
    }

    fn can_become(&self, state: &State, later: &State) -> bool {
        with!(self, kind => can_become(kind, state, later))
    }

    fn state_bytes(&self, state: &State) -> usize {
        with!(self, kind => state_bytes(kind, state))
    }
}
