//! Models: sequential specifications.
//!
//! A model says what state everything starts in and what one operation does to a state. Two
//! methods suffice; the others make the search faster or its words better, and none of them
//! changes a verdict as long as it tells the truth.

use std::hash::Hash;

use crate::history::Operation;

/// An operation in the words of a model.
pub type OperationOf<M> = Operation<<M as Model>::Input, <M as Model>::Output>;

/// A sequential specification.
///
/// A counter, in full:
///
/// ```
/// use knossos::{Limits, Model, Operation, Verdict, check};
///
/// struct Counter;
///
/// impl Model for Counter {
///     type Input = ();   // add one,
///     type Output = u64; // and tell the new count
///     type State = u64;
///
///     fn initial(&self) -> u64 {
///         0
///     }
///
///     fn step(&self, state: &u64, _: &(), output: Option<&u64>) -> Option<u64> {
///         let next = state + 1;
///         output.is_none_or(|seen| *seen == next).then_some(next)
///     }
///
///     fn describe(&self, _: &(), output: Option<&u64>) -> String {
///         format!("add = {output:?}")
///     }
/// }
///
/// let twice_one =
///     [Operation::completed(0, (), 1, 0, 10), Operation::completed(1, (), 1, 5, 15)];
/// let report = check(&Counter, &twice_one, None, &Limits::none());
/// assert!(matches!(report.verdict, Verdict::Violation(_)));
/// ```
pub trait Model {
    /// What a client asks.
    type Input: PartialEq;
    /// What a client is told.
    type Output: PartialEq;
    /// What the object holds between operations.
    type State: Clone + Eq + Hash;

    /// The state before any operation.
    fn initial(&self) -> Self::State;

    /// The state in which the part that this operation touches begins: [`Model::initial`], unless
    /// parts begin differently. It is the same for all operations of one part, and for all
    /// operations if one of them touches everything.
    fn initial_of(&self, input: &Self::Input) -> Self::State {
        let _ = input;
        self.initial()
    }

    /// The state after the operation took effect in `state`, or `None` if `output` is
    /// impossible there. Without an output, anything may have been answered.
    fn step(
        &self,
        state: &Self::State,
        input: &Self::Input,
        output: Option<&Self::Output>,
    ) -> Option<Self::State>;

    /// One operation in words, for people: `get "a" = "7"`.
    fn describe(&self, input: &Self::Input, output: Option<&Self::Output>) -> String;

    /// How explanations write the moments of a history: by default as it gives them.
    fn moments(&self) -> Moments {
        Moments::default()
    }

    /// The part of the object that the operation touches; operations of distinct parts are
    /// independent, each part starts in [`Model::initial_of`], and each is checked alone
    /// (linearizability is local: Herlihy and Wing 1990, section 3.2).
    ///
    /// `None`, the default, touches everything: if any operation says so, the whole history is
    /// checked as one part.
    fn partition<'input>(&self, input: &'input Self::Input) -> Option<&'input str> {
        let _ = input;
        None
    }

    /// What the operation needs and leaves, as far as that is the same in every state. See
    /// [`Footprint`] for what each answer promises; the default promises nothing.
    fn footprint(
        &self,
        input: &Self::Input,
        output: Option<&Self::Output>,
    ) -> Footprint<Self::State> {
        let _ = (input, output);
        Footprint {
            needs: None,
            leaves: Leaves::Anything,
        }
    }

    /// The operation in plain words, if all that it does is to read or to write a text. What is
    /// told so is decided without copying a state; the default tells nothing and is always true.
    /// See [`Plain`] for what each answer promises.
    fn plain<'a>(
        &self,
        input: &'a Self::Input,
        output: Option<&'a Self::Output>,
    ) -> Option<Plain<'a>> {
        let _ = (input, output);
        None
    }

    /// The state in the words of [`Plain::Read`], if what is plain reads and writes it: the text
    /// that the object holds, or that it holds nothing. The default tells nothing.
    fn plain_state<'a>(&self, state: &'a Self::State) -> Option<Option<&'a str>> {
        let _ = state;
        None
    }

    /// The operation in the words of a queue, if that is what the object is. What is told so of
    /// values that are put in once is decided without a search; the default tells nothing and is
    /// always true. See [`Queued`] for what each answer promises.
    fn queued<'a>(
        &self,
        input: &'a Self::Input,
        output: Option<&'a Self::Output>,
    ) -> Option<Queued<'a>> {
        let _ = (input, output);
        None
    }

    /// Whether operations that leave [`Leaves::Anything`] could ever turn `state` into `later`.
    /// `true`, the default, is always safe; `false` is a promise that they cannot, such as for
    /// a text that is only appended to and is no beginning of the later one.
    fn can_become(&self, state: &Self::State, later: &Self::State) -> bool {
        let _ = (state, later);
        true
    }

    /// About how many bytes one state takes, for [`crate::Limits::memory_bytes`].
    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of_val(state)
    }
}

/// How the moments of a history are written.
///
/// ```
/// use knossos::Moments;
///
/// assert_eq!(Moments::Nanoseconds.span(40, Some(50)), "from 40 to 50 ns");
/// assert_eq!(Moments::Seconds.span(355_157_277, None), "from 0.355157s on");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Moments {
    /// As they are: whole nanoseconds, as `40 ns`.
    #[default]
    Nanoseconds,
    /// In seconds, down to whole microseconds, as `0.355157s`.
    Seconds,
}

impl Moments {
    /// One moment.
    pub fn at(self, nanos: u64) -> String {
        let text = self.number(nanos);
        match self {
            Self::Nanoseconds => text + " ns",
            Self::Seconds => text,
        }
    }

    /// From the call of an operation to its return, if it had one.
    pub fn span(self, call: u64, ret: Option<u64>) -> String {
        match ret {
            Some(ret) => format!("from {} to {}", self.number(call), self.at(ret)),
            None => format!("from {} on", self.at(call)),
        }
    }

    /// A moment without the unit that is written once behind all of them.
    fn number(self, nanos: u64) -> String {
        match self {
            Self::Nanoseconds => nanos.to_string(),
            Self::Seconds => {
                let (seconds, micros) = (nanos / 1_000_000_000, nanos / 1_000 % 1_000_000);
                format!("{seconds}.{micros:06}s")
            }
        }
    }
}

/// An operation on an object that holds a text, or nothing, as it does in the beginning.
///
/// As with [`Footprint`], an untrue answer can make the verdict wrong.
///
/// ```
/// use knossos::models::register::{Input, Output, Register};
/// use knossos::{Model, Plain};
///
/// let seen = Output::Value(Some("a".into()));
/// assert_eq!(Register.plain(&Input::Read, Some(&seen)), Some(Plain::Read(Some("a"))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain<'a> {
    /// Possible if the object holds this text, or nothing, and only then; changes nothing.
    Read(Option<&'a str>),
    /// Possible always; the object then holds this text.
    Write(&'a str),
    /// Possible always; changes nothing.
    Nothing,
}

/// An operation on a queue of texts: first in, first out, empty in the beginning.
///
/// As with [`Footprint`], an untrue answer can make the verdict wrong.
///
/// ```
/// use knossos::models::queue::{Input, Queue};
/// use knossos::{Model, Queued};
///
/// assert_eq!(Queue.queued(&Input::Enqueue("a".into()), None), Some(Queued::Put("a")));
/// assert_eq!(Queue.queued(&Input::Dequeue, None), Some(Queued::TookAnything));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Queued<'a> {
    /// Possible always; this text is then the last one.
    Put(&'a str),
    /// Possible if this text is the first one, and only then; it is then gone.
    Took(&'a str),
    /// Possible if there is no text, and only then; changes nothing.
    FoundNothing,
    /// Possible always; the first text, if there is one, is then gone.
    TookAnything,
}

/// What an operation with a given output needs and leaves, whatever the state.
///
/// The search uses it to take operations without trying all orders, and to give up early where
/// a needed state can never come back. An untrue footprint can make the verdict wrong; the
/// default of [`Model::footprint`] is always true.
///
/// ```
/// use knossos::models::register::{Input, Output, Register};
/// use knossos::{Footprint, Leaves, Model};
///
/// let seen = Output::Value(Some("a".into()));
/// assert_eq!(
///     Register.footprint(&Input::Read, Some(&seen)),
///     Footprint { needs: Some(Some("a".into())), leaves: Leaves::Same },
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footprint<S> {
    /// `Some(state)`: possible in that state, and in no other. `None` promises nothing, except
    /// together with [`Leaves::Always`]: then the operation is possible in every state. With
    /// [`Leaves::Sometimes`], `Some(state)` is instead the only state that it can change.
    pub needs: Option<S>,
    /// What it can leave behind.
    pub leaves: Leaves<S>,
}

impl<S> Footprint<S> {
    /// The same, with other names for the states.
    pub(crate) fn map<T>(self, mut name: impl FnMut(S) -> T) -> Footprint<T> {
        Footprint {
            needs: self.needs.map(&mut name),
            leaves: match self.leaves {
                Leaves::Same => Leaves::Same,
                Leaves::Always(state) => Leaves::Always(name(state)),
                Leaves::Sometimes(state) => Leaves::Sometimes(name(state)),
                Leaves::Anything => Leaves::Anything,
            },
        }
    }
}

/// The states that an operation can leave behind.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Leaves<S> {
    /// The state it found: a read, a compare-and-swap that did not match.
    Same,
    /// This state, wherever it is possible: a write.
    Always(S),
    /// The state it found or this one, depending on what it found: a compare-and-swap of which
    /// nobody knows whether it matched.
    Sometimes(S),
    /// Depends on the state: an append, an increment.
    Anything,
}
