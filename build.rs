//! Tells the build which OmniPaxos it is built with, for repro files: version and
//! source as the lock file has them.

use std::path::{Path, PathBuf};

fn main() {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let lock = out
        .ancestors()
        .map(|folder| folder.join("Cargo.lock"))
        .find(|file| file.is_file());
    let library = lock
        .as_deref()
        .and_then(locked_library)
        .unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=OMNISIM_OMNIPAXOS={library}");
    if let Some(lock) = lock {
        println!("cargo::rerun-if-changed={}", lock.display());
    }
}

/// `0.2.4 (registry)`, `0.2.4 (git ...)` or `0.2.4 (path)`.
fn locked_library(lock: &Path) -> Option<String> {
    let text = std::fs::read_to_string(lock).ok()?;
    let package = text
        .split("[[package]]")
        .find(|package| package.contains("\nname = \"omnipaxos\"\n"))?;
    let field = |name: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.trim_start_matches(" = ").trim_matches('"').to_owned())
    };
    let version = field("version")?;
    let source = match field("source") {
        None => "path".to_owned(),
        Some(source) if source.starts_with("registry+") => "registry".to_owned(),
        Some(source) => source.replacen('+', " ", 1),
    };
    Some(format!("{version} ({source})"))
}
