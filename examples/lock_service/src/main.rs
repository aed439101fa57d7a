//! The program: every subcommand of omnisim, for the lock service.

use std::process::ExitCode;

use lock_service::{LockModel, LockService};
use omnisim::cli::HistoryModel;

/// So that `check --model lock_service` judges histories of the real service, too.
const LOCKS: HistoryModel = HistoryModel::of::<LockModel>(
    "lock_service",
    "command: {\"lock\": ..., \"client\": ..., \"ask\": \"acquire\", \"release\" or \"holder\"}",
);

fn main() -> ExitCode {
    omnisim::cli::main_with(omnisim::systems![LockService], &[LOCKS])
}
