//! `omnisim hunt`: many seeds, until something breaks.

mod against;
mod beginning;
mod deepen;
mod end;
mod left;
mod prey;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use super::alone::Alone;
use super::args::{Format, HuntArgs};
use super::interrupt::Interrupt;
use super::run::colours;
use super::scenarios::print;
use super::stopwatch::Stopwatch;
use super::system::find;
use super::watchdog::note_in;
use super::{Exit, program, progress, regressions, shrink, source};
use crate::decision::Plan;
use crate::report::{
    Commands, Repro, Styled, Told, hunt_summary, number, replay_command, run_object,
    write_atomically,
};
use crate::scenario::Scenario;
use crate::search::{
    Catch, Difference, Form, HuntState, Hunted, Hunting, Prey, Promising, Runner, Shrinking,
    Signature, Systems, UnderWay, hunt as hunt_seeds,
};
use crate::world::Outcome;
use beginning::{build, first_seed, resumed, words};
use end::exit_of;
use prey::prey;

/// The file that lets a hunt go on.
const STATE: &str = "hunt.state.json";

/// How often the state is written, in nanoseconds of the wall clock.
const WRITE_EVERY_NS: u64 = 1_000_000_000;

pub(super) fn hunt(
    options: &HuntArgs,
    systems: Systems<'static>,
    under_way: &UnderWay,
) -> Result<Exit, Exit> {
    if let Some(other) = &options.against {
        note_in(under_way, &options.out);
        return against::compare(options, other, systems);
    }
    let prey = prey(options, systems)?;
    let _alone = Alone::in_folder(&options.out)?;
    let mut hunt = Hunt::begin(options, &prey, systems)?;
    note_in(under_way, &options.out);
    let interrupt = Interrupt::watch()?;
    if let Some(budget) = options.budget {
        interrupt.after(budget);
    }
    let (stop, quiet) = (interrupt.stop_flag(), options.manner.quiet);
    let exit = regressions::run(&options.out, systems, stop, quiet)?;
    hunt.run(&prey, &interrupt)?;
    hunt.deepen(&interrupt)?;
    hunt.shrink_catches(&interrupt)?;
    hunt.write()?;
    hunt.tell()?;
    let exit = exit.worse(exit_of(&hunt.state));
    Ok(interrupt.exit().unwrap_or(exit))
}

/// A hunt in progress.
struct Hunt<'a> {
    options: &'a HuntArgs,
    systems: Systems<'static>,
    state: HuntState,
    path: PathBuf,
    clock: Stopwatch,
    /// What earlier sessions took.
    before_ns: u64,
    written_ns: u64,
    /// Catches of this session, to be shrunk: their places, and the runs that showed them.
    fresh: Vec<(usize, Scenario, u64)>,
    /// Runs from which more may be found.
    promising: Vec<Promising>,
    error: Option<Exit>,
}

impl<'a> Hunt<'a> {
    fn begin(
        options: &'a HuntArgs,
        prey: &[Prey],
        systems: Systems<'static>,
    ) -> Result<Self, Exit> {
        let path = options.out.join(STATE);
        let fresh = HuntState {
            hunt: words(prey),
            build: build(),
            first_seed: first_seed(options),
            last_seed: options.seeds.as_ref().map(|seeds| seeds.end),
            ..HuntState::default()
        };
        let state = if options.resume {
            resumed(options, &path, &fresh)?
        } else {
            fresh
        };
        let mut hunt = Self {
            options,
            systems,
            promising: Vec::new(),
            before_ns: state.wall_ns,
            state,
            path,
            clock: Stopwatch::start(),
            written_ns: 0,
            fresh: Vec::new(),
            error: None,
        };
        hunt.suspect_left();
        // That the folder cannot be written is said before the work, not after it.
        hunt.write()?;
        Ok(hunt)
    }

    fn run(&mut self, prey: &[Prey], interrupt: &Interrupt) -> Result<(), Exit> {
        let kinds = prey.len() as u64;
        let first = self.state.first_seed;
        let wanted = self.state.last_seed;
        let wanted = wanted.map(|last| last.saturating_sub(first).saturating_mul(kinds));
        let left = wanted.map(|wanted| wanted.saturating_sub(self.state.runs));
        // A hunt stops between seeds: what is left of the last one is run again.
        let done = self.state.runs / kinds;
        self.state.runs = done * kinds;
        let from = self.state.first_seed.wrapping_add(done);
        let bar = spinner(left, self.options.manner.quiet);
        let clock = self.clock;
        let stop = interrupt.stop_flag();
        let skipped = self.state.avoided();
        let hunting = Hunting {
            prey,
            first,
            from,
            runs: left,
            skipped: &skipped,
            repeats: self.options.twice.repeats(),
            threads: self.options.manner.threads(),
            clock: &|| clock.nanos(),
        };
        hunt_seeds(hunting, stop, |seed, hunted| {
            if self.error.is_none()
                && let Err(error) = self.take(seed, hunted, stop)
            {
                self.error = Some(error);
                stop.store(true, Ordering::Relaxed);
            }
            bar.inc(1);
            bar.set_message(self.progress());
        });
        bar.finish_and_clear();
        self.error.take().map_or(Ok(()), Err)
    }

    fn take(&mut self, seed: u64, hunted: Hunted, stop: &AtomicBool) -> Result<(), Exit> {
        let Hunted {
            mut scenario,
            result,
            twice,
            difference,
            wall_ns,
        } = hunted;
        let Some(result) = result else {
            self.state.skip(seed);
            return Ok(());
        };
        let mut outcome =
            result.map_err(|wrong| Exit::usage(format!("{}: {wrong}", scenario.name)))?;
        let spare = &mut self.state.spare;
        spare.decide(self.systems, &mut scenario, &mut outcome);
        let covered = self.state.coverage.len();
        let caught = self.state.add(&scenario, &outcome);
        if self.options.deepen.is_some() {
            self.consider(&scenario, &outcome, self.state.coverage.len() - covered)?;
        }
        let repro = match caught {
            Some(place) => Some(self.save(place, &scenario, &outcome)?),
            None => None,
        };
        if self.options.manner.format == Format::Json {
            let agreed = twice.then_some(difference.is_none());
            self.tell_run(&scenario, &outcome, wall_ns, repro.as_deref(), agreed)?;
        }
        self.state.twice += u64::from(twice);
        if let Some(difference) = difference {
            self.tell_difference(&scenario, &outcome, &difference);
            self.state.not_deterministic.push(seed);
            if !self.options.keep_going {
                stop.store(true, Ordering::Relaxed);
            }
        }
        if let Some(place) = caught {
            self.fresh.push((place, scenario, seed));
            self.write()?;
            if !self.options.keep_going {
                stop.store(true, Ordering::Relaxed);
            }
        } else if self.clock.nanos() > self.written_ns + WRITE_EVERY_NS {
            self.written_ns = self.clock.nanos();
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
    ) -> Result<PathBuf, Exit> {
        let name = format!("{}-{}.repro.toml", scenario.name, outcome.seed);
        let path = self.options.out.join(name);
        let repro = Repro::of(scenario, outcome);
        write_atomically(&path, repro.to_text().as_bytes())?;
        self.state.catches[place].repro = path.display().to_string();
        Ok(path)
    }

    fn tell_run(
        &self,
        scenario: &Scenario,
        outcome: &Outcome,
        wall_ns: u64,
        repro: Option<&Path>,
        agreed: Option<bool>,
    ) -> Result<(), Exit> {
        let replay = match repro {
            Some(path) => replay_command(&program(), path, None),
            None => self.again(outcome.seed),
        };
        let told = Told {
            scenario,
            outcome,
            wall_ns,
            replay: &replay,
            shrink: None,
            repro,
            agreed,
        };
        print(&format!("{}\n", run_object(&told)))
    }

    /// Says at once how a run differed: whatever else comes of it cannot be relied on.
    fn tell_difference(&self, scenario: &Scenario, outcome: &Outcome, difference: &Difference) {
        say!(
            "{}, seed {}: NOT deterministic: {difference}\n  again     {} --verify",
            scenario.name,
            outcome.seed,
            self.again(outcome.seed)
        );
    }

    /// The command that runs one seed of this hunt again.
    fn again(&self, seed: u64) -> String {
        let mut words = vec![program()];
        words.extend(words_of(self.options));
        words.push(format!("--seeds {seed}..{}", seed.saturating_add(1)));
        words.join(" ")
    }

    /// The system of a scenario of this hunt.
    fn runner(&self, scenario: &Scenario) -> Result<&'static dyn Runner, Exit> {
        let source = source::Source {
            path: PathBuf::from(&scenario.name),
            text: String::new(),
            scenario: scenario.clone(),
        };
        find(self.systems, &source)
    }

    fn shrink_catches(&mut self, interrupt: &Interrupt) -> Result<(), Exit> {
        if self.options.no_shrink {
            return Ok(());
        }
        if !self.state.not_deterministic.is_empty() {
            // What does not come again cannot be made small.
            return Ok(());
        }
        let mut gone = 0;
        for (place, scenario, seed) in std::mem::take(&mut self.fresh) {
            let place = place - gone;
            let runner = self.runner(&scenario)?;
            let signature = self.state.catches[place].kind.signature.clone();
            let shrinking = Shrinking {
                runner,
                scenario: &scenario,
                seed,
                plan: &Plan::default(),
                signature: Some(&signature),
                threads: self.options.manner.threads(),
                stop: &interrupt.within(self.options.shrink_for),
            };
            let name = format!("{}-{seed}.small.repro.toml", scenario.name);
            let small = self.options.out.join(name);
            let quiet = self.options.manner.quiet;
            let shrunk = shrink::shrink_visibly(&shrinking, Some(&small), quiet);
            // What it was is kept already; that it did not get smaller loses nothing.
            let Ok(shrunk) = shrunk else { continue };
            shrink::save(&small, &shrunk.after)?;
            let after = &shrunk.after.outcome;
            let catch = &mut self.state.catches[place];
            catch.repro = small.display().to_string();
            catch.small_in_contract = Some(after.in_contract);
            let mut violations = after.violations.iter();
            if let Some(same) = violations.find(|one| Signature::of(one) == signature) {
                catch.message = same.message.clone();
            }
            // What could be smaller yet is not known to be the same as anything.
            let form = Form::of(&shrunk.after, &signature).filter(|_| shrunk.complete);
            let joins = form.and_then(|form| self.state.shrunk(place, form));
            gone += usize::from(joins.is_some());
            self.write()?;
            if interrupt.exit().is_some() {
                break;
            }
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), Exit> {
        self.state.wall_ns = self.before_ns.saturating_add(self.clock.nanos());
        let text = serde_json::to_string_pretty(&self.state).expect("a state is plain data");
        write_atomically(&self.path, text.as_bytes())?;
        Ok(())
    }

    fn progress(&self) -> String {
        let state = &self.state;
        let seconds = (self.clock.nanos() / 1_000_000_000).max(1);
        format!(
            "{} runs, {} simulated seconds ({} times real time), {} faults, {} caught",
            number(state.runs),
            number(state.simulated_us / 1_000_000),
            number(state.simulated_us / 1_000_000 / seconds),
            number(state.faults.values().sum()),
            state.catches.len(),
        )
    }

    fn tell(&self) -> Result<(), Exit> {
        let styled = Styled {
            colours: self.options.manner.format == Format::Text && colours(),
        };
        let program = program();
        let commands = |catch: &Catch| {
            let file = Path::new(&catch.repro);
            let shrink = Commands {
                program: &program,
                file,
                seed: None,
                system: None,
            };
            let is_small = catch.small_in_contract.is_some() || catch.runs == 0;
            let replay = format!("{} --trace", replay_command(&program, file, None));
            (replay, (!is_small).then(|| shrink.shrink()))
        };
        let text = hunt_summary(&self.state, &commands, styled);
        match self.options.manner.format {
            Format::Text => print(&text),
            Format::Json => {
                say!("{}", text.trim_end());
                Ok(())
            }
        }
    }
}

/// The words of a command that hunts the same, but for its seeds.
fn words_of(options: &HuntArgs) -> Vec<String> {
    let mut words = vec!["hunt".to_owned()];
    let scenarios = options.scenarios.iter();
    words.extend(scenarios.map(|path| path.display().to_string()));
    if options.unlimited {
        words.push("--unlimited".to_owned());
    }
    words.extend(options.tested.words());
    words
}

fn spinner(runs: Option<u64>, quiet: bool) -> ProgressBar {
    let bar = progress::bar(runs.map_or(usize::MAX, |runs| runs as usize), quiet);
    if runs.is_some() {
        return bar;
    }
    let style = ProgressStyle::with_template("{elapsed_precise} {spinner} {per_sec} {msg}");
    bar.with_style(style.expect("the template is a constant"))
}
