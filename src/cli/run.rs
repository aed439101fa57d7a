//! `omnisim run`: scenarios over seeds, on all cores, judged by their expectation.

mod summary;
mod totals;

use super::args::{Format, RunArgs};
use super::interrupt::Interrupt;
use super::notes::tell_left;
use super::scenarios::print;
use super::source::{self, Source};
use super::stopwatch::Stopwatch;
use super::system::choose;
use super::watchdog::note_in;
use super::{Exit, program, progress};
use crate::check::Violation;
use crate::report::{
    Commands, Ended, Styled, Told, counted, failure, repro_path, run_object, run_summary, save_run,
};
use crate::scenario::{Scenario, key_of, line_of, place_of};
use crate::search::{
    Difference, Job, Judged, Runner, ScenarioTally, Systems, UnderWay, run_again, run_all,
};
use crate::units::KeyError;
use crate::world::{Outcome, RunOptions, Verdict};
use summary::Summary;
use totals::Totals;

/// One run to do.
struct Run<'a> {
    source: &'a Source,
    place: usize,
    seed: u64,
    runner: &'static dyn Runner,
    twice: bool,
    save: bool,
}

/// What a run gave.
struct Done {
    result: Result<(Outcome, Option<Difference>), KeyError>,
    wall_ns: u64,
}

impl Job for Run<'_> {
    type Output = Done;

    fn run(&self) -> Done {
        let clock = Stopwatch::start();
        let scenario = &self.source.scenario;
        let options = RunOptions {
            keep_history: self.save,
            keep_observations: self.save,
            ..RunOptions::default()
        };
        let outcome = self.runner.run(scenario, self.seed, options);
        let wall_ns = clock.nanos();
        let result = outcome.and_then(|outcome| {
            let difference = match self.twice {
                true => run_again(self.runner, scenario, &outcome, None)?,
                false => None,
            };
            Ok((outcome, difference))
        });
        Done { result, wall_ns }
    }
}

pub(super) fn run(
    options: &RunArgs,
    systems: Systems<'static>,
    under_way: &UnderWay,
) -> Result<Exit, Exit> {
    let clock = Stopwatch::start();
    let mut sources = source::load_runs(&options.scenarios)?;
    for source in &mut sources {
        source.scenario.budget = options.run_budget.over(source.scenario.budget);
    }
    let runners = sources
        .iter_mut()
        .map(|source| choose(systems, &options.tested, source))
        .collect::<Result<Vec<_>, _>>()?;
    let jobs = plan(options, &sources, &runners);
    tell_left(&options.out);
    let interrupt = Interrupt::watch()?;
    note_in(under_way, &options.out);
    let threads = options.manner.threads();
    let bar = progress::bar(jobs.len(), options.manner.quiet);
    let mut printer = Printer {
        options,
        styled: Styled {
            colours: options.manner.format == Format::Text && colours(),
        },
        detailed: jobs.len() == 1,
        tallies: vec![ScenarioTally::default(); sources.len()],
        totals: vec![Totals::default(); sources.len()],
        exit: Exit::OK,
        error: None,
        unsaved: 0,
    };
    run_all(&jobs, threads, interrupt.stop_flag(), |place, done| {
        bar.inc(1);
        let told = bar.suspend(|| printer.tell(&jobs[place], done));
        if let Err(error) = told {
            printer.error = Some(error);
            interrupt
                .stop_flag()
                .store(true, std::sync::atomic::Ordering::Relaxed);
        }
    });
    bar.finish_and_clear();
    if let Some(error) = printer.error.take() {
        return Err(error);
    }
    let done: u64 = printer.tallies.iter().map(|tally| tally.seeds).sum();
    if done < jobs.len() as u64 {
        say!("stopped after {done} of {} runs", jobs.len());
    }
    if printer.unsaved > 1 {
        say!("{} runs could not be kept", printer.unsaved);
    }
    let exit = printer.finish(&sources, clock)?;
    Ok(interrupt.exit().unwrap_or(exit))
}

fn plan<'a>(
    options: &RunArgs,
    sources: &'a [Source],
    runners: &[&'static dyn Runner],
) -> Vec<Run<'a>> {
    let mut jobs = Vec::new();
    for (place, (source, runner)) in sources.iter().zip(runners).enumerate() {
        let seeds = match (options.seed, &options.seeds) {
            (Some(seed), _) => seed..seed.saturating_add(1),
            (None, Some(seeds)) => seeds.clone(),
            (None, None) => 0..source.scenario.check.seeds,
        };
        // The largest seed has no successor; a range that is empty for that reason still runs it.
        let last = options.seed.filter(|seed| *seed == u64::MAX);
        for (number, seed) in (0..).zip(seeds.chain(last)) {
            jobs.push(Run {
                source,
                place,
                seed,
                runner: *runner,
                twice: options.twice.repeats().wants(number),
                save: options.save,
            });
        }
    }
    jobs
}

/// Colours for a terminal, unless the reader said otherwise (<https://no-color.org>).
#[expect(
    clippy::disallowed_methods,
    reason = "how a line looks is no part of a run"
)]
pub(super) fn colours() -> bool {
    use std::io::IsTerminal;
    std::io::stdout().is_terminal()
        && std::env::var("NO_COLOR").map_or(true, |value| value.is_empty())
}

/// Prints results as they come, and judges at the end.
struct Printer<'a> {
    options: &'a RunArgs,
    styled: Styled,
    detailed: bool,
    tallies: Vec<ScenarioTally>,
    totals: Vec<Totals>,
    exit: Exit,
    error: Option<Exit>,
    /// Runs that could not be kept.
    unsaved: u64,
}

impl Printer<'_> {
    fn tell(&mut self, job: &Run<'_>, done: Done) -> Result<(), Exit> {
        let scenario = &job.source.scenario;
        let (outcome, difference) = done.result.map_err(|error| job.source.unsuited(error))?;
        if outcome.stopped {
            // It is as if it had not begun.
            return Ok(());
        }
        let as_expected = self.tallies[job.place].add(scenario, &outcome);
        self.totals[job.place].add(&outcome, done.wall_ns, job.twice);

        // What its author expects comes again whenever it is run again.
        let surprises = outcome.verdict == Verdict::Unknown || !as_expected;
        let saves = surprises || self.options.save;
        let repro = saves.then(|| repro_path(&self.options.out, &scenario.name, outcome.seed));
        let commands = Commands {
            program: &program(),
            file: repro.as_deref().unwrap_or(&job.source.path),
            seed: repro.is_none().then_some(outcome.seed),
            system: self.options.tested.system.as_deref(),
        };
        let told = Told {
            scenario,
            outcome: &outcome,
            wall_ns: done.wall_ns,
            replay: &commands.replay(),
            shrink: Some(&commands.shrink()),
            repro: repro.as_deref(),
            agreed: job.twice.then_some(difference.is_none()),
        };
        match self.options.manner.format {
            Format::Json => print(&format!("{}\n", run_object(&told)))?,
            Format::Text => {
                if self.detailed {
                    let ended = match self.tallies[job.place].judge(scenario) {
                        _ if !as_expected => Ended::Unexpected,
                        Judged::AsExpected => Ended::AsExpected,
                        Judged::NotAsExpected(_) if outcome.verdict == Verdict::Pass => {
                            Ended::Missed
                        }
                        Judged::Incomplete(_) if outcome.verdict == Verdict::Pass => {
                            Ended::Incomplete
                        }
                        _ => Ended::AsExpected,
                    };
                    print(&run_summary(&told, ended, self.styled))?;
                }
                if surprises || self.detailed && outcome.verdict != Verdict::Pass {
                    print(&failure(&told, self.styled))?;
                }
            }
        }
        if outcome.violations.iter().any(Violation::is_own) {
            self.ends_with(Exit::OWN_PANIC);
        }
        // After the verdict, which does not depend on whether it can be kept.
        if saves && let Err(error) = save_run(&self.options.out, scenario, &outcome) {
            if self.unsaved == 0 {
                say!("{error}: name another folder with --out");
            }
            self.unsaved += 1;
            self.ends_with(Exit::io(""));
        }
        if let Some(difference) = difference {
            self.totals[job.place].diverged += 1;
            let again = Commands {
                file: &job.source.path,
                seed: Some(outcome.seed),
                ..commands
            };
            say!(
                "{}, seed {}: NOT deterministic: {difference}\n  again     {}",
                scenario.name,
                outcome.seed,
                again.verify()
            );
            self.ends_with(Exit::NOT_REPRODUCED);
        }
        Ok(())
    }

    fn ends_with(&mut self, exit: Exit) {
        self.exit = std::mem::replace(&mut self.exit, Exit::OK).worse(exit);
    }

    /// The judgement per scenario.
    fn finish(self, sources: &[Source], clock: Stopwatch) -> Result<Exit, Exit> {
        let mut exit = self.exit;
        let mut summary = Summary::default();
        for ((source, tally), totals) in sources.iter().zip(&self.tallies).zip(&self.totals) {
            if tally.seeds == 0 {
                continue;
            }
            let judged = tally.judge(&source.scenario);
            summary.add(tally, &judged, totals);
            let (word, why) = match &judged {
                _ if totals.diverged > 0 => {
                    (self.styled.bad("NOT deterministic"), totals.differing())
                }
                Judged::AsExpected => (self.styled.good("ok"), String::new()),
                Judged::NotAsExpected(why) => (self.styled.bad("FAILED"), format!(": {why}")),
                Judged::Incomplete(why) => (self.styled.bad("INCOMPLETE"), format!(": {why}")),
            };
            exit = exit.worse(match judged {
                Judged::AsExpected => Exit::OK,
                Judged::NotAsExpected(_) => Exit::VIOLATION,
                Judged::Incomplete(_) => Exit::INCOMPLETE,
            });
            let name = &source.scenario.name;
            let mut line = format!("{word} {name}{why}{}", seen(tally, &source.scenario));
            line.push_str(&never_began(tally));
            line.push_str(&needless(tally, &source.scenario));
            let places = match judged {
                Judged::Incomplete(_) => where_missed(tally, source),
                Judged::AsExpected | Judged::NotAsExpected(_) => String::new(),
            };
            match self.options.manner.format {
                Format::Text if self.detailed && why.is_empty() => {}
                Format::Text if self.detailed => print(&format!("{line}\n{places}"))?,
                Format::Text => print(&format!(
                    "{line} {}\n{places}",
                    self.styled.dim(&totals.line(tally.seeds))
                ))?,
                // Data alone goes to standard output.
                Format::Json if !why.is_empty() => say!("{line}\n{places}"),
                Format::Json => {}
            }
        }
        let told = summary.line(clock.nanos());
        match self.options.manner.format {
            _ if sources.len() < 2 => {}
            Format::Text => print(&format!("{told}\n"))?,
            Format::Json if self.options.manner.quiet => {}
            Format::Json => say!("{told}"),
        }
        Ok(exit)
    }
}

/// What was seen as expected or known; surprises are told as the reason of the verdict.
fn seen(tally: &ScenarioTally, scenario: &Scenario) -> String {
    let expected = tally.failed.iter();
    let expected = expected.filter(|(name, _)| scenario.check.expects(name));
    let mut text = String::new();
    for (name, seeds) in expected.chain(&tally.known) {
        let of = counted(tally.seeds, "seed");
        text.push_str(&format!(", {name} in {} of {of}", seeds.len()));
    }
    text
}

/// The kinds of random fault that no seed began.
fn never_began(tally: &ScenarioTally) -> String {
    let never = tally.never_began();
    let keys: Vec<_> = never
        .into_iter()
        .map(|source| key_of(&place_of(source)))
        .collect();
    if keys.is_empty() {
        String::new()
    } else {
        format!(", never began: {}", keys.join(", "))
    }
}

/// The checks that are switched off in vain.
fn needless(tally: &ScenarioTally, scenario: &Scenario) -> String {
    let names: Vec<_> = tally.needless(scenario).collect();
    if names.is_empty() {
        return String::new();
    }
    let names = names.join(", ");
    format!(", nothing to evaluate for what check.without leaves out: {names}")
}

/// The lines of the file that bring what struck nothing.
fn where_missed(tally: &ScenarioTally, source: &Source) -> String {
    let missed = tally.missed(&source.scenario).into_iter();
    missed
        .filter_map(|missed| {
            let place = place_of(missed);
            let line = line_of(&source.text, &place)?;
            let (path, key) = (source.path.display(), key_of(&place));
            Some(format!(
                "  {path}:{line}: {key} {}\n",
                tally.impacts[&missed].told(missed)
            ))
        })
        .collect()
}
