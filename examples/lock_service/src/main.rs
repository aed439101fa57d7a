//! The program: every subcommand of omnisim, for the lock service.

use std::process::ExitCode;

use lock_service::LockService;

fn main() -> ExitCode {
    omnisim::cli::main(omnisim::systems![LockService])
}
