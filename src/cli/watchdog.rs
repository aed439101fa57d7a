//! Watches over runs from outside: code under test that does not return is told.
//!
//! A run cannot be stopped from outside while it is inside code under test. So the watchdog says
//! what it found, keeps a repro file, and ends the process: what was found before is written
//! already. Where the code hangs, a second run of the same seed tells, which announces each step.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use knossos::StopFlag;
use simulated_clock::Instant;

use super::args::{Arguments, Command, FOLDER};
use super::interrupt::signalled;
use super::printing::Printer;
use super::program::program;
use super::{Exit, memory};
use crate::check::{HANG, Violation};
use crate::report::{RunReport, replay_command};
use crate::reporters;
use crate::repro::{Repro, repro_path, write_atomically};
use crate::search::{NotesFile, Searching, Systems, UnderWay, Underway, Watched};
use crate::world::{Announcer, Outcome, RunOptions, StepWatch};

/// How often it looks.
const STEP: Duration = Duration::from_millis(100);
/// How long a second run may take to come to where the first one hangs, in times of patience.
const SECOND_RUN: u32 = 10;

/// Where a run that hangs is kept.
enum Keep {
    /// As a repro file in a folder.
    In(PathBuf),
    /// It is in a file already: a repro, or a scenario with this seed.
    Is(PathBuf, Option<u64>),
}

/// What a watchdog has to know of the command that it watches over.
pub(super) struct Watchdog {
    under_way: &'static UnderWay,
    keep: Keep,
    format: &'static reporters::Format,
    patience: Duration,
    /// Whether somebody may go on where this command ends.
    resumes: bool,
    /// In MiB; no limit where nothing is known of memory.
    memory_max: Option<u64>,
}

/// Watches over all runs of a command, and notes them in its `--out` folder.
#[expect(
    clippy::disallowed_methods,
    reason = "who watches over runs is no part of them"
)]
pub(super) fn watch(
    systems: Systems<'static>,
    arguments: &Arguments,
) -> (Systems<'static>, &'static UnderWay) {
    let under_way: &UnderWay = Box::leak(Box::new(
        UnderWay::new(signalled()).with_patience(arguments.hang_after),
    ));
    let watched = systems.iter().map(|system| {
        let watched: &'static Watched = Box::leak(Box::new(Watched::new(*system, under_way)));
        watched as &'static dyn crate::search::Runner
    });
    let systems = Box::leak(watched.collect::<Vec<_>>().into_boxed_slice());
    let (keep, format) = match &arguments.command {
        Command::Run(options) => (Keep::In(options.out.clone()), options.format),
        Command::Hunt(options) => (Keep::In(options.out.clone()), options.format),
        Command::Shrink(options) => (Keep::In(options.out.clone()), options.format),
        Command::Model(options) => (Keep::In(options.out.clone()), options.format),
        Command::Bugs(options) => (Keep::In(options.folder()), options.format),
        Command::Graphs(options) => (Keep::In(PathBuf::from(FOLDER)), options.format),
        Command::Replay(options) => (Keep::Is(options.file.clone(), options.seed), options.format),
        Command::Check(_) | Command::Scenarios(_) => {
            (Keep::In(PathBuf::from(FOLDER)), &reporters::FORMATS[0])
        }
    };
    let watchdog = Watchdog {
        under_way,
        keep,
        format,
        patience: arguments.hang_after,
        resumes: matches!(arguments.command, Command::Hunt(_)),
        memory_max: arguments.process_memory.or_else(memory::usual_limit),
    };
    std::thread::spawn(move || watchdog.keep_watch());
    (systems, under_way)
}

/// Notes what is under way in a folder, from now on.
pub(super) fn note_in(under_way: &UnderWay, folder: &Path) {
    if let Some(notes) = NotesFile::create(folder) {
        under_way.note_in(Box::new(notes));
    }
}

/// Ends the process before the system does, and says what was under way.
fn use_up_no_more(used: u64, most: u64, runs: &[(usize, Underway)], searches: &[Searching]) -> ! {
    let runs = runs.iter();
    let runs = runs.map(|(_, run)| format!("{}, seed {}", run.scenario.name, run.seed));
    let searches = searches.iter();
    let searches = searches.map(|search| format!("the search of {}", search.scenario.name));
    let names: Vec<_> = runs.chain(searches).collect();
    say!(
        "error: {used} MiB of memory are used, and {most} may be (--process-memory): under way are {}; \
         try them alone, or with fewer --jobs",
        names.join(" and ")
    );
    // The notes stay for the next process.
    std::process::exit(3)
}

/// Where the repro of a run that hangs goes: not over that of something else that it violates,
/// of which it may be a smaller candidate.
fn free(out: &Path, run: &Underway) -> PathBuf {
    let path = repro_path(out, &run.scenario.name, run.seed);
    let before = Repro::load(&path).ok().and_then(|repro| repro.violation);
    match before {
        Some(other) if other.check != HANG => out.join(format!(
            "{}-{}-hang.repro.toml",
            run.scenario.name, run.seed
        )),
        _ => path,
    }
}

/// A run as it was when it was last looked at.
struct Seen {
    flag: StopFlag,
    looks: u64,
    /// For how long it has not moved.
    still: Duration,
}

impl Watchdog {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long code under test may take is wall time; no run sees it"
    )]
    fn keep_watch(&self) {
        let mut seen: Vec<Option<Seen>> = Vec::new();
        loop {
            std::thread::sleep(STEP);
            let runs = self.under_way.all();
            if let (Some(used), Some(most)) = (memory::used(), self.memory_max)
                && used > most
            {
                self.spare_memory(used, most, &runs);
            }
            for (place, run) in &runs {
                seen.resize_with(seen.len().max(place + 1), || None);
                let looks = run.flag.looks();
                let still = match &seen[*place] {
                    Some(before) if before.flag == run.flag && before.looks == looks => {
                        before.still + STEP
                    }
                    _ => Duration::ZERO,
                };
                if still >= self.patience {
                    self.end(run);
                }
                seen[*place] = Some(Seen {
                    flag: run.flag.clone(),
                    looks,
                    still,
                });
            }
        }
    }

    /// Ends searches with what they have; and the process, where that is not enough.
    fn spare_memory(&self, used: u64, most: u64, runs: &[(usize, Underway)]) {
        let searches = self.under_way.searches();
        let goes_on = |search: &Searching| !search.stop.swap(true, Ordering::Relaxed);
        let ended = searches.iter().filter(|search| goes_on(search)).count();
        let is_far_beyond = used > most + most / 8;
        if ended > 0 {
            say!(
                "{used} MiB of memory are used, and {most} may be (--process-memory): the search \
                 ends with what it has"
            );
        } else if !runs.is_empty() || (is_far_beyond && !searches.is_empty()) {
            use_up_no_more(used, most, runs, &searches);
        }
    }

    /// Tells of a run that hangs, and ends the process.
    fn end(&self, run: &Underway) -> ! {
        let (at, message) = self.where_it_hangs(run);
        let violation = Violation::hang(at, message);
        let told = self.tell(run, violation);
        if self.resumes {
            self.under_way.note_hang(&run.scenario, run.seed);
        } else {
            self.under_way.end_notes();
        }
        if let Err(exit) = told {
            say!("error: {}", exit.message);
        }
        std::process::exit(1)
    }

    fn tell(&self, run: &Underway, violation: Violation) -> Result<(), Exit> {
        let outcome = Outcome::broken_off(&run.scenario, run.seed, violation);
        let mut repro = Repro::planned(&run.scenario, &outcome, &run.plan);
        // It has no end, and so no digest to compare with.
        repro.digest = None;
        let (path, seed) = match &self.keep {
            Keep::In(out) => (free(out, run), None),
            Keep::Is(file, seed) => (file.clone(), *seed),
        };
        let replay = replay_command(&program(), &path, seed);
        let mut report = RunReport::of(&run.scenario, &outcome);
        report.replay = replay;
        report.repro = seed.is_none().then(|| path.display().to_string());
        let mut printer = Printer::new(self.format, true);
        printer.print(|reporter| reporter.replayed(&report))?;
        if let Keep::In(_) = &self.keep {
            write_atomically(&path, repro.to_text().as_bytes())?;
        }
        Ok(())
    }

    /// When and where a run hangs, by running it once more.
    #[expect(
        clippy::disallowed_methods,
        reason = "a second run beside one that will never end"
    )]
    fn where_it_hangs(&self, run: &Underway) -> (Instant, String) {
        let last = Arc::new(Mutex::new((
            Instant::ZERO,
            "its beginning".to_owned(),
            0_u64,
        )));
        let announced = Arc::clone(&last);
        let hear = move |at, what| {
            let mut last = announced.lock().unwrap_or_else(PoisonError::into_inner);
            *last = (at, what, last.2 + 1);
        };
        let options = RunOptions {
            plan: run.plan.clone(),
            watch: StepWatch::Announce(Announcer(Arc::new(hear))),
            ..RunOptions::default()
        };
        let again = run.clone();
        let second = std::thread::spawn(move || {
            let _ = again.runner.run(&again.scenario, again.seed, options);
        });
        let heard = || {
            let last = last.lock().unwrap_or_else(PoisonError::into_inner);
            last.clone()
        };
        let (mut still, mut before) = (Duration::ZERO, heard());
        let mut left = self.patience * SECOND_RUN;
        while !second.is_finished() && still < self.patience && !left.is_zero() {
            std::thread::sleep(STEP);
            left = left.saturating_sub(STEP);
            let now = heard();
            still = if now.2 == before.2 {
                still + STEP
            } else {
                Duration::ZERO
            };
            before = now;
        }
        let patience = self.patience.as_secs_f64();
        let (at, what, _) = before;
        let message = if second.is_finished() {
            format!(
                "code under test did not return for {patience} s, and did in a second run: it \
                 depends on more than scenario and seed"
            )
        } else {
            format!("code under test does not return for {patience} s, since {what}")
        };
        (at, message)
    }
}
