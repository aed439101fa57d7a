//! The program: every subcommand of omnisim, for the register.

use std::process::ExitCode;

fn main() -> ExitCode {
    omnisim::cli::main(register::SYSTEMS)
}
