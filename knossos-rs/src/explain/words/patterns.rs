//! The patterns of contradictions that have a name, and a sentence for the rest.

use super::Told;
use super::case::Case;
use crate::anomaly::Anomaly;
use crate::entry::Entry;
use crate::explain::puzzle::{PIECES_MAX, Puzzle, Start};
use crate::model::{Leaves, Model};
use crate::sorting::sort_by_key;

/// What looking for an operation that took effect twice may cost, in steps.
const STEPS_OF_DOUBLE: u64 = 20_000;

/// How many operations are suspected of having taken effect twice.
const DOUBLES_MAX: usize = 32;

impl<M: Model> Case<'_, '_, M> {
    /// The first pattern that fits, in words.
    pub(super) fn tell(&self) -> Told {
        let told = match self.core {
            [only] => self.alone(*only),
            [first, second] => self
                .double_success(*first, *second)
                .or_else(|| self.overwritten(*first, *second))
                .or_else(|| self.lost_effect(*first, *second))
                .or_else(|| self.one_after_the_other(*first, *second)),
            [first, second, third] => self.came_back(*first, *second, *third),
            _ => None,
        };
        told.or_else(|| self.crossed())
            .unwrap_or_else(|| self.general())
    }

    /// One operation that is a contradiction by itself.
    fn alone(&self, only: Entry) -> Option<Told> {
        let name = self.sentence(only);
        let Some(needed) = self.needs(only) else {
            let message = format!(
                "{name} is an impossible answer, whichever of the operations called by then took \
                 effect"
            );
            return Some(self.told(Anomaly::ImpossibleAnswer, &[only], message));
        };
        if let Some(doubled) = self.doubled(only) {
            let message = format!(
                "{name} is as if {} had taken effect twice; as it is, no order of the operations \
                 called by then leads to it",
                self.sentence(doubled)
            );
            return Some(self.told(Anomaly::DoubleEffect, &[only, doubled], message));
        }
        let setters = self.setters(&needed, only);
        if setters.has_wild || !setters.entries.is_empty() {
            return None;
        }
        let later = self
            .part
            .iter()
            .filter(|entry| self.sets(**entry, &needed) && entry.index != only.index)
            .min_by_key(|entry| (self.call(**entry), entry.index));
        let Some(later) = later else {
            let message = format!("{name} saw what nothing ever wrote");
            return Some(self.told(Anomaly::NeverWritten, &[only], message));
        };
        let message = format!(
            "{name} saw what had not been written yet: the first operation that can have written \
             it, {}, was called only at {}",
            self.name(*later),
            self.question.model.moments().at(self.call(*later))
        );
        Some(self.told(Anomaly::FromTheFuture, &[only, *later], message))
    }

    /// Two updates that both needed the same state, which there was only once.
    fn double_success(&self, first: Entry, second: Entry) -> Option<Told> {
        let needed = self.needs(first)?;
        let changes = |entry| match self.question.footprint(entry).leaves {
            Leaves::Always(left) => left != needed,
            Leaves::Same | Leaves::Sometimes(_) | Leaves::Anything => false,
        };
        if self.needs(second)? != needed || !changes(first) || !changes(second) {
            return None;
        }
        let message = format!(
            "{} and {} both took effect on the same state, although the first to do so changed \
             it and nothing can have set it back in between",
            self.sentence(first),
            self.sentence(second)
        );
        Some(self.told(Anomaly::DoubleSuccess, &[first, second], message))
    }

    /// `last` needed a state that had been left, as `middle` tells, before it was called, and
    /// that `before` had shown.
    fn came_back(&self, before: Entry, middle: Entry, last: Entry) -> Option<Told> {
        let needed = self.needs(last)?;
        let shown = self.shows(middle)?;
        if self.shows(before)? != needed
            || shown == needed
            || !self.precedes(before, middle)
            || !self.precedes(middle, last)
        {
            return None;
        }
        let (anomaly, verb) = self.replaced(&shown, middle, last);
        let message = format!(
            "{} {verb}: {} had completed at {}, before it was called, and {} at {}, before \
             that was called; nothing can have brought it back",
            self.sentence(last),
            self.name(middle),
            self.returned(middle),
            self.name(before),
            self.returned(before),
        );
        Some(self.told(anomaly, &[before, middle, last], message))
    }

    /// `last` needed a state that had been left, as `middle` tells, before it was called.
    fn overwritten(&self, middle: Entry, last: Entry) -> Option<Told> {
        let needed = self.needs(last)?;
        let shown = self.shows(middle)?;
        if shown == needed || !self.precedes(middle, last) {
            return None;
        }
        let setters = self.setters(&needed, last);
        if setters.has_wild {
            return None;
        }
        let mut setters = setters.entries.clone();
        sort_by_key(&mut setters, &|setter| (self.call(*setter), setter.index));
        let all_before = setters.iter().all(|setter| self.precedes(*setter, middle));
        let was_there = !setters.is_empty() || needed == self.initial;
        if !all_before || !was_there {
            return None;
        }
        let (anomaly, verb) = self.replaced(&shown, middle, last);
        let set_before = match &setters[..] {
            [] => "nothing can have brought the initial state back".to_owned(),
            [setter] => format!(
                "{}, which alone can have set what it saw, had completed at {}, before that \
                 was called",
                self.name(*setter),
                self.returned(*setter),
            ),
            [.., latest] => format!(
                "{}, the last to set what it saw, had completed at {}, before that was called",
                self.name(*latest),
                self.returned(*latest),
            ),
        };
        let message = format!(
            "{} {verb}: {} had completed at {}, before it was called, and {set_before}",
            self.sentence(last),
            self.name(middle),
            self.returned(middle),
        );
        Some(self.told(anomaly, &[middle, last], message))
    }

    /// What to call it when `last` needs a state that was replaced by the one shown.
    fn replaced(&self, shown: &M::State, middle: Entry, last: Entry) -> (Anomaly, &'static str) {
        if !self.question.is_read(last) {
            (Anomaly::LostUpdate, "took effect on what had been replaced")
        } else if self.question.is_read(middle) {
            (
                Anomaly::Disagreement,
                "saw again what was known to have been replaced",
            )
        } else if *shown == self.initial {
            (Anomaly::Resurrected, "saw what had been removed")
        } else {
            (Anomaly::StaleRead, "saw what had been overwritten")
        }
    }

    /// Two operations, one completed before the other was called.
    fn one_after_the_other(&self, first: Entry, last: Entry) -> Option<Told> {
        if !self.precedes(first, last) {
            return None;
        }
        let first_reads = self.question.is_read(first);
        let anomaly = match (first_reads, self.question.is_read(last)) {
            (true, true) => Anomaly::Disagreement,
            (false, true) => Anomaly::LostEffect,
            (_, false) => Anomaly::Other,
        };
        let message = format!(
            "{} cannot have come after {}, which had completed at {}, before it was called: \
             nothing that can have happened in between leads from the one to the other",
            self.sentence(last),
            self.name(first),
            self.returned(first)
        );
        Some(self.told(anomaly, &[first, last], message))
    }

    /// Something completed, and what was seen later does not contain it.
    fn lost_effect(&self, first: Entry, last: Entry) -> Option<Told> {
        let is_wild = self.question.footprint(first).leaves == Leaves::Anything;
        if !is_wild || !self.question.is_read(last) || !self.precedes(first, last) {
            return None;
        }
        let message = format!(
            "{} does not show {}, which had completed at {}, before it was called: no order of \
             the operations with the one before the other leads to what it saw",
            self.sentence(last),
            self.name(first),
            self.returned(first)
        );
        Some(self.told(Anomaly::LostEffect, &[first, last], message))
    }

    /// One state is shown to have come before another, and that one before it.
    fn crossed(&self) -> Option<Told> {
        let core = self.core;
        let pairs = || {
            core.iter()
                .flat_map(|first| core.iter().map(move |last| (*first, *last)))
        };
        let is_pure = |entry: Entry| self.question.is_read(entry) || self.needs(entry).is_none();
        let steps = || {
            pairs().filter_map(|(first, last)| {
                let (from, to) = (self.shows(first)?, self.shows(last)?);
                let is_step = self.precedes(first, last) && from != to;
                (is_step && is_pure(first) && is_pure(last)).then_some((first, last, from, to))
            })
        };
        let (first, last, other_first, other_last) =
            steps().find_map(|(first, last, from, to)| {
                let other = steps().find(|other| other.2 == to && other.3 == from)?;
                let used = [first, last, other.0, other.1];
                let is_all = core.iter().all(|entry| used.contains(entry));
                is_all.then_some((first, last, other.0, other.1))
            })?;
        let message = format!(
            "the operations disagree on what came first: {} had completed at {}, before {} was \
             called, but {} had completed at {}, before {} was called; neither can have been \
             brought back",
            self.name(first),
            self.returned(first),
            self.sentence(last),
            self.name(other_first),
            self.returned(other_first),
            self.sentence(other_last),
        );
        Some(self.told(Anomaly::Disagreement, core, message))
    }

    /// What holds for every contradiction.
    fn general(&self) -> Told {
        let names: Vec<String> = self
            .core
            .iter()
            .map(|entry| self.sentence(*entry))
            .collect();
        let message = match self.core {
            [_] => format!(
                "{} fits no order, whichever of the operations called by then took effect",
                names[0]
            ),
            _ => format!(
                "{} contradict each other: they have no order, whichever of the other operations \
                 took effect",
                listed(&names)
            ),
        };
        self.told(Anomaly::Other, self.core, message)
    }

    /// An operation that would make the only one of the core possible, had it come twice.
    fn doubled(&self, only: Entry) -> Option<Entry> {
        let universe = self.question.universe(&self.moment.entries, &[only])?;
        let changes = universe
            .iter()
            .filter(|entry| entry.index != only.index && !self.question.is_read(**entry));
        let mut suspects: Vec<Entry> = changes.copied().collect();
        sort_by_key(&mut suspects, &|entry| (self.call(*entry), entry.index));
        suspects
            .into_iter()
            .rev()
            .take(DOUBLES_MAX)
            .find(|suspect| {
                if universe.len() >= PIECES_MAX {
                    return false;
                }
                // What is retried may take effect again at any later time.
                let again = Entry {
                    ret: None,
                    ..*suspect
                };
                let twice: Vec<Entry> = universe.iter().copied().chain([again]).collect();
                let mut puzzle = Puzzle::new(self.question, &twice, Start::Initial);
                let indices = puzzle.indices();
                let must: Vec<bool> = indices.iter().map(|index| *index == only.index).collect();
                let limits = crate::Limits {
                    steps: Some(STEPS_OF_DOUBLE),
                    ..crate::Limits::none()
                };
                let mut meter = crate::limits::Meter::start(&limits);
                puzzle.has_order(&must, &mut meter) == Some(true)
            })
    }

    fn told(&self, anomaly: Anomaly, operations: &[Entry], message: String) -> Told {
        Told {
            anomaly,
            operations: operations.iter().map(|entry| entry.index).collect(),
            message,
        }
    }
}

/// `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}
