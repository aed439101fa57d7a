//! What can be said to `omnisim model`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{Manner, wall_time};

/// Take every schedule of a small scenario, up to the bounds of its [model] table.
///
/// Every order in which messages can arrive, every loss, crash, attempt to lead and retry
/// that the bounds allow, on the real code of the replicas. The result is complete unless
/// it was stopped; then it is unknown, and says how far it came. Where the scenario expects
/// a violation, one thread searches, so that the first that is found is a shortest.
#[derive(Args, Debug)]
pub(in crate::cli) struct ModelArgs {
    /// The scenario.
    #[arg(value_name = "SCENARIO")]
    pub(in crate::cli) scenario: PathBuf,
    /// Stop after this time, as 10m, with what was covered.
    #[arg(long, value_name = "TIME", value_parser = wall_time)]
    pub(in crate::cli) time_limit: Option<Duration>,
    /// Stop when this many different states were found, with what was covered.
    #[arg(long, value_name = "N", default_value_t = 50_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) states: u64,
    /// The folder that receives the repro file of a schedule that breaks something.
    #[arg(long, default_value = "reports", value_name = "DIR")]
    pub(in crate::cli) out: PathBuf,
    /// How.
    #[command(flatten)]
    pub(in crate::cli) manner: Manner,
}
