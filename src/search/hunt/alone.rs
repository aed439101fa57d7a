//! One hunt in a folder at a time: two would write over each other's state.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::search::SearchError;

/// Nobody else hunts in a folder for as long as this is held; the system lets go of it when the
/// process ends, however it does.
#[derive(Debug)]
pub(super) struct Alone(#[expect(dead_code, reason = "what is locked is held open")] File);

impl Alone {
    /// Takes a folder, which is made if it is not there.
    ///
    /// # Errors
    /// When another hunt has it, or it cannot be written.
    pub(super) fn in_folder(folder: &Path) -> Result<Self, SearchError> {
        let shown = folder.display();
        let broken = |error: std::io::Error| {
            SearchError::Output(format!(
                "{shown}: cannot be written: {error}: name another folder with --out"
            ))
        };
        std::fs::create_dir_all(folder).map_err(broken)?;
        let file = lockable(folder).map_err(broken)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(SearchError::Input(format!(
                "{shown}: another hunt writes into it: wait for it, or name another folder with --out"
            ))),
            // Where a file system has no locks, nothing is worse than before.
            Err(TryLockError::Error(_)) => Ok(Self(file)),
        }
    }
}

/// The folder itself: a file in it could be removed, and made again by somebody else.
#[cfg(unix)]
fn lockable(folder: &Path) -> std::io::Result<File> {
    File::open(folder)
}

#[cfg(not(unix))]
fn lockable(folder: &Path) -> std::io::Result<File> {
    File::create(folder.join("hunt.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_taken_once_at_a_time() {
        let name = format!("omnisim-alone-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let first = Alone::in_folder(&folder).expect("it is free");
        let second = Alone::in_folder(&folder).expect_err("it is taken");
        assert!(second.to_string().contains("another hunt"), "{second:?}");
        assert!(second.to_string().contains("--out"), "{second:?}");
        drop(first);
        assert!(Alone::in_folder(&folder).is_ok());
        std::fs::remove_dir(&folder).expect("it is empty");
    }
}
