//! The picture that `check --visualize` leaves: one, of the history that matters most.

use std::path::{Path, PathBuf};

use crate::cli::Exit;
use crate::cli::args::CheckArgs;
use crate::histories::{Found, Judged};
use crate::report::HistoryVerdict;
use crate::repro::write_atomically;
use crate::search::SearchError;

/// The picture to keep, of those seen so far.
pub(super) struct Gallery {
    file: Option<PathBuf>,
    kept: Option<Kept>,
}

struct Kept {
    of: String,
    page: String,
    is_violation: bool,
}

impl Gallery {
    /// Keeps nothing yet.
    ///
    /// # Errors
    /// When the picture would take the place of a history.
    pub(super) fn new(
        options: &CheckArgs,
        histories: &[Result<Found, SearchError>],
    ) -> Result<Self, Exit> {
        let file = options.visualize.clone();
        let real = |path: &Path| path.canonicalize().ok();
        if let Some(target) = file.as_deref().and_then(real) {
            let mut known = histories.iter().flatten();
            if known.any(|history| real(&history.path).as_ref() == Some(&target)) {
                let name = target.display();
                return Err(Exit::usage(format!(
                    "{name}: is a history; the picture needs a file of its own"
                )));
            }
        }
        Ok(Self { file, kept: None })
    }

    /// Keeps the picture of the judged history if it matters more than the one kept.
    pub(super) fn see(&mut self, judged: &mut Judged) {
        let is_violation = judged.report.verdict == HistoryVerdict::Violation;
        let Some(page) = judged.picture.take() else {
            return;
        };
        let is_better = self
            .kept
            .as_ref()
            .is_none_or(|kept| is_violation && !kept.is_violation);
        if is_better {
            self.kept = Some(Kept {
                of: judged.report.file.clone(),
                page,
                is_violation,
            });
        }
    }

    /// Writes the picture, and says so.
    ///
    /// # Errors
    /// When it cannot be written, which has been said.
    pub(super) fn hang(self) -> Result<(), Exit> {
        let Some(file) = self.file else {
            return Ok(());
        };
        let Some(kept) = self.kept else {
            say!("no picture was drawn: there was no history to draw");
            return Ok(());
        };
        if let Err(error) = write_atomically(&file, kept.page.as_bytes()) {
            say!("error: the picture of {}: {error}", kept.of);
            return Err(Exit::from(error).silent());
        }
        say!("the picture of {} is in {}", kept.of, file.display());
        Ok(())
    }
}
