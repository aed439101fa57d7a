//! What a folder holds.

use std::io;
use std::path::{Path, PathBuf};

/// All files in a folder and below it that are wanted, in the order of their paths. A
/// link to a folder is not followed: it may lead back up.
///
/// # Errors
/// When a folder cannot be read.
pub fn files(folder: &Path, is_wanted: &dyn Fn(&Path) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if path.is_file() && is_wanted(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
