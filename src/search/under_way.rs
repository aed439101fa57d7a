//! The runs that are under way in this process, for whoever watches over them.
//!
//! A run may not return: code under test loops, or ends the process. What is under way is
//! therefore known from outside of it, to a watchdog in this process and, by notes in a file, to
//! the next process. A [`Watched`] runner sees to both.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use knossos::StopFlag;

use super::Runner;
use crate::decision::Plan;
use crate::explore::{Announce, Explored, Explorer, Limits, Player, Progress};
use crate::scenario::Scenario;
use crate::system::{Profile, SystemInfo};
use crate::units::KeyError;
use crate::world::{Outcome, RunOptions};

/// One run that is under way.
#[derive(Clone)]
pub struct Underway {
    /// Its system.
    pub runner: &'static dyn Runner,
    /// What is run.
    pub scenario: Scenario,
    /// Its seed.
    pub seed: u64,
    /// Its decisions.
    pub plan: Plan,
    /// What it looks at, and counts its looks.
    pub flag: StopFlag,
}

/// What is noted of something that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Noted {
    /// A run of this seed.
    Run(u64),
    /// A search of every schedule, about to do what has this key; nothing yet with 0.
    Search(u64),
}

/// Schedules of a scenario that are being taken.
#[derive(Clone)]
pub struct Searching {
    /// Its scenario.
    pub scenario: Scenario,
    /// Ends it with what it has, where it can be ended.
    pub stop: Arc<AtomicBool>,
}

#[derive(Clone)]
enum Doing {
    Run(Box<Underway>),
    Search(Box<Searching>),
}

impl Doing {
    /// What is noted of it.
    fn noted(&self) -> (&Scenario, Noted) {
        match self {
            Self::Run(run) => (&run.scenario, Noted::Run(run.seed)),
            Self::Search(search) => (&search.scenario, Noted::Search(0)),
        }
    }
}

/// Hears which run is under way in a place; nothing when it is over.
pub trait Notes: Send {
    /// Something of a scenario begins or ends in a place; places are numbered from 0 on, and
    /// used again.
    fn note(&mut self, place: usize, what: Option<(&Scenario, Noted)>);

    /// A run will never be over, and the process ends for it; no other run is to blame.
    fn note_hang(&mut self, scenario: &Scenario, seed: u64);
}

/// All runs that are under way.
#[derive(Default)]
pub struct UnderWay {
    /// Stops every run that brings no flag of its own.
    stop: Arc<AtomicBool>,
    /// How long code under test may go without returning.
    patience: Option<Duration>,
    runs: Mutex<Runs>,
}

#[derive(Default)]
struct Runs {
    places: Vec<Option<Doing>>,
    notes: Option<Box<dyn Notes>>,
}

impl UnderWay {
    /// Nothing is under way yet; `stop` ends runs that bring no flag of their own.
    pub fn new(stop: Arc<AtomicBool>) -> Self {
        Self {
            stop,
            ..Self::default()
        }
    }

    /// The same, where searches give up on code under test that does not return for so long.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self {
            patience: Some(patience),
            ..self
        }
    }

    /// From now on whatever begins and ends is noted.
    pub fn note_in(&self, notes: Box<dyn Notes>) {
        self.runs().notes = Some(notes);
    }

    /// Nothing is noted any more.
    pub fn end_notes(&self) {
        self.runs().notes = None;
    }

    /// The process ends because a run hangs.
    pub fn note_hang(&self, scenario: &Scenario, seed: u64) {
        if let Some(notes) = &mut self.runs().notes {
            notes.note_hang(scenario, seed);
        }
    }

    /// The search in a place is about to do what has this key.
    fn note_step(&self, place: usize, key: u64) {
        let mut runs = self.runs();
        let Runs { places, notes } = &mut *runs;
        if let (Some(notes), Some(Some(Doing::Search(search)))) = (notes, places.get(place)) {
            notes.note(place, Some((&search.scenario, Noted::Search(key))));
        }
    }

    /// The runs that are under way, each with its place.
    pub fn all(&self) -> Vec<(usize, Underway)> {
        let runs = self.runs();
        let places = runs.places.iter().enumerate();
        let runs = places.filter_map(|(place, doing)| match doing {
            Some(Doing::Run(run)) => Some((place, (**run).clone())),
            Some(Doing::Search(_)) | None => None,
        });
        runs.collect()
    }

    /// The searches that are under way.
    pub fn searches(&self) -> Vec<Searching> {
        let runs = self.runs();
        let searches = runs.places.iter().filter_map(|doing| match doing {
            Some(Doing::Search(search)) => Some((**search).clone()),
            Some(Doing::Run(_)) | None => None,
        });
        searches.collect()
    }

    /// A panic while the lock was held leaves a list that is as good as before.
    fn runs(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, doing: Doing) -> Place<'_> {
        let mut runs = self.runs();
        let free = runs.places.iter().position(Option::is_none);
        let place = free.unwrap_or_else(|| {
            runs.places.push(None);
            runs.places.len() - 1
        });
        if let Some(notes) = &mut runs.notes {
            notes.note(place, Some(doing.noted()));
        }
        runs.places[place] = Some(doing);
        Place {
            under_way: self,
            place,
        }
    }
}

/// A run that is under way until this is dropped.
struct Place<'a> {
    under_way: &'a UnderWay,
    place: usize,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut runs = self.under_way.runs();
        runs.places[self.place] = None;
        if let Some(notes) = &mut runs.notes {
            notes.note(self.place, None);
        }
    }
}

/// A runner whose runs are known to be under way, and stop when somebody wants them to.
pub struct Watched {
    runner: &'static dyn Runner,
    under_way: &'static UnderWay,
}

impl Watched {
    /// Watches over the runs of `runner`.
    pub fn new(runner: &'static dyn Runner, under_way: &'static UnderWay) -> Self {
        Self { runner, under_way }
    }
}

impl Runner for Watched {
    fn info(&self) -> &'static SystemInfo {
        self.runner.info()
    }

    fn profile(&self, scenario: &Scenario) -> Result<Profile, KeyError> {
        self.runner.profile(scenario)
    }

    fn validate(&self, scenario: &Scenario) -> Result<(), KeyError> {
        self.runner.validate(scenario)
    }

    fn own_checks(&self) -> Vec<&'static str> {
        self.runner.own_checks()
    }

    fn run(
        &self,
        scenario: &Scenario,
        seed: u64,
        mut options: RunOptions,
    ) -> Result<Outcome, KeyError> {
        let shared = || StopFlag::sharing(Arc::clone(&self.under_way.stop));
        let flag = options.stop.get_or_insert_with(shared).clone();
        let _place = self.under_way.begin(Doing::Run(Box::new(Underway {
            runner: self.runner,
            scenario: scenario.clone(),
            seed,
            plan: options.plan.clone(),
            flag,
        })));
        self.runner.run(scenario, seed, options)
    }

    fn explore(
        &self,
        scenario: &Scenario,
        limits: &Limits,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Explored, KeyError> {
        let under_way = self.under_way;
        let begun = under_way.begin(Doing::search(scenario, limits));
        let place = begun.place;
        let announce = Announce(Arc::new(move |key| under_way.note_step(place, key)));
        let limits = Limits {
            announce: Some(announce),
            ..self.patient(limits)
        };
        self.runner.explore(scenario, &limits, watch)
    }

    fn player(&self, scenario: &Scenario, limits: &Limits) -> Result<Player, KeyError> {
        self.runner.player(scenario, &self.patient(limits))
    }

    fn explorer(&self, scenario: &Scenario, limits: &Limits) -> Result<Explorer, KeyError> {
        self.runner.explorer(scenario, &self.patient(limits))
    }
}

impl Doing {
    fn search(scenario: &Scenario, limits: &Limits) -> Self {
        Self::Search(Box::new(Searching {
            scenario: scenario.clone(),
            stop: Arc::clone(&limits.stop),
        }))
    }
}

impl Watched {
    /// The same limits, where nothing else is said with the patience of whoever watches.
    fn patient(&self, limits: &Limits) -> Limits {
        Limits {
            patience: limits.patience.or(self.under_way.patience),
            ..limits.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::*;
    use crate::systems::BUILT_IN;

    /// What is noted, in words.
    #[derive(Clone, Default)]
    struct Heard(Arc<Mutex<Vec<String>>>);

    impl Notes for Heard {
        fn note(&mut self, place: usize, what: Option<(&Scenario, Noted)>) {
            let words = what.map_or_else(
                || format!("{place} ends"),
                |(scenario, noted)| format!("{place} begins {} {noted:?}", scenario.name),
            );
            self.0.lock().expect("nobody panics").push(words);
        }

        fn note_hang(&mut self, _: &Scenario, _: u64) {
            unreachable!("nothing hangs here")
        }
    }

    fn watched(stop: bool) -> (&'static UnderWay, Watched) {
        let under_way = Box::leak(Box::new(UnderWay::new(Arc::new(AtomicBool::new(stop)))));
        (under_way, Watched::new(BUILT_IN[0], under_way))
    }

    fn short() -> Scenario {
        let text = "workload.phases = [{ duration = \"1s\" }]";
        Scenario::parse("short", text).expect("it is sound")
    }

    #[test]
    fn a_run_is_under_way_from_its_beginning_to_its_end() {
        let (under_way, runner) = watched(false);
        let heard = Heard::default();
        under_way.note_in(Box::new(heard.clone()));
        let outcome = runner.run(&short(), 7, RunOptions::default());
        assert!(!outcome.expect("it suits").stopped);
        assert_eq!(
            *heard.0.lock().expect("nobody panics"),
            ["0 begins short Run(7)", "0 ends"]
        );
        assert!(under_way.all().is_empty());
    }

    #[test]
    fn a_run_that_is_stopped_says_nothing_of_the_system() {
        let (_, runner) = watched(true);
        let outcome = runner.run(&short(), 7, RunOptions::default());
        let outcome = outcome.expect("it suits");
        assert!(outcome.stopped && outcome.cut_short);
        assert_eq!(outcome.verdict, crate::world::Verdict::Unknown);
    }

    #[test]
    fn a_run_with_a_flag_of_its_own_stops_by_that_alone() {
        let (under_way, runner) = watched(true);
        let own = StopFlag::default();
        let options = RunOptions {
            stop: Some(own.clone()),
            ..RunOptions::default()
        };
        let outcome = runner.run(&short(), 7, options).expect("it suits");
        assert!(!outcome.stopped, "its own flag is not set");
        assert!(own.looks() > 1, "it looked at its own flag");
        assert!(under_way.stop.load(Ordering::Relaxed));
    }
}
