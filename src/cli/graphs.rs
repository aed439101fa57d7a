//! `omnisim graphs`: every way in which few replicas can be partly connected.

use super::Exit;
use super::args::{Format, GraphsArgs};
use super::interrupt::Interrupt;
use super::progress;
use super::scenarios::print;
use crate::report::{graph_object, graph_table};
use crate::search::{Graph, Job, Runner, Systems, Trial, run_all, try_graph};

struct OneGraph {
    runner: &'static dyn Runner,
    graph: Graph,
    seeds: u64,
}

impl Job for OneGraph {
    type Output = Result<Trial, (String, String)>;

    fn run(&self) -> Self::Output {
        try_graph(self.runner, self.graph.clone(), self.seeds)
    }
}

pub(super) fn graphs(options: &GraphsArgs, systems: Systems<'static>) -> Result<Exit, Exit> {
    let runner = *systems.first().expect("a binary has a system");
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
    let trials = trials.map_err(|(key, message)| Exit::usage(format!("{key}: {message}")))?;
    print(&match options.manner.format {
        Format::Text => graph_table(&trials, seeds),
        Format::Json => trials.iter().map(graph_object).collect(),
    })?;
    if let Some(stopped) = interrupt.exit() {
        say!("stopped after {} of {} graphs", trials.len(), jobs.len());
        return Ok(stopped);
    }
    let broken = trials.iter().filter(|trial| trial.breaks_the_claim());
    Ok(if broken.count() == 0 {
        Exit::OK
    } else {
        Exit::VIOLATION
    })
}
