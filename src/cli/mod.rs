//! The command line: one file per subcommand, parsing and printing only.

/// Says something on standard error; that nobody can hear it changes nothing.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($words)*);
    }};
}

mod args;
mod bugs;
mod check;
mod exit;
mod explorer;
mod follower;
mod going_on;
mod graphs;
mod hunt;
mod interrupt;
mod memory;
mod model;
mod notes;
mod printing;
mod program;
mod progress;
mod replay;
mod run;
mod scenarios;
mod shrink;
mod source;
mod stopwatch;
mod watchdog;

pub use crate::histories::HistoryModel;
pub use exit::Exit;

use std::collections::BTreeSet;
use std::process::ExitCode;

use crate::replica::refuse_aborting_panics;
use crate::search::{Systems, UnderWay};
use args::{Arguments, Command};

/// The whole program, for the systems that a binary can test.
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     omnisim::cli::main(omnisim::systems![omnisim::systems::kv::Kv])
/// }
/// ```
pub fn main(systems: Systems<'static>) -> ExitCode {
    main_with(systems, &[])
}

/// The same, with models of one's own for `check --model`.
///
/// ```no_run
/// # use knossos::models::register::Register;
/// # use omnisim::systems::kv::Kv;
/// use omnisim::cli::HistoryModel;
///
/// fn main() -> std::process::ExitCode {
///     const MINE: HistoryModel = HistoryModel::of::<Register>("mine", "read, write, clear");
///     omnisim::cli::main_with(omnisim::systems![Kv], &[MINE])
/// }
/// ```
pub fn main_with(systems: Systems<'static>, models: &'static [HistoryModel]) -> ExitCode {
    let arguments = Arguments::read(models);
    let (systems, under_way) = watchdog::watch(systems, &arguments);
    let result = refuse_aborting_panics()
        .map_err(Exit::usage)
        .and_then(|()| dispatch(arguments, systems, models, under_way));
    // What is over ended well.
    under_way.end_notes();
    match result {
        Ok(exit) => exit.code(),
        Err(exit) => {
            if !exit.message.is_empty() {
                say!("error: {}", exit.message);
            }
            exit.code()
        }
    }
}

fn dispatch(
    arguments: Arguments,
    systems: Systems<'static>,
    models: &'static [HistoryModel],
    under_way: &UnderWay,
) -> Result<Exit, Exit> {
    let runs_nothing = matches!(arguments.command, Command::Check(_) | Command::Scenarios(_));
    if !runs_nothing {
        let warnings: BTreeSet<_> = systems
            .iter()
            .filter_map(|one| (one.info().warning)())
            .collect();
        for warning in warnings {
            say!("warning: {warning}");
        }
    }
    match arguments.command {
        Command::Run(options) => run::run(&options, systems, under_way),
        Command::Replay(options) => replay::replay(&options, systems),
        Command::Hunt(options) => hunt::hunt(&options, systems, under_way),
        Command::Shrink(options) => shrink::shrink(&options, systems, under_way),
        Command::Graphs(options) => graphs::graphs(&options, systems, under_way),
        Command::Bugs(options) => bugs::bugs(&options, systems, under_way),
        Command::Model(options) => model::model(&options, systems, under_way),
        Command::Check(options) => check::check(&options, models),
        Command::Scenarios(options) => scenarios::scenarios(&options, systems),
    }
}
