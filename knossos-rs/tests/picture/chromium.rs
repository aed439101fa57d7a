//! The browser that a machine has: the one that it names in `CHROMIUM`, or that is found.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A browser without a screen that prints what becomes of a page, which is to be named;
/// `None`, and a word about it, where there is no browser.
pub(crate) fn headless(profile: &Path) -> Option<Command> {
    let Some(chromium) = chromium() else {
        eprintln!("skipped: no Chromium was found, so nothing was looked at");
        return None;
    };
    let mut command = Command::new(chromium);
    command
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--timeout=30000",
            "--virtual-time-budget=4000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .stdin(Stdio::null());
    Some(command)
}

/// Its program.
#[expect(
    clippy::disallowed_methods,
    reason = "which browser a machine has is its own affair"
)]
fn chromium() -> Option<PathBuf> {
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
