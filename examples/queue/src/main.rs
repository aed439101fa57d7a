//! The program: every subcommand of omnisim, for the queue.

use std::process::ExitCode;

fn main() -> ExitCode {
    omnisim::cli::main(queue::SYSTEMS)
}
