//! The program: every subcommand of omnisim, for the server.

use std::process::ExitCode;

use omnisim::prelude::Whole;
use own_server::OwnServer;

fn main() -> ExitCode {
    omnisim::cli::main(omnisim::systems![Whole<OwnServer>])
}
