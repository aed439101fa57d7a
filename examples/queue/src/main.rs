//! The program: every subcommand of omnisim, for the queue.

use std::process::ExitCode;

use queue::Queue;

fn main() -> ExitCode {
    omnisim::cli::main(omnisim::systems![Queue])
}
