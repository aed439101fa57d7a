//! The program: every subcommand of omnisim, for the lock service.

use std::process::ExitCode;

fn main() -> ExitCode {
    omnisim::cli::main_with(lock_service::SYSTEMS, lock_service::MODELS)
}
