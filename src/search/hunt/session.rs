//! A hunt with all that belongs to it: what earlier ones kept, seeds, what is searched from where
//! they had got to, shrinking; and its report in a file, with which it goes on.

mod beginning;
mod deepening;
mod earlier;
mod plan;
mod shrinking;

pub use plan::{HuntPlan, Surroundings};

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use super::alone::Alone;
use super::{HuntReport, Hunted, Hunting, Promising, hunt as hunt_seeds};
use crate::report::{RunReport, number, replay_command};
use crate::repro::{Repro, repro_path, write_atomically};
use crate::scenario::Scenario;
use crate::search::{Difference, SearchError};
use crate::units::as_readable_json;
use crate::world::Outcome;

/// The file that lets a hunt go on.
const STATE: &str = "hunt.state.json";

/// How often it is written, in nanoseconds of the wall clock.
const WRITE_EVERY_NS: u64 = 1_000_000_000;

/// Who follows a hunt.
pub trait Listener {
    /// Something begins that takes so many steps, if that is known.
    fn begins(&mut self, steps: Option<u64>);

    /// A step is done; where that leads to.
    fn step(&mut self, told: String);

    /// What began is over.
    fn ends(&mut self);

    /// A run is over.
    fn ran(&mut self, run: &RunReport);

    /// Something that a person should know, and how much that matters.
    fn say(&mut self, weight: Weight, told: String);
}

/// How much something matters that is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Weight {
    /// It is said in any case.
    News,
    /// It is left out for those who want quiet.
    Remark,
}

/// A hunt in progress.
struct Hunt<'a> {
    plan: HuntPlan<'a>,
    listener: &'a mut dyn Listener,
    report: HuntReport,
    path: PathBuf,
    /// What earlier sessions took.
    before_ns: u64,
    began_ns: u64,
    written_ns: u64,
    /// Catches of this session, to be shrunk: their places, and the runs that showed them.
    fresh: Vec<(usize, Scenario, u64)>,
    /// Runs from which more may be found.
    promising: Vec<Promising>,
    /// Nobody else hunts in the folder.
    _alone: Alone,
}

/// Hunts to the end.
///
/// # Errors
/// When what is asked for does not fit what is there, or something cannot be written.
pub fn hunt_through(
    plan: HuntPlan<'_>,
    listener: &mut dyn Listener,
) -> Result<HuntReport, SearchError> {
    let mut hunt = Hunt::begin(plan, listener)?;
    hunt.suspect_left();
    (plan.around.begins)();
    // That the folder cannot be written is said before the work, not after it.
    hunt.write()?;
    hunt.look_at_what_was_kept()?;
    hunt.run()?;
    hunt.deepen()?;
    hunt.shrink_catches()?;
    hunt.write()?;
    Ok(hunt.report)
}

impl<'a> Hunt<'a> {
    fn begin(plan: HuntPlan<'a>, listener: &'a mut dyn Listener) -> Result<Self, SearchError> {
        let alone = Alone::in_folder(plan.out)?;
        let path = plan.out.join(STATE);
        let report = beginning::report(&plan, &path)?;
        Ok(Self {
            plan,
            listener,
            before_ns: report.wall_ns,
            report,
            path,
            began_ns: (plan.around.clock)(),
            written_ns: 0,
            fresh: Vec::new(),
            promising: Vec::new(),
            _alone: alone,
        })
    }

    fn run(&mut self) -> Result<(), SearchError> {
        let plan = self.plan;
        let kinds = plan.prey.len() as u64;
        let first = self.report.first_seed;
        let wanted = self.report.last_seed;
        let wanted = wanted.map(|last| last.saturating_sub(first).saturating_mul(kinds));
        let left = wanted.map(|wanted| wanted.saturating_sub(self.report.runs));
        // A hunt stops between seeds: what is left of the last one is run again.
        let done = self.report.runs / kinds;
        self.report.runs = done * kinds;
        let skipped = self.report.avoided();
        let hunting = Hunting {
            prey: plan.prey,
            first,
            from: first.wrapping_add(done),
            runs: left,
            skipped: &skipped,
            repeats: plan.repeats,
            threads: plan.threads,
            clock: plan.around.clock,
        };
        self.listener.begins(left);
        let mut error = None;
        hunt_seeds(hunting, plan.around.stop, |seed, hunted| {
            if error.is_none()
                && let Err(wrong) = self.take(seed, hunted)
            {
                error = Some(wrong);
                self.end();
            }
            self.listener.step(self.progress());
        });
        self.listener.ends();
        error.map_or(Ok(()), Err)
    }

    fn take(&mut self, seed: u64, hunted: Hunted) -> Result<(), SearchError> {
        let Hunted {
            mut scenario,
            result,
            twice,
            difference,
            wall_ns,
        } = hunted;
        let Some(result) = result else {
            self.report.skip(seed);
            return Ok(());
        };
        let mut outcome = result.map_err(|wrong| SearchError::unsuited(&scenario.name, &wrong))?;
        let spare = &mut self.report.spare;
        spare.decide(self.plan.systems, &mut scenario, &mut outcome);
        let covered = self.report.coverage.len();
        let caught = self.report.add(&scenario, &outcome);
        if self.plan.deepen.is_some() {
            let news = self.report.coverage.len() - covered;
            self.consider(&scenario, &outcome, news)?;
        }
        let repro = match caught {
            Some(place) => Some(self.save(place, &scenario, &outcome)?),
            None => None,
        };
        let mut run = RunReport::of(&scenario, &outcome);
        run.wall_ns = wall_ns;
        run.replay = match &repro {
            Some(path) => replay_command(self.plan.program, path, None),
            None => self.again(seed),
        };
        run.repro = repro.map(|path| path.display().to_string());
        run.verified = twice.then_some(difference.is_none());
        self.listener.ran(&run);
        self.report.twice += u64::from(twice);
        if let Some(difference) = difference {
            self.tell_difference(&scenario.name, seed, &difference);
        }
        if let Some(place) = caught {
            self.fresh.push((place, scenario, seed));
            self.write()?;
            self.end_unless_it_keeps_going();
        } else if (self.plan.around.clock)() > self.written_ns + WRITE_EVERY_NS {
            self.written_ns = (self.plan.around.clock)();
            self.write()?;
        }
        Ok(())
    }

    /// Keeps a run at once, as it was: shrinking comes later, and may be cut short.
    fn save(
        &mut self,
        place: usize,
        scenario: &Scenario,
        outcome: &Outcome,
    ) -> Result<PathBuf, SearchError> {
        let path = repro_path(self.plan.out, &scenario.name, outcome.seed);
        let repro = Repro::of(scenario, outcome);
        write_atomically(&path, repro.to_text().as_bytes())?;
        self.report.catches[place].repro = path.display().to_string();
        Ok(path)
    }

    /// Says at once how a run differed: whatever else comes of it cannot be relied on.
    fn tell_difference(&mut self, scenario: &str, seed: u64, difference: &Difference) {
        let again = self.again(seed);
        let told = format!(
            "{scenario}, seed {seed}: NOT deterministic: {difference}\n  again     {again} --verify"
        );
        self.listener.say(Weight::News, told);
        self.report.not_deterministic.push(seed);
        self.end_unless_it_keeps_going();
    }

    fn end_unless_it_keeps_going(&self) {
        if !self.plan.keep_going {
            self.end();
        }
    }

    fn end(&self) {
        self.plan.around.stop.store(true, Ordering::Relaxed);
    }

    /// The command that runs one seed of this hunt again.
    fn again(&self, seed: u64) -> String {
        let HuntPlan { program, words, .. } = self.plan;
        format!(
            "{program} {words} --seeds {seed}..{}",
            seed.saturating_add(1)
        )
    }

    /// Writes where the hunt stands.
    fn write(&mut self) -> Result<(), SearchError> {
        let now = (self.plan.around.clock)();
        let took = now.saturating_sub(self.began_ns);
        self.report.wall_ns = self.before_ns.saturating_add(took);
        let text = as_readable_json(&self.report);
        write_atomically(&self.path, text.as_bytes())?;
        Ok(())
    }

    fn progress(&self) -> String {
        let report = &self.report;
        let took = (self.plan.around.clock)().saturating_sub(self.began_ns);
        let seconds = (took / 1_000_000_000).max(1);
        format!(
            "{} runs, {} simulated seconds ({} times real time), {} faults, {} caught",
            number(report.runs),
            number(report.simulated_us / 1_000_000),
            number(report.simulated_us / 1_000_000 / seconds),
            number(report.faults.values().sum()),
            report.catches.len(),
        )
    }
}
