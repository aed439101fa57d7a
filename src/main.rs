//! The omnisim program, for the systems that come with it.

use std::process::ExitCode;

use omnisim::systems::kv::Kv;

fn main() -> ExitCode {
    omnisim::cli::main(omnisim::systems![Kv])
}
