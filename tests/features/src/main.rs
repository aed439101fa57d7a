//! The program of a user whose build of OmniPaxos has features of its own.

fn main() -> std::process::ExitCode {
    omnisim::cli::main(omnisim::systems![omnisim::systems::kv::Kv])
}
