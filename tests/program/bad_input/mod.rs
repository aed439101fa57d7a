//! Bad input: one message that says where and what would be right, exit 2, and
//! nothing written.

mod files;
mod keys;
mod names;
mod options;
mod repros;
mod shapes;

use crate::arguments;
use crate::common::{Folder, Said, omnisim};

/// Runs a scenario that is wrong; nothing may come of it but the message.
fn refused(text: &str) -> Said {
    let (texts, out) = (Folder::new(), Folder::new());
    let path = texts.write("bad.toml", text);
    let said = omnisim(arguments!["run", path, "--save", "--out", out.path()]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
    assert!(out.names().is_empty(), "{:?}", out.names());
    assert_eq!(said.err.matches("error: ").count(), 1, "{}", said.err);
    said
}

/// The message names the line, and what would be right.
fn refused_at(line: usize, text: &str, right: &str) {
    let said = refused(text);
    let names_it = said.err.contains(&format!("bad.toml:{line}: "));
    assert!(names_it && said.err.contains(right), "{text}\n{}", said.err);
}
