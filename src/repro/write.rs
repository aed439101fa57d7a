//! Writes files so that they are whole or not there.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A file could not be written.
#[derive(Debug)]
pub struct WriteError {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub error: std::io::Error,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: cannot be written: {}",
            self.path.display(),
            self.error
        )
    }
}

impl std::error::Error for WriteError {}

/// Writes `content` to `path`, by way of a temporary file beside it that is
/// synced and renamed: a reader sees the old file or the whole new one.
///
/// # Errors
/// When the folder cannot be made, or the file not be written; what was there before stays.
pub fn write_atomically(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    let failed = |error| WriteError {
        path: path.to_owned(),
        error,
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let temporary = temporary_beside(path);
    let write = || {
        let mut file = std::fs::File::create(&temporary)?;
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    };
    write().map_err(|error| {
        // The half-written file helps nobody; that it cannot be removed changes nothing.
        let _ = std::fs::remove_file(&temporary);
        failed(error)
    })
}

/// A file of which nobody else knows: tests of one program write the same path at the same time.
fn temporary_beside(path: &Path) -> PathBuf {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.{number}.tmp", std::process::id()));
    path.with_file_name(name)
}
