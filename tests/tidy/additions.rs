//! Kept patches (`tests/additions/`): each adds something, in the files that `ARCHITECTURE.md` says
//! and in no others.

/// The files that a patch touches.
pub(crate) fn touched(patch: &str) -> Vec<&str> {
    let lines = patch.lines();
    lines
        .filter_map(|line| line.strip_prefix("+++ b/"))
        .collect()
}

/// What the table says of where to add some things, each by the first column of its row.
///
/// # Panics
/// If it has no such row.
pub(crate) fn rows<'t>(table: &'t str, what: &[&str]) -> Vec<&'t str> {
    let row = |what: &&str| {
        let begins = format!("| {what} |");
        let mut rows = table.lines().filter(|line| line.starts_with(&begins));
        rows.next()
            .unwrap_or_else(|| panic!("no row says where to add {what}"))
    };
    what.iter().map(row).collect()
}

/// The files that a patch touches and that none of the rows names: by its path, by its name beside
/// another one, or, if it is new, by its folder.
pub(crate) fn unnamed<'p>(patch: &'p str, rows: &[&str]) -> Vec<&'p str> {
    let is_named = |file: &&str| {
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let is_new = patch.contains(&format!("--- /dev/null\n+++ b/{file}\n"));
        rows.iter().any(|row| {
            row.contains(&format!("`{file}`"))
                || row.contains(&format!("`{name}`"))
                || row.contains(&format!("`{folder}/`")) && (is_new || name != "mod.rs")
        })
    };
    let mut unnamed = touched(patch);
    unnamed.retain(|file| !is_named(file));
    unnamed
}

#[test]
fn a_planted_file_that_no_row_names_is_caught() {
    let table =
        "| a thing | one file in `src/things/`, a line in `src/list.rs`, one in `count.rs` |\n";
    let patch = "--- /dev/null\n+++ b/src/things/new.rs\n--- a/src/list.rs\n+++ b/src/list.rs\n\
                 --- a/src/other/count.rs\n+++ b/src/other/count.rs\n";
    let rows = rows(table, &["a thing"]);
    assert_eq!(unnamed(patch, &rows), Vec::<&str>::new());
    let more = format!("{patch}--- a/src/things/mod.rs\n+++ b/src/things/mod.rs\n");
    assert_eq!(unnamed(&more, &rows), ["src/things/mod.rs"]);
}
