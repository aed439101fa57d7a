//! The program: every subcommand of omnisim, for the lock service.

use std::process::ExitCode;

fn main() -> ExitCode {
    omnisim::cli::main(lock_service::SYSTEMS)
}
