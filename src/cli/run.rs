//! `omnisim run`: scenarios over seeds, on all cores, judged by their expectation.

use std::path::Path;

use super::args::{Format, RunArgs};
use super::interrupt::Interrupt;
use super::scenarios::print;
use super::source::{self, Source};
use super::stopwatch::Stopwatch;
use super::{Exit, program, progress};
use crate::replica::omnipaxos::ClusterOptions;
use crate::report::{
    Styled, Told, Violated, counted, failure, number, replay_command, repro_path, run_object,
    run_summary, save_run,
};
use crate::scenario::{Scenario, key_of, line_of, place_of};
use crate::search::{Job, Judged, Runner, ScenarioTally, Systems, run_all, verify};
use crate::world::{Divergence, Outcome, RunOptions, Verdict};

/// One run to do.
struct Run<'a> {
    source: &'a Source,
    place: usize,
    seed: u64,
    runner: &'static dyn Runner,
    verify: bool,
    save: bool,
}

/// What a run gave.
struct Done {
    result: Result<(Outcome, Option<Divergence>), (String, String)>,
    wall_ns: u64,
}

impl Job for Run<'_> {
    type Output = Done;

    fn run(&self) -> Done {
        let clock = Stopwatch::start();
        let scenario = &self.source.scenario;
        let result = if self.verify {
            verify(self.runner, scenario, self.seed, self.save)
                .map(|verified| (verified.outcome, verified.divergence))
        } else {
            let options = RunOptions {
                keep_history: self.save,
                keep_observations: self.save,
                ..RunOptions::default()
            };
            self.runner
                .run(scenario, self.seed, options)
                .map(|outcome| (outcome, None))
        };
        Done {
            result,
            wall_ns: clock.nanos(),
        }
    }
}

pub(super) fn run(options: &RunArgs, systems: Systems<'static>) -> Result<Exit, Exit> {
    let sources = source::load_runs(&options.scenarios)?;
    let jobs = plan(options, &sources, systems)?;
    can_be_written(&options.out)?;
    let interrupt = Interrupt::watch()?;
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
    let exit = printer.finish(&sources)?;
    Ok(interrupt.exit().unwrap_or(exit))
}

fn plan<'a>(
    options: &RunArgs,
    sources: &'a [Source],
    systems: Systems<'static>,
) -> Result<Vec<Run<'a>>, Exit> {
    let mut jobs = Vec::new();
    for (place, source) in sources.iter().enumerate() {
        let runner = find(systems, source)?;
        let seeds = match (options.seed, &options.seeds) {
            (Some(seed), _) => seed..seed.saturating_add(1),
            (None, Some(seeds)) => seeds.clone(),
            (None, None) => 0..source.scenario.check.seeds,
        };
        // The largest seed has no successor; a range that is empty for that reason still runs it.
        let last = options.seed.filter(|seed| *seed == u64::MAX);
        for seed in seeds.chain(last) {
            jobs.push(Run {
                source,
                place,
                seed,
                runner,
                verify: options.verify,
                save: options.save,
            });
        }
    }
    Ok(jobs)
}

/// The system that a scenario names.
pub(super) fn find(
    systems: Systems<'static>,
    source: &Source,
) -> Result<&'static dyn Runner, Exit> {
    let name = &source.scenario.cluster.system;
    let found = systems.iter().find(|system| system.name() == name);
    found.copied().ok_or_else(|| {
        let names: Vec<_> = systems.iter().map(|system| system.name()).collect();
        let default = if *name == ClusterOptions::default().system {
            ", which is meant where none is given,"
        } else {
            ""
        };
        let message = format!(
            "{name:?}{default} is not in this binary; it has {}",
            names.join(", ")
        );
        source.wrong("cluster.system", message)
    })
}

/// Tries the folder of reports, so that no result is lost for want of one.
fn can_be_written(out: &Path) -> Result<(), Exit> {
    let there = out.ancestors().find(|folder| {
        // The empty path is the folder that we are in.
        folder.as_os_str().is_empty() || folder.exists()
    });
    let there = there.unwrap_or(out);
    let probe = there.join(format!(".omnisim.{}.tmp", std::process::id()));
    let written = std::fs::write(&probe, "");
    // What could not be written need not be removed.
    let _ = std::fs::remove_file(&probe);
    written.map_err(|error| Exit::io(format!("{}: cannot be written: {error}", out.display())))
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
}

/// What many runs of a scenario add up to.
#[derive(Clone, Debug, Default)]
struct Totals {
    events: u64,
    operations: u64,
    faults: u64,
    leader_changes: u64,
    simulated_ns: u64,
    wall_ns: u64,
    longest_unavailability: f64,
    diverged: u64,
}

impl Printer<'_> {
    fn tell(&mut self, job: &Run<'_>, done: Done) -> Result<(), Exit> {
        let scenario = &job.source.scenario;
        let (outcome, divergence) = done
            .result
            .map_err(|(key, message)| job.source.wrong(&key, message))?;
        let as_expected = self.tallies[job.place].add(scenario, &outcome);
        self.totals[job.place].add(&outcome, done.wall_ns);

        let saves = outcome.verdict != Verdict::Pass || self.options.save;
        let repro = repro_path(&self.options.out, &scenario.name, outcome.seed);
        let replay = if saves {
            save_run(&self.options.out, scenario, &outcome)?;
            replay_command(&program(), &repro, None)
        } else {
            replay_command(&program(), &job.source.path, Some(outcome.seed))
        };
        let told = Told {
            scenario,
            outcome: &outcome,
            wall_ns: done.wall_ns,
            replay: &replay,
            agreed: job.verify.then_some(divergence.is_none()),
        };
        match self.options.manner.format {
            Format::Json => print(&format!("{}\n", run_object(&told)))?,
            Format::Text => {
                if self.detailed {
                    let violated = if as_expected {
                        Violated::AsExpected
                    } else {
                        Violated::Unexpected
                    };
                    print(&run_summary(&told, violated, self.styled))?;
                }
                let surprises = outcome.verdict != Verdict::Pass && (!as_expected || self.detailed);
                if surprises || outcome.verdict == Verdict::Unknown {
                    print(&failure(&told, &repro.display().to_string(), self.styled))?;
                }
            }
        }
        if let Some(divergence) = divergence {
            self.totals[job.place].diverged += 1;
            say!(
                "{}",
                not_deterministic(&scenario.name, outcome.seed, &divergence)
            );
            self.exit = std::mem::replace(&mut self.exit, Exit::OK).worse(Exit::NOT_REPRODUCED);
        }
        Ok(())
    }

    /// The judgement per scenario.
    fn finish(self, sources: &[Source]) -> Result<Exit, Exit> {
        let mut exit = self.exit;
        for ((source, tally), totals) in sources.iter().zip(&self.tallies).zip(&self.totals) {
            if tally.seeds == 0 {
                continue;
            }
            let judged = tally.judge(&source.scenario);
            let (word, why) = match &judged {
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
            let places = match judged {
                Judged::Incomplete(_) => where_missed(tally, source),
                Judged::AsExpected | Judged::NotAsExpected(_) => String::new(),
            };
            match self.options.manner.format {
                Format::Text if self.detailed && why.is_empty() => {}
                Format::Text if self.detailed => print(&format!("{line}\n{places}"))?,
                Format::Text => print(&format!(
                    "{line} {}\n{places}",
                    self.styled
                        .dim(&totals.line(tally.seeds, self.options.verify))
                ))?,
                // Data alone goes to standard output.
                Format::Json if !why.is_empty() => say!("{line}\n{places}"),
                Format::Json => {}
            }
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
                tally.impacts[&missed]
            ))
        })
        .collect()
}

impl Totals {
    fn add(&mut self, outcome: &Outcome, wall_ns: u64) {
        self.events += outcome.events;
        self.operations += outcome.operations.ok;
        self.faults += outcome.faults.values().sum::<u64>();
        self.leader_changes += outcome.leader_changes;
        self.simulated_ns += outcome.ended.as_nanos();
        self.wall_ns += wall_ns;
        let timeouts = outcome.unavailability.as_nanos() as f64
            / outcome.election_timeout.as_nanos().max(1) as f64;
        self.longest_unavailability = self.longest_unavailability.max(timeouts);
    }

    fn line(&self, seeds: u64, verified: bool) -> String {
        let twice = match (verified, self.diverged) {
            (false, _) => String::new(),
            (true, 0) => ", each run twice with the same steps".to_owned(),
            (true, some) => format!(
                ", each run twice, {} of them with other steps",
                number(some)
            ),
        };
        format!(
            "({}{twice}, {}, {}, {}, unavailable up to {:.1} election timeouts, {}, {} times real time per core)",
            counted(seeds, "seed"),
            counted(self.operations, "operation"),
            counted(self.faults, "fault"),
            counted(self.leader_changes, "leader change"),
            self.longest_unavailability,
            counted(self.simulated_ns / 1_000_000_000, "simulated second"),
            number(self.simulated_ns / self.wall_ns.max(1)),
        )
    }
}

fn not_deterministic(scenario: &str, seed: u64, divergence: &Divergence) -> String {
    let step = |step: Option<crate::observation::Step>| {
        step.map_or_else(
            || "nothing".to_owned(),
            |step| format!("{} (content {:#018x})", step.at, step.content),
        )
    };
    format!(
        "{scenario}, seed {seed}: NOT deterministic: step {} differs: first {}, then {}: {}",
        divergence.step,
        step(divergence.first),
        step(divergence.second),
        divergence.description
    )
}
