//! What can be said to several subcommands.

use clap::{Args, ValueEnum};

use crate::search::Repeats;

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
