//! Prints what reporters say, on standard output and on standard error.

use std::io::Write;

use super::Exit;
use super::program::program;
use crate::reporters::{Format, Printed, Reporter, Settings, Styled};

/// Prints in one format.
pub(super) struct Printer {
    reporter: Box<dyn Reporter>,
    /// That nobody reads any more, or that nothing can be written.
    broken: Option<Exit>,
}

impl Printer {
    /// A printer of reports that may be one of several.
    pub(super) fn new(format: &Format, quiet: bool) -> Self {
        Self::with(format, quiet, false)
    }

    /// A printer of reports, of which there is only one if `is_alone`.
    pub(super) fn with(format: &Format, quiet: bool, is_alone: bool) -> Self {
        let settings = Settings {
            program: program(),
            styled: colours(format),
            is_alone,
            quiet,
        };
        Self {
            reporter: (format.reporter)(settings),
            broken: None,
        }
    }

    /// Prints what the reporter says. After a failure, nothing is printed any more.
    pub(super) fn print(
        &mut self,
        told: impl FnOnce(&mut dyn Reporter) -> Printed,
    ) -> Result<(), Exit> {
        self.whole()?;
        let Printed { out, err } = told(&mut *self.reporter);
        if !err.is_empty() {
            say!("{}", err.trim_end());
        }
        if !out.is_empty()
            && let Err(exit) = print(&out)
        {
            self.broken = Some(exit);
        }
        self.whole()
    }

    /// Whether all could be printed.
    pub(super) fn whole(&self) -> Result<(), Exit> {
        self.broken.clone().map_or(Ok(()), Err)
    }
}

/// Colours for a terminal, unless the reader said otherwise (<https://no-color.org>), where people
/// read.
fn colours(format: &Format) -> Styled {
    if format.is_for_people {
        styled()
    } else {
        Styled::default()
    }
}

/// Colours for a terminal, unless the reader said otherwise.
#[expect(
    clippy::disallowed_methods,
    reason = "how a line looks is no part of a run"
)]
pub(super) fn styled() -> Styled {
    use std::io::IsTerminal;
    let colours = std::io::stdout().is_terminal()
        && std::env::var("NO_COLOR").map_or(true, |value| value.is_empty());
    Styled { colours }
}

/// Writes to standard output; a closed pipe is not an error.
pub(super) fn print(text: &str) -> Result<(), Exit> {
    let mut output = std::io::stdout().lock();
    match output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
    {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Exit::io(format!("standard output: {error}"))),
        Ok(()) => Ok(()),
    }
}
