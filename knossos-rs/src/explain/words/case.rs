//! A contradiction, and what the words for it ask of the operations around it.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::entry::Entry;
use crate::explain::contradiction::Contradiction;
use crate::explain::moment::Moment;
use crate::explain::question::Question;
use crate::model::{Leaves, Model};

/// A contradiction and what surrounds it.
pub(super) struct Case<'c, 'a, M: Model> {
    pub(super) question: &'c Question<'a, M>,
    pub(super) part: &'c [Entry],
    pub(super) moment: &'c Moment,
    pub(super) core: &'c [Entry],
    pub(super) initial: M::State,
    /// Of the first operation about which it was asked.
    setters: OnceCell<(usize, Setters)>,
}

/// Who may have set the state that an operation needs.
#[derive(Clone)]
pub(super) struct Setters {
    /// They, in order of the history.
    pub(super) entries: Vec<Entry>,
    /// Something called by the moment may have left any state whatever.
    pub(super) has_wild: bool,
}

impl<'c, 'a, M: Model> Case<'c, 'a, M> {
    pub(super) fn new(
        question: &'c Question<'a, M>,
        part: &'c [Entry],
        moment: &'c Moment,
        contradiction: &'c Contradiction,
    ) -> Self {
        Case {
            question,
            part,
            moment,
            core: &contradiction.core,
            initial: question.initial(part),
            setters: OnceCell::new(),
        }
    }

    /// Where the core has its values from: of what each needs, the last that can have set it.
    pub(super) fn sources(&self) -> Vec<usize> {
        self.core
            .iter()
            .filter_map(|entry| {
                let needed = self.needs(*entry)?;
                let is_set_in_core = self.core.iter().any(|other| self.sets(*other, &needed));
                if is_set_in_core {
                    return None;
                }
                let setters = self.setters(&needed, *entry);
                let latest = |setter: &&Entry| (self.call(**setter), setter.index);
                setters.entries.iter().max_by_key(latest).copied()
            })
            .map(|entry| entry.index)
            .collect()
    }

    /// Who may have set the state by the time `reader`, which needs it, returned, other than it.
    pub(super) fn setters(&self, state: &M::State, reader: Entry) -> Cow<'_, Setters> {
        let look = || (reader.index, self.look_for_setters(state, reader));
        // Patterns and sources ask about the same one, and it takes a look at all operations.
        let (of, setters) = self.setters.get_or_init(look);
        match *of == reader.index {
            true => Cow::Borrowed(setters),
            false => Cow::Owned(self.look_for_setters(state, reader)),
        }
    }

    fn look_for_setters(&self, state: &M::State, reader: Entry) -> Setters {
        let until = reader.ret.unwrap_or(u64::MAX);
        let mut setters = Setters {
            entries: Vec::new(),
            has_wild: false,
        };
        for entry in &self.moment.entries {
            let leaves = self.question.footprint(*entry).leaves;
            setters.has_wild |= leaves == Leaves::Anything;
            let is_other = entry.index != reader.index && self.call(*entry) <= until;
            if is_other && is_left(&leaves, state) {
                setters.entries.push(*entry);
            }
        }
        setters
    }

    /// Whether the operation may leave the state without having found it.
    pub(super) fn sets(&self, entry: Entry, state: &M::State) -> bool {
        is_left(&self.question.footprint(entry).leaves, state)
    }

    /// The state that the operation found and needed.
    pub(super) fn needs(&self, entry: Entry) -> Option<M::State> {
        self.question.footprint(entry).needs
    }

    /// The state that there was for certain when it took effect.
    pub(super) fn shows(&self, entry: Entry) -> Option<M::State> {
        match self.question.footprint(entry).leaves {
            Leaves::Always(left) => Some(left),
            Leaves::Same => self.needs(entry),
            Leaves::Sometimes(_) | Leaves::Anything => None,
        }
    }

    pub(super) fn precedes(&self, first: Entry, second: Entry) -> bool {
        first.ret.is_some_and(|ret| ret < self.call(second))
    }

    pub(super) fn call(&self, entry: Entry) -> u64 {
        self.question.history[entry.index].call
    }

    /// When an operation of the core, which had returned, did.
    pub(super) fn returned(&self, entry: Entry) -> String {
        let moments = self.question.model.moments();
        moments.at(entry.ret.unwrap_or(u64::MAX))
    }

    pub(super) fn name(&self, entry: Entry) -> String {
        self.question.name(entry.index)
    }

    pub(super) fn sentence(&self, entry: Entry) -> String {
        self.question.sentence(entry.index)
    }
}

/// Whether the state may be left without having been found.
fn is_left<S: PartialEq>(leaves: &Leaves<S>, state: &S) -> bool {
    match leaves {
        Leaves::Always(left) | Leaves::Sometimes(left) => left == state,
        Leaves::Same | Leaves::Anything => false,
    }
}
