//! What can be said to `omnisim hunt`.

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::budget::BudgetArgs;
use super::shared::{Pace, Tested, Twice, report_format, wall_time};
use crate::reporters;
use crate::units::parse_seed_range;

/// Look for what breaks: many seeds, in drawn scenarios or in your own.
///
/// Without a scenario, every seed draws one of its own: replicas, quorums, timeouts,
/// links, workload, and a subset of the kinds of fault. Repro files in the --out folder
/// are run first, but for those of violations that their scenario expects. A hunt that was stopped or killed goes on with --resume.
#[derive(Args, Debug)]
pub(in crate::cli) struct HuntArgs {
    /// Scenario files, or folders of them; by default a new scenario for every seed.
    #[arg(value_name = "SCENARIO|FOLDER")]
    pub(in crate::cli) scenarios: Vec<PathBuf>,
    /// How long to hunt, as 10m.
    #[arg(long = "for", value_parser = wall_time, value_name = "TIME")]
    pub(in crate::cli) budget: Option<Duration>,
    /// The seeds to hunt through, as A..B without B; by default new ones without end.
    #[arg(long, value_parser = parse_seed_range, value_name = "A..B")]
    pub(in crate::cli) seeds: Option<Range<u64>>,
    /// Collect every kind of violation instead of stopping at the first.
    #[arg(long)]
    pub(in crate::cli) keep_going: bool,
    /// Go on with the hunt whose state is in the --out folder, up to the seed that it was to
    /// reach, or to that of --seeds A..B with another B.
    #[arg(long)]
    pub(in crate::cli) resume: bool,
    /// Run the same seeds with another omnisim, say one that was built over your branch of the
    /// library, and tell which verdicts differ and where the first run parts. What another
    /// omnisim printed with --format json will do, too.
    #[arg(long, value_name = "PROGRAM|REPORT", requires = "seeds", conflicts_with_all = ["budget", "resume", "keep_going"])]
    pub(in crate::cli) against: Option<PathBuf>,
    /// After the seeds, search for so long, as 60s, every schedule from where runs that covered
    /// something new had got to when the lead first passed to another replica: a client writes,
    /// another reads, and a replica attempts to lead.
    #[arg(long, value_parser = wall_time, value_name = "TIME", conflicts_with = "against")]
    pub(in crate::cli) deepen: Option<Duration>,
    /// Take from the system what it relies on: links that lose, repeat and reorder, disks
    /// that forget, clocks that lie. Then neither agreement nor acknowledged writes can be
    /// promised.
    #[arg(long, conflicts_with = "scenarios")]
    pub(in crate::cli) unlimited: bool,
    #[command(flatten)]
    pub(in crate::cli) tested: Tested,
    #[command(flatten)]
    pub(in crate::cli) twice: Twice,
    /// Keep failing runs as they are.
    #[arg(long)]
    pub(in crate::cli) no_shrink: bool,
    /// How long shrinking one failing run may take.
    #[arg(long, value_parser = wall_time, value_name = "TIME", default_value = "60s")]
    pub(in crate::cli) shrink_for: Duration,
    /// The folder that receives repro files and the state of the hunt.
    #[arg(long, default_value = "reports", value_name = "DIR")]
    pub(in crate::cli) out: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) run_budget: BudgetArgs,
    /// How results are printed.
    #[arg(long, value_parser = report_format(), default_value = "text", value_name = "FORMAT")]
    pub(in crate::cli) format: &'static reporters::Format,
    #[command(flatten)]
    pub(in crate::cli) manner: Pace,
}
