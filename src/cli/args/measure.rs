//! What can be said to `omnisim graphs` and `omnisim bugs`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::shared::{FOLDER, Pace, Tested, report_format, wall_time};
use crate::reporters;

/// Try every way in which few replicas can be partly connected.
///
/// Each graph of 3, 4 and 5 replicas in which links work in both directions or not at all,
/// up to the names of followers; replica 1 leads when the links are cut. Whenever some
/// replica reaches a majority, requests there have to complete within four election
/// timeouts. The table is Markdown; the one that is kept was made with --one-way.
#[derive(Args, Debug)]
pub(in crate::cli) struct GraphsArgs {
    /// Try graphs with links that work in one direction, too, of 3 and 4 replicas; what they
    /// show is told and not judged.
    #[arg(long)]
    pub(in crate::cli) one_way: bool,
    /// How many seeds each graph is tried with.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(in crate::cli) seeds: u64,
    #[command(flatten)]
    pub(in crate::cli) tested: Tested,
    /// How results are printed.
    #[arg(long, value_parser = report_format(), default_value = "text", value_name = "FORMAT")]
    pub(in crate::cli) format: &'static reporters::Format,
    #[command(flatten)]
    pub(in crate::cli) manner: Pace,
}

/// Measure how quickly planted bugs are found, and by which check.
///
/// Each hunt runs drawn scenarios, seed after seed, until one shows the bug; the same
/// scenarios without it have to pass. A bug that any hunt does not find makes this fail.
#[derive(Args, Debug)]
pub(in crate::cli) struct BugsArgs {
    /// Planted bugs, by name; by default all of them.
    #[arg(value_name = "NAME")]
    pub(in crate::cli) bugs: Vec<String>,
    /// Tell what the bugs are, and hunt for none.
    #[arg(long)]
    pub(in crate::cli) list: bool,
    /// Hunts for each bug, each through seeds of its own; more than 5 only for those that
    /// are found within 10 s. By default 2.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(in crate::cli) hunts: Option<u64>,
    /// The most seeds of one hunt.
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(in crate::cli) seeds_limit: u64,
    /// Hunt in two more ways: with faults only at moments that matter, and with fair dice,
    /// one scenario with every kind of fault at fixed rates.
    #[arg(long)]
    pub(in crate::cli) all_columns: bool,
    /// Shrink the first run that shows each bug, and replay what is left of it.
    #[arg(long)]
    pub(in crate::cli) shrink: bool,
    /// How long shrinking one run may take.
    #[arg(long, value_parser = wall_time, value_name = "TIME", default_value = "60s", requires = "shrink")]
    pub(in crate::cli) shrink_for: Duration,
    /// The folder that receives a repro file of the first run that shows each bug.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Leave out the same runs without the bug.
    #[arg(long)]
    pub(in crate::cli) no_twins: bool,
    #[command(flatten)]
    pub(in crate::cli) tested: Tested,
    /// Blind one check, to see whether another finds what it finds.
    #[arg(long, value_name = "CHECK", hide = true)]
    pub(in crate::cli) without: Option<String>,
    /// How results are printed.
    #[arg(long, value_parser = report_format(), default_value = "text", value_name = "FORMAT")]
    pub(in crate::cli) format: &'static reporters::Format,
    #[command(flatten)]
    pub(in crate::cli) manner: Pace,
}

impl BugsArgs {
    /// The folder that receives what must not be lost.
    pub(in crate::cli) fn folder(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| PathBuf::from(FOLDER))
    }
}
