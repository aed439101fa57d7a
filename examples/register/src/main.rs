//! The program: every subcommand of omnisim, for the register.

use std::process::ExitCode;

use omnisim::prelude::Whole;
use register::Register;

fn main() -> ExitCode {
    omnisim::cli::main(omnisim::systems![Whole<Register>])
}
