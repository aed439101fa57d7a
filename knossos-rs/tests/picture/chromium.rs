//! The browser that a machine has: the one that it names in `CHROMIUM`, or that is found.

use std::path::PathBuf;

/// Its program.
#[expect(
    clippy::disallowed_methods,
    reason = "which browser a machine has is its own affair"
)]
pub(crate) fn chromium() -> Option<PathBuf> {
    if let Ok(chosen) = std::env::var("CHROMIUM") {
        return Some(chosen.into());
    }
    let folders = std::env::var("PATH").unwrap_or_default();
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    std::env::split_paths(&folders)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|path| path.is_file())
}
