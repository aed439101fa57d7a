//! What can be said to several subcommands.

use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::reporters;
use crate::search::Repeats;
use crate::units::Time;

/// The folder that receives what is kept, where none is named.
pub(in crate::cli) const FOLDER: &str = "reports";

/// How much a command does at a time, and shows.
#[derive(Args, Clone, Debug)]
pub(in crate::cli) struct Pace {
    /// How many things are done at the same time; by default one per core.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Show no progress.
    #[arg(long, short)]
    pub(in crate::cli) quiet: bool,
}

impl Pace {
    /// How many threads do the work.
    pub(in crate::cli) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.jobs.map_or_else(cores, usize::from)
    }
}

/// A format of reports, by its name.
pub(super) fn report_format() -> impl TypedValueParser<Value = &'static reporters::Format> {
    let all = reporters::FORMATS.iter();
    let all = all.map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new(all.collect::<Vec<_>>())
        .map(|name| reporters::Format::named(&name).expect("it is one of the possible values"))
}

/// A time of the wall clock that is not nothing.
pub(super) fn wall_time(text: &str) -> Result<Duration, String> {
    let time: Time = text.parse()?;
    if time.as_nanos() == 0 {
        return Err("no time is left to check anything: write more than 0s".to_owned());
    }
    Ok(Duration::from_nanos(time.as_nanos()))
}

/// Which runs are made twice.
#[derive(Args, Clone, Copy, Debug)]
pub(in crate::cli) struct Twice {
    /// Which runs are made twice, to find code that is not deterministic: all, as when nothing
    /// follows, or none; by default a sample, the first seed of each scenario and every 64th
    /// after it. What differs first is reported, and ends with exit code 5.
    #[arg(
        long,
        value_enum,
        value_name = "WHICH",
        num_args = 0..=1,
        require_equals = true,
        default_value = "sample",
        default_missing_value = "all"
    )]
    verify: Which,
}

/// The choices of `--verify`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Every run.
    All,
    /// The first seed of each scenario, and every 64th after it.
    Sample,
    /// No run.
    None,
}

impl Twice {
    /// Which runs are made twice.
    pub(in crate::cli) fn repeats(self) -> Repeats {
        match self.verify {
            Which::All => Repeats::Always,
            Which::Sample => Repeats::Sample,
            Which::None => Repeats::Never,
        }
    }
}

/// Which system is tested.
#[derive(Args, Clone, Debug, Default)]
pub(in crate::cli) struct Tested {
    /// The system to test, in place of the one that a scenario names. By default, a scenario
    /// that names none is about "kv", or about the only system of this program.
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) system: Option<String>,
}

impl Tested {
    /// Its name, if one is given.
    pub(in crate::cli) fn name(&self) -> Option<&str> {
        self.system.as_deref()
    }

    /// The words that say the same again.
    pub(in crate::cli) fn words(&self) -> Vec<String> {
        let system = self.system.iter();
        system
            .flat_map(|system| ["--system".to_owned(), system.clone()])
            .collect()
    }
}
