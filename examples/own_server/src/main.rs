//! The program: every subcommand of omnisim, for the server.

use std::process::ExitCode;

fn main() -> ExitCode {
    omnisim::cli::main(own_server::SYSTEMS)
}
