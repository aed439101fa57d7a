//! What earlier hunts in the same folder left: seeds that were under way when they ended, and what
//! they kept.

use std::path::Path;
use std::sync::atomic::Ordering;

use super::{Hunt, Weight};
use crate::report::counted;
use crate::repro::files;
use crate::search::hunt::Kept;
use crate::search::hunt::once_more::{Once, once_more};
use crate::search::{Noted, SearchError, take_left};

/// The most repro files that are told one by one of those that show the same.
const ALIKE_MAX: usize = 3;

impl Hunt<'_> {
    /// Tells of seeds that were under way when an earlier hunt ended, and remembers them.
    pub(super) fn suspect_left(&mut self) {
        for left in take_left(self.plan.out) {
            let Noted::Run(seed) = left.noted else {
                self.listener.say(Weight::News, left.to_string());
                continue;
            };
            self.report.suspect(seed, left.hangs);
            let why = if left.hangs {
                "hung in an earlier hunt, and is skipped"
            } else {
                "was under way when an earlier hunt ended: it was killed, or this run ended it"
            };
            let (scenario, again) = (&left.scenario, self.again(seed));
            let told = format!("{scenario}, seed {seed}: {why}; to try it alone: {again}");
            self.listener.say(Weight::News, told);
        }
    }

    /// Runs every repro file in the folder and below it, and says of each whether its violation
    /// still comes. What its scenario expects anyway tells nothing, and is left out.
    pub(super) fn look_at_what_was_kept(&mut self) -> Result<(), SearchError> {
        let (out, stop) = (self.plan.out.display(), self.plan.around.stop);
        let is_repro = |path: &Path| path.to_string_lossy().ends_with(".repro.toml");
        let files = files(self.plan.out, &is_repro);
        let files = files.map_err(|error| SearchError::Input(format!("{out}: {error}")))?;
        self.report.kept.clear();
        let mut expected = 0;
        for file in &files {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            match once_more(file, self.plan.systems, stop)? {
                Ok(Once::Nothing) => {}
                Ok(Once::Expected) => expected += 1,
                Ok(Once::Hangs) => {
                    let file = file.display();
                    let told = "left out, because it does not return: replay it alone";
                    self.listener.say(Weight::News, format!("{file}: {told}"));
                }
                Ok(Once::Again(kept)) => self.take_kept(kept),
                Err(error) => self
                    .listener
                    .say(Weight::News, format!("{error}: left out")),
            }
        }
        self.tell_those_alike();
        if expected > 0 {
            let repros = counted(expected, "repro file");
            let why = "left out, of violations that their scenarios expect";
            self.listener
                .say(Weight::Remark, format!("{out}: {repros} {why}"));
        }
        self.write()
    }

    fn take_kept(&mut self, kept: Kept) {
        if self.alike(&kept).count() < ALIKE_MAX {
            let told = format!("{}: {}", kept.repro, kept.told());
            self.listener.say(weight(&kept), told);
        }
        self.report.kept.push(kept);
    }

    /// The files so far that say the same.
    fn alike(&self, kept: &Kept) -> impl Iterator<Item = &Kept> {
        let told = kept.told();
        self.report
            .kept
            .iter()
            .filter(move |other| other.told() == told)
    }

    /// Counts those that were not told one by one.
    fn tell_those_alike(&mut self) {
        let mut told: Vec<(Weight, String)> = Vec::new();
        for (place, kept) in self.report.kept.iter().enumerate() {
            let before = self.report.kept[..place].iter();
            let before = before.filter(|other| other.told() == kept.told()).count();
            let more = self.alike(kept).count() - before;
            if before == ALIKE_MAX {
                let files = counted(more as u64, "more repro file");
                told.push((weight(kept), format!("{files}: {}", kept.told())));
            }
        }
        for (weight, told) in told {
            self.listener.say(weight, told);
        }
    }
}

/// A known finding that still comes is no news.
fn weight(kept: &Kept) -> Weight {
    if kept.signature.finding.is_some() {
        Weight::Remark
    } else {
        Weight::News
    }
}
