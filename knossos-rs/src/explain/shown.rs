//! What of a violation is shown: the contradiction, and where none is found, the nearest to it.

use super::contradiction::Contradiction;
use super::costs::{BYTES_MAX, aside};
use super::moment::Moment;
use super::place::Place;
use super::question::Question;
use super::words;
use crate::anomaly::Anomaly;
use crate::entry::Entry;
use crate::evidence::Evidence;
use crate::history::Operation;
use crate::limits::Meter;
use crate::model::Model;
use crate::report::Violation;
use crate::sorting::sort_by_key;

/// How many operations an excerpt shows at most.
const EXCERPT_MAX: usize = 8;

/// What a contradiction may cost, in steps.
const STEPS_OF_CONTRADICTION: u64 = 400_000;

/// How many operations are tried as the culprit where the moment is not known.
const GUESSES_MAX: usize = 4;

impl<M: Model> Question<'_, M> {
    /// Explains the violation of a part.
    pub(super) fn explain_place(&self, mut place: Place, meter: &Meter) -> Violation {
        let mut side = meter.aside_within(STEPS_OF_CONTRADICTION, BYTES_MAX);
        let Some(shown) = self.shown(&mut place, &mut side, meter) else {
            return self.dead_end(&place);
        };
        let Shown {
            mut moment,
            contradiction,
            narrowed,
        } = shown;
        if let Some(contradiction) = &contradiction {
            moment.culprit = contradiction.culprit_of(&moment);
        }
        let (anomaly, excerpt, message) = match &contradiction {
            Some(contradiction) => {
                let told = words::of_contradiction(self, &place.entries, &moment, contradiction);
                (told.anomaly, told.operations, told.message)
            }
            None => {
                let indices: Vec<usize> = narrowed.iter().map(|entry| entry.index).collect();
                let excerpt = nearest(self.history, &indices, moment.culprit.index);
                let message = words::of_culprit(self, &moment, narrowed.len());
                (Anomaly::Other, excerpt, message)
            }
        };
        let core_is_minimal = contradiction.as_ref().is_some_and(|found| found.is_minimal);
        let core = contradiction.map_or_else(Vec::new, |contradiction| {
            contradiction.core.iter().map(|entry| entry.index).collect()
        });
        let excerpt_suffices = !core.is_empty() || narrowed.len() <= EXCERPT_MAX;
        let evidence = place.evidence;
        let (explained, stuck, culprit) = match moment.explained {
            Some(explained) => {
                let stuck = stuck_after(self.history, &moment.entries, moment.culprit, &explained);
                (explained, stuck, Some(moment.culprit.index))
            }
            None => (evidence.ordered, evidence.stuck, None),
        };
        Violation {
            anomaly,
            culprit,
            explained,
            stuck,
            core,
            core_is_minimal,
            excerpt,
            excerpt_suffices,
            message,
            ..Violation::default()
        }
    }

    /// What there is to show of the violation of a part.
    fn shown(&self, place: &mut Place, side: &mut Meter, meter: &Meter) -> Option<Shown> {
        if let Some(moment) = place.moment.take_if(|moment| moment.is_earliest()) {
            return Some(self.shown_at(moment, place.focus.as_ref(), side, meter));
        }
        let guesses = place.evidence.guesses(self.history);
        let of_guess = guesses.iter().take(GUESSES_MAX).find_map(|guess| {
            let moment = self.moment(&place.entries, *guess)?;
            Shown::some(self.contradiction(&moment, side), moment)
        });
        of_guess
            .or_else(|| {
                let moment = self.conflict_alone(&place.entries, &place.evidence.conflict, side)?;
                let found = self.contradiction_within(&moment, &moment.entries, side);
                Shown::some(found, moment)
            })
            .or_else(|| {
                let (alone, found) = Contradiction::alone(place.unwritten?);
                Shown::some(Some(found), alone)
            })
            .or_else(|| {
                let moment = place.moment.clone()?;
                Shown::some(self.contradiction(&moment, side), moment)
            })
    }

    /// What there is to show of the earliest impossible moment.
    fn shown_at(
        &self,
        moment: Moment,
        focus: Option<&Moment>,
        side: &mut Meter,
        meter: &Meter,
    ) -> Shown {
        let mut steps = aside(meter, moment.entries.len());
        // Operations that are a violation by themselves need no looking for others.
        if let Some(few) = focus {
            let narrowed = self.narrow(&few.entries, few.culprit, &mut steps);
            if let Some(found) = self.contradiction_within(&moment, &narrowed, side) {
                return Shown {
                    contradiction: Some(found),
                    moment,
                    narrowed,
                };
            }
        }
        // A small window costs little; narrowing asks about all operations again and again.
        if let Some(found) = self.contradiction(&moment, side) {
            return Shown {
                contradiction: Some(found),
                moment,
                narrowed: Vec::new(),
            };
        }
        let narrowed = self.narrow(&moment.entries, moment.culprit, &mut steps);
        Shown {
            contradiction: self.contradiction_within(&moment, &narrowed, side),
            moment,
            narrowed,
        }
    }

    /// What to say where nothing is known but where the search gave up.
    fn dead_end(&self, place: &Place) -> Violation {
        let Evidence { ordered, stuck, .. } = &place.evidence;
        let latest = place.moment.as_ref().map(|moment| moment.culprit.index);
        let first = stuck
            .iter()
            .min_by_key(|index| (self.history[**index].ret, **index));
        let first = first.copied().or(latest);
        let candidates: Vec<usize> = [&ordered[..], stuck].concat();
        Violation {
            excerpt: first.map_or_else(Vec::new, |first| {
                nearest(self.history, &[&candidates[..], &[first]].concat(), first)
            }),
            message: words::of_dead_end(self, ordered.len(), first),
            explained: ordered.clone(),
            stuck: stuck.clone(),
            ..Violation::default()
        }
    }
}

/// What there is to show.
struct Shown {
    moment: Moment,
    contradiction: Option<Contradiction>,
    /// Operations that suffice, if others were left out.
    narrowed: Vec<Entry>,
}

impl Shown {
    /// A contradiction, if one was found, and the moment at which it is one.
    fn some(contradiction: Option<Contradiction>, moment: Moment) -> Option<Shown> {
        contradiction.is_some().then(|| Shown {
            moment,
            contradiction,
            narrowed: Vec::new(),
        })
    }
}

/// What was open when the culprit was called, or later, and is not in the order.
fn stuck_after<I, O>(
    history: &[Operation<I, O>],
    entries: &[Entry],
    culprit: Entry,
    explained: &[usize],
) -> Vec<usize> {
    let call = history[culprit.index].call;
    let mut stuck: Vec<usize> = entries
        .iter()
        .filter(|entry| entry.ret.is_none_or(|ret| ret >= call))
        .map(|entry| entry.index)
        .collect();
    stuck.sort_unstable();
    let mut is_ordered = vec![false; stuck.len()];
    // Mostly, these are the last of the history, and all that is ordered comes before.
    let first = stuck.first().copied().unwrap_or(usize::MAX);
    for index in explained.iter().filter(|index| **index >= first) {
        if let Ok(place) = stuck.binary_search(index) {
            is_ordered[place] = true;
        }
    }
    let mut is_ordered = is_ordered.into_iter();
    stuck.retain(|_| !is_ordered.next().expect("one for each"));
    stuck
}

/// At most [`EXCERPT_MAX`] of the operations, those nearest in time to `centre`, by call.
fn nearest<I, O>(history: &[Operation<I, O>], indices: &[usize], centre: usize) -> Vec<usize> {
    let mut excerpt = indices.to_vec();
    sort_by_key(&mut excerpt, &|index| {
        (
            *index != centre,
            history[*index].call.abs_diff(history[centre].call),
            *index,
        )
    });
    excerpt.dedup();
    excerpt.truncate(EXCERPT_MAX);
    sort_by_key(&mut excerpt, &|index| (history[*index].call, *index));
    excerpt
}
