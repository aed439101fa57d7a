//! What can be said on the command line.

mod budget;
mod check;
mod hunt;
mod measure;
mod model;
mod reading;
mod shared;

pub(super) use budget::BudgetArgs;
pub(super) use check::CheckArgs;
pub(super) use hunt::HuntArgs;
pub(super) use measure::{BugsArgs, GraphsArgs};
pub(super) use model::ModelArgs;
pub(super) use shared::{FOLDER, Pace, Tested, Twice};
use shared::{report_format, wall_time};

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::histories::{HistoryModel, model_names};
use crate::reporters;
use crate::units::{Time, parse_seed, parse_seed_range};

/// Simulates replicated systems built on OmniPaxos under faults, and checks what their clients saw.
///
/// A run is one scenario with one seed: the same two always give the same run. A failing
/// run prints the command that replays it.
#[derive(Debug, Parser)]
#[command(
    version,
    propagate_version = true,
    after_help = "Exit codes:\n  \
        0  every verdict is what its scenario expects\n  \
        1  a violation that is not expected, or an expected one that did not come\n  \
        2  usage or bad input\n  \
        3  unknown or incomplete: a budget was reached, or a required event never occurred\n  \
        5  not deterministic, or a repro that does not reproduce\n \
       70  omnisim itself panicked in a run: a bug of omnisim\n \
        74  input or output failed\n\
 129, 130, 143  stopped by a signal, with what was done so far written"
)]
pub(super) struct Arguments {
    /// How long code under test may go without returning before that is told, as 60s.
    #[arg(long, global = true, value_name = "TIME", value_parser = wall_time, default_value = "60s")]
    pub(super) hang_after: Duration,
    /// The most memory that this process may use, in MiB; by default nine tenths of what is free.
    #[arg(long, global = true, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) process_memory: Option<u64>,
    #[command(subcommand)]
    pub(super) command: Command,
}

impl Arguments {
    /// What was said to this program, in which `check` knows these models beside its own.
    pub(super) fn read(models: &[HistoryModel]) -> Self {
        let names = PossibleValuesParser::new(model_names(models));
        let command = Self::command().mut_subcommand("check", |check| {
            check.mut_arg("model", |model| model.value_parser(names))
        });
        let arguments = command.get_matches();
        Self::from_arg_matches(&arguments).unwrap_or_else(|error| error.exit())
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run scenarios, one seed or many.
    Run(RunArgs),
    /// See a run again, from its repro file.
    Replay(ReplayArgs),
    /// Look for what breaks: many seeds, in drawn scenarios or in your own.
    Hunt(HuntArgs),
    /// Reduce a failing run to the choices that matter.
    Shrink(ShrinkArgs),
    /// Try every way in which few replicas can be partly connected.
    Graphs(GraphsArgs),
    /// Measure how quickly planted bugs are found.
    Bugs(BugsArgs),
    /// Take every schedule of a small scenario, up to its bounds.
    Model(ModelArgs),
    /// Check histories of operations for consistency.
    Check(CheckArgs),
    /// List the scenarios, print the schema of scenario files, or what a seed draws.
    Scenarios(ScenariosArgs),
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Run scenarios, one seed or many.
#[derive(Args, Debug)]
pub(super) struct RunArgs {
    /// Scenario files, or folders of them.
    #[arg(required = true, value_name = "SCENARIO|FOLDER")]
    pub(super) scenarios: Vec<PathBuf>,
    /// The one seed to run, decimal or 0x hexadecimal.
    #[arg(long, value_parser = parse_seed, conflicts_with = "seeds", allow_hyphen_values = true)]
    pub(super) seed: Option<u64>,
    /// The seeds to run, as A..B without B; by default as many as each scenario asks for.
    #[arg(long, value_parser = parse_seed_range, value_name = "A..B", allow_hyphen_values = true)]
    pub(super) seeds: Option<Range<u64>>,
    /// The folder that receives repro files and histories.
    #[arg(long, default_value = "reports", value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Write the repro file and the history of every seed, not only of those that fail
    /// although nobody expects it.
    #[arg(long)]
    pub(super) save: bool,
    #[command(flatten)]
    pub(super) twice: Twice,
    #[command(flatten)]
    pub(super) tested: Tested,
    #[command(flatten)]
    pub(super) run_budget: BudgetArgs,
    /// How results are printed.
    #[arg(long, value_parser = report_format(), default_value = "text", value_name = "FORMAT")]
    pub(super) format: &'static reporters::Format,
    #[command(flatten)]
    pub(super) manner: Pace,
}

/// See a run again, from its repro file.
#[derive(Args, Debug)]
pub(super) struct ReplayArgs {
    /// A repro file, or a scenario together with --seed.
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// The seed, for a scenario.
    #[arg(long, value_parser = parse_seed, allow_hyphen_values = true)]
    pub(super) seed: Option<u64>,
    /// Print a line for every step, but for heartbeats; with --format json on standard error.
    #[arg(long)]
    pub(super) trace: bool,
    /// With --trace: print heartbeats, too.
    #[arg(long, requires = "trace")]
    pub(super) all: bool,
    /// Draw the run, as an SVG image: who sent what to whom, what was lost, who was down.
    #[arg(long, value_name = "FILE", value_parser = svg_file)]
    pub(super) picture: Option<PathBuf>,
    /// Stop at this simulated time, as 1500ms.
    #[arg(long, value_name = "TIME")]
    pub(super) until: Option<Time>,
    #[command(flatten)]
    pub(super) tested: Tested,
    /// How the result is printed.
    #[arg(long, value_parser = report_format(), default_value = "text", value_name = "FORMAT")]
    pub(super) format: &'static reporters::Format,
}

/// Reduce a failing run to the choices that matter.
#[derive(Args, Debug)]
pub(super) struct ShrinkArgs {
    /// The repro file of a failing run, or a scenario together with --seed.
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// The seed, for a scenario.
    #[arg(long, value_parser = parse_seed, allow_hyphen_values = true)]
    pub(super) seed: Option<u64>,
    /// How long it may take, as 60s: the smallest run found until then is the result.
    #[arg(long = "for", value_parser = wall_time, value_name = "TIME", default_value = "60s")]
    pub(super) budget: Duration,
    /// The folder that receives the smaller repro file.
    #[arg(long, default_value = "reports", value_name = "DIR")]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) tested: Tested,
    /// How the result is printed.
    #[arg(long, value_parser = report_format(), default_value = "text", value_name = "FORMAT")]
    pub(super) format: &'static reporters::Format,
    #[command(flatten)]
    pub(super) manner: Pace,
}

/// List the scenarios, print the schema of scenario files, or what a seed draws.
#[derive(Args, Debug)]
pub(super) struct ScenariosArgs {
    /// The folders or files to list.
    #[arg(default_value = "scenarios", value_name = "SCENARIO|FOLDER")]
    pub(super) scenarios: Vec<PathBuf>,
    /// Print the JSON schema of scenario files instead.
    #[arg(long)]
    pub(super) schema: bool,
    /// Print the scenario that a hunt draws from this seed instead.
    #[arg(long, value_parser = parse_seed, value_name = "SEED", conflicts_with = "schema")]
    pub(super) swarm: Option<u64>,
    /// With --swarm: as a hunt with --unlimited draws it.
    #[arg(long, requires = "swarm", conflicts_with = "schema")]
    pub(super) unlimited: bool,
    /// With --swarm: the system that it is drawn for; by default "kv", or the first of this
    /// program.
    #[arg(
        long,
        value_name = "NAME",
        requires = "swarm",
        conflicts_with = "schema"
    )]
    pub(super) system: Option<String>,
    /// How the list is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

fn svg_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.extension().is_some_and(|ending| ending == "svg") {
        return Ok(path);
    }
    Err("pictures of runs are SVG: give the file the ending .svg".to_owned())
}
