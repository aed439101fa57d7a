//! The omnisim program, for the systems that come with it.

use std::process::ExitCode;

fn main() -> ExitCode {
    omnisim::cli::main(omnisim::systems::BUILT_IN)
}
