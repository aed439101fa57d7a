//! Where a violation is: the part of the history, and the moment in it.
//!
//! Parts (keys) are independent, and the check ends with the first that it finds to be a violation.
//! Others may have become impossible earlier, and it is the first of all that tells most. Once
//! the moment of one part is known, it is asked of each other whether it was possible until then.

use super::costs::aside_for_moment;
use super::moment::{Clue, Moment};
use super::question::Question;
use crate::entry::Entry;
use crate::evidence::Evidence;
use crate::limits::Meter;
use crate::model::Model;
use crate::question::Question as Asked;
use crate::search::{Outcome, Search};
use crate::zones::{self, Finding};

/// A part that is a violation, and what is known of where in it that is.
pub(super) struct Place {
    pub(super) part: usize,
    /// The operations of the part.
    pub(super) entries: Vec<Entry>,
    pub(super) evidence: Evidence,
    /// A moment by which there is no order, the earliest if it could be found.
    pub(super) moment: Option<Moment>,
    /// Operations that are a violation by themselves at that moment.
    pub(super) focus: Option<Moment>,
    /// An operation that is a violation by itself, whatever the moment.
    pub(super) unwritten: Option<Entry>,
}

impl Place {
    /// Looks for the earliest impossible moment in a part that is a violation.
    pub(super) fn new<M: Model>(
        question: &Question<M>,
        part: usize,
        entries: Vec<Entry>,
        evidence: Evidence,
        meter: &Meter,
    ) -> Place {
        let mut steps = aside_for_moment(meter, entries.len());
        let mut place = Place {
            part,
            entries,
            evidence,
            moment: None,
            focus: None,
            unwritten: None,
        };
        let (entries, evidence) = (&place.entries, &place.evidence);
        if evidence.conflict.is_empty() {
            place.unwritten = question.unwritten(entries);
            let clue = Clue {
                guess: evidence.guesses(question.history).first().copied(),
                until: question.unwritten_by(entries, place.unwritten),
                ended: Some(evidence),
            };
            place.moment = question.earliest_moment(entries, clue, &mut steps);
        } else if let Some((moment, focus)) =
            question.moment_of_conflict(entries, &evidence.conflict, &mut steps)
        {
            (place.moment, place.focus) = (Some(moment), focus);
        }
        place
    }

    /// The earliest impossible moment, if it is known.
    fn impossible_from(&self) -> Option<u64> {
        let moment = self.moment.as_ref().filter(|moment| moment.is_earliest());
        moment?.culprit.ret
    }
}

impl<M: Model> Question<'_, M> {
    /// The earliest violation of any part, as far as the meter goes.
    pub(super) fn earliest_place(
        &self,
        asked: &Asked<M>,
        found: Place,
        consistent: &[bool],
        meter: &Meter,
    ) -> Place {
        let mut earliest = found;
        let mut steps = aside_for_moment(meter, self.history.len());
        for part in 0..asked.parts.len() {
            let Some(from) = earliest.impossible_from() else {
                break;
            };
            let Some(until) = from.checked_sub(1) else {
                break;
            };
            let is_consistent = consistent.get(part).is_some_and(|is_it| *is_it);
            if is_consistent || part == earliest.part || steps.is_out_of_steps() {
                continue;
            }
            let entries: Vec<Entry> = asked.parts.entries(self.history, part).collect();
            // One that is hard leaves something for the others.
            let mut own = steps.aside(steps.left() / 2);
            let evidence = self.evidence_by(&entries, until, &mut own);
            steps.spend(own.steps());
            if let Some(evidence) = evidence {
                let place = Place::new(self, part, entries, evidence, meter);
                if place.impossible_from().is_some_and(|other| other < from) {
                    earliest = place;
                }
            }
        }
        earliest
    }

    /// What shows that no order exists by the moment, if none does and the meter does not run out.
    fn evidence_by(&self, entries: &[Entry], until: u64, meter: &mut Meter) -> Option<Evidence> {
        let known = self.by(entries, until);
        meter.spend(known.len() as u64);
        let each = || known.iter().copied();
        match zones::decide(self.model, self.history, each(), meter, 0).ok()? {
            Some(Finding::Consistent(_)) => None,
            Some(Finding::Violation(conflict)) => Some(Evidence::conflict(conflict)),
            None => {
                let mut search =
                    Search::new(self.model, self.history, each(), self.hints, meter, 0).ok()?;
                let outcome = search.run(meter, u64::MAX, 0);
                (outcome == Outcome::Violation).then(|| Evidence::of(&search))
            }
        }
    }
}
