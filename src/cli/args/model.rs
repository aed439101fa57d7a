//! What can be said to `omnisim model`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::shared::{Pace, Tested, report_format, wall_time};
use crate::explore::{Reduction, Search};
use crate::reporters;
use crate::units::{Time, parse_seed};

/// Take every schedule of a small scenario, up to the bounds of its [model] table.
///
/// Every order in which messages can arrive, every loss, crash, attempt to lead and retry
/// that the bounds allow, on the real code of the replicas. The result is complete unless
/// it was stopped; then it is unknown, and says how far it came; or unless too little happens
/// in it to prove anything: a client must be answered, an answered command change something
/// and an entry be decided in some schedule, or what model.require says. Clients do "write",
/// "read", or what the system's workload lists; timers fire `ticks` times at any moment, and
/// when they are due while `time` passes. Where the scenario expects
/// a violation, one thread searches, so that the first that is found is a shortest, where a
/// crash and the start after it count as one. A schedule that breaks something is written to a repro file, for `replay` and `shrink`.
#[derive(Args, Debug)]
pub(in crate::cli) struct ModelArgs {
    /// The scenario; with --from, the one whose bounds are taken, if not the run's own.
    #[arg(value_name = "SCENARIO", required_unless_present = "from")]
    pub(in crate::cli) scenario: Option<PathBuf>,
    /// Begin with the state of a run: that of a repro file, or of a scenario with --from-seed.
    /// What its clients saw until then counts. Where neither has a [model] table, a client
    /// writes, another reads, and a replica attempts to lead.
    #[arg(long, value_name = "FILE", requires = "until")]
    pub(in crate::cli) from: Option<PathBuf>,
    /// With --from: the simulated time at which the run is halted, as 1500ms.
    #[arg(long, value_name = "TIME", requires = "from")]
    pub(in crate::cli) until: Option<Time>,
    /// With --from: the seed, for a scenario.
    #[arg(long, value_name = "SEED", value_parser = parse_seed, requires = "from", allow_hyphen_values = true)]
    pub(in crate::cli) from_seed: Option<u64>,
    /// In which order schedules are taken. Random walks are never complete: what breaks
    /// nothing on them is unknown.
    #[arg(long, value_enum, default_value_t = Order::BreadthFirst, value_name = "ORDER")]
    pub(in crate::cli) search: Order,
    /// With --search random: where walks come from. The same seed takes the same walks. By
    /// default 0.
    #[arg(long, value_parser = parse_seed, allow_hyphen_values = true)]
    pub(in crate::cli) seed: Option<u64>,
    /// With --search random: how many walks are taken. By default 10000.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) walks: Option<u64>,
    /// Stop after this time, as 10m, with what was covered.
    #[arg(long, value_name = "TIME", value_parser = wall_time)]
    pub(in crate::cli) time_limit: Option<Duration>,
    /// Stop soon after this many different states were found, with what was covered.
    #[arg(long, value_name = "N", default_value_t = 50_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) states: u64,
    /// Stop when what is kept of states takes about this much memory, as 4GiB or 500MiB,
    /// with what was covered.
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub(in crate::cli) memory_limit: Option<u64>,
    /// Take schedules, too, that this reduction would leave out because others show the
    /// same; can be given more than once.
    #[arg(long, value_name = "REDUCTION", value_parser = reduction)]
    pub(in crate::cli) without_reduction: Vec<Reduction>,
    /// Serve a page at this address, by default localhost:3000, on which one goes from state to
    /// state; port 0 stands for a free one. Nothing is searched until the page asks for it.
    #[arg(
        long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "localhost:3000",
        conflicts_with_all = ["search", "seed", "walks", "time_limit", "memory_limit", "out"]
    )]
    pub(in crate::cli) explore: Option<String>,
    /// The folder that receives the repro file of a schedule that breaks something.
    #[arg(long, default_value = "reports", value_name = "DIR")]
    pub(in crate::cli) out: PathBuf,
    /// How.
    #[command(flatten)]
    pub(in crate::cli) tested: Tested,
    /// How the result is printed.
    #[arg(long, value_parser = report_format(), default_value = "text", value_name = "FORMAT")]
    pub(in crate::cli) format: &'static reporters::Format,
    #[command(flatten)]
    pub(in crate::cli) manner: Pace,
}

/// How many random walks are taken where nothing else is said.
const WALKS: u64 = 10_000;

/// In which order schedules are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Order {
    /// Short ones first.
    BreadthFirst,
    /// Each to its end before the next: less memory, longer counterexamples.
    DepthFirst,
    /// Walks, each step drawn.
    Random,
}

impl ModelArgs {
    /// The order, with what belongs to it.
    ///
    /// # Errors
    /// Something is said of random walks, and none are taken.
    pub(in crate::cli) fn order(&self) -> Result<Search, String> {
        let of_walks = [
            ("--seed", self.seed.is_some()),
            ("--walks", self.walks.is_some()),
        ];
        let of_walks = of_walks.into_iter().find(|(_, is_given)| *is_given);
        Ok(match (self.search, of_walks) {
            (Order::Random, _) => Search::Random {
                seed: self.seed.unwrap_or(0),
                walks: self.walks.unwrap_or(WALKS),
            },
            (_, Some((option, _))) => {
                return Err(format!(
                    "{option} is about random walks; add --search random, or remove it"
                ));
            }
            (Order::BreadthFirst, None) => Search::BreadthFirst,
            (Order::DepthFirst, None) => Search::DepthFirst,
        })
    }
}

fn reduction(text: &str) -> Result<Reduction, String> {
    let mut all = Reduction::ALL.into_iter();
    all.find(|reduction| reduction.name() == text)
        .ok_or_else(|| {
            let names = Reduction::ALL.map(Reduction::name).join(", ");
            format!("there is no such reduction; they are {names}")
        })
}

/// A size in bytes.
fn memory(text: &str) -> Result<u64, String> {
    let wrong = || "a size is a whole number with KiB, MiB or GiB, as 4GiB".to_owned();
    let (number, unit) = [("KiB", 10), ("MiB", 20), ("GiB", 30)]
        .into_iter()
        .find_map(|(unit, bits)| Some((text.strip_suffix(unit)?, bits)))
        .ok_or_else(wrong)?;
    let number: u64 = number.trim().parse().map_err(|_| wrong())?;
    let bytes = number.checked_mul(1 << unit).ok_or_else(wrong)?;
    if bytes == 0 {
        return Err("nothing can be searched in no memory: write more than 0".to_owned());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        assert_eq!(memory("4GiB"), Ok(4 << 30));
        assert_eq!(memory("512 MiB"), Ok(512 << 20));
        for wrong in ["4", "0GiB", "GiB", "4GB", "-1MiB", "99999999999GiB"] {
            assert!(memory(wrong).is_err(), "{wrong}");
        }
    }
}
