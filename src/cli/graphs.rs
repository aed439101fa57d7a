//! `omnisim graphs`: every way in which few replicas can be partly connected.

use std::path::Path;

use super::args::{FOLDER, GraphsArgs};
use super::interrupt::Interrupt;
use super::notes::tell_left;
use super::printing::Printer;
use super::program::program;
use super::watchdog::note_in;
use super::{Exit, progress};
use crate::report::replay_command;
use crate::repro::save_run;
use crate::search::{Graph, Job, Runner, Systems, Trial, UnderWay, asked_for, run_all, try_graph};
use crate::units::KeyError;

struct OneGraph {
    runner: &'static dyn Runner,
    graph: Graph,
    seeds: u64,
}

impl Job for OneGraph {
    type Output = Result<Trial, KeyError>;

    fn run(&self) -> Self::Output {
        try_graph(self.runner, self.graph.clone(), self.seeds)
    }
}

pub(super) fn graphs(
    options: &GraphsArgs,
    systems: Systems<'static>,
    under_way: &UnderWay,
) -> Result<Exit, Exit> {
    let runner = asked_for(systems, options.tested.name())?;
    let seeds = options.seeds;
    let mut graphs: Vec<Graph> = (3..=5).flat_map(Graph::undirected).collect();
    if options.one_way {
        graphs.extend((3..=4).flat_map(Graph::one_way));
    }
    let job = |graph| OneGraph {
        runner,
        graph,
        seeds,
    };
    let jobs: Vec<_> = graphs.into_iter().map(job).collect();
    let bar = progress::bar(jobs.len(), options.manner.quiet);
    tell_left(Path::new(FOLDER));
    note_in(under_way, Path::new(FOLDER));
    let interrupt = Interrupt::watch()?;
    let mut trials = Vec::new();
    run_all(
        &jobs,
        options.manner.threads(),
        interrupt.stop_flag(),
        |_, trial| {
            bar.inc(1);
            trials.push(trial);
        },
    );
    bar.finish_and_clear();
    let trials: Result<Vec<Trial>, _> = trials.into_iter().collect();
    let trials = trials.map_err(|error| Exit::usage(error.to_string()))?;
    let reports: Vec<_> = trials.iter().map(Trial::report).collect();
    let mut printer = Printer::new(options.format, options.manner.quiet);
    let signal = interrupt.exit();
    if signal.is_some() {
        let after = format!("{} of {} graphs", trials.len(), jobs.len());
        printer.print(|reporter| reporter.stopped(&after))?;
    }
    printer.print(|reporter| reporter.graphs(&reports, seeds))?;
    if let Some(signal) = signal {
        return Ok(signal);
    }
    keep_first(&trials)?;
    Ok(judge(&trials))
}

fn judge(trials: &[Trial]) -> Exit {
    let mut violations = trials.iter().filter_map(|trial| trial.violation.as_ref());
    if violations.any(|(_, violation)| violation.is_own()) {
        Exit::OWN_PANIC
    } else if trials.iter().any(Trial::breaks_the_claim) {
        Exit::VIOLATION
    } else {
        Exit::OK
    }
}

/// Keeps the first run that violates more than the claim, and tells of it.
fn keep_first(trials: &[Trial]) -> Result<(), Exit> {
    let mut broken = trials
        .iter()
        .filter_map(|trial| Some((trial, trial.broken.as_ref()?)));
    let Some((trial, run)) = broken.next() else {
        return Ok(());
    };
    let (scenario, outcome) = &**run;
    for violation in &outcome.violations {
        let (graph, seed) = (&trial.graph, outcome.seed);
        let (check, message) = (violation.check, &violation.message);
        say!("{graph}, seed {seed}: violation of {check}: {message}");
    }
    let path = save_run(Path::new(FOLDER), scenario, outcome)?;
    let replay = replay_command(&program(), &path, None);
    say!("  repro     {}\n  replay    {replay}", path.display());
    Ok(())
}
