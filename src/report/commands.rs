//! The commands that do something with a run, to be pasted into a shell.

use std::path::Path;

/// The commands for one run.
///
/// ```
/// use omnisim::report::Commands;
/// use std::path::Path;
///
/// let commands = Commands {
///     program: "omnisim",
///     file: Path::new("my scenarios/hello.toml"),
///     seed: Some(7),
///     system: None,
/// };
/// assert_eq!(commands.shrink(), "omnisim shrink 'my scenarios/hello.toml' --seed 7");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Commands<'a> {
    /// The program that is called.
    pub program: &'a str,
    /// The repro file, or the scenario.
    pub file: &'a Path,
    /// The seed, of a scenario.
    pub seed: Option<u64>,
    /// The system, if it was named beside the file.
    pub system: Option<&'a str>,
}

impl Commands<'_> {
    fn of(&self, subcommand: &str) -> String {
        let file = self.file.display().to_string();
        let mut words = vec![
            shell_word(self.program),
            subcommand.to_owned(),
            shell_word(&file),
        ];
        words.extend(self.seed.map(|seed| format!("--seed {seed}")));
        let system = self.system.map(shell_word);
        words.extend(system.map(|system| format!("--system {system}")));
        words.join(" ")
    }

    /// Shows the run again.
    pub fn replay(&self) -> String {
        self.of("replay")
    }

    /// Makes it smaller.
    pub fn shrink(&self) -> String {
        self.of("shrink")
    }

    /// Runs a scenario's seed twice.
    pub fn verify(&self) -> String {
        format!("{} --verify", self.of("run"))
    }
}

/// The command that shows a run again, to be pasted into a shell: of a repro
/// file, or of a scenario with its seed.
///
/// ```
/// use omnisim::report::replay_command;
/// use std::path::Path;
///
/// let repro = Path::new("reports/my lock-7.repro.toml");
/// assert_eq!(replay_command("omnisim", repro, None), "omnisim replay 'reports/my lock-7.repro.toml'");
/// ```
pub fn replay_command(program: &str, file: &Path, seed: Option<u64>) -> String {
    let commands = Commands {
        program,
        file,
        seed,
        system: None,
    };
    commands.replay()
}

/// A word that a shell takes as it is.
fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
