//! Circles of files: each uses, directly or by way of others, every other one.

use std::collections::{BTreeMap, BTreeSet};

use super::code::{before_tests, without_comments_and_literals};

/// A file by its path as a module: `["world", "trace"]`.
type Module = Vec<String>;

/// The circles of files within the rooms of `src/`, as paths; each in order, without the files
/// of tests. That a file uses the folder that it lies in is none: a folder tells of its files.
pub(crate) fn circles<'s>(sources: impl Iterator<Item = (&'s str, &'s str)>) -> Vec<Vec<String>> {
    let files: BTreeMap<Module, String> = sources
        .filter_map(|(path, text)| Some((module_of(path)?, text.to_owned())))
        .collect();
    let known: BTreeSet<&Module> = files.keys().collect();
    let uses: BTreeMap<&Module, BTreeSet<Module>> = files
        .iter()
        .map(|(module, text)| (module, used(module, text, &known)))
        .collect();
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = files
        .keys()
        .map(|from| (from, reach(from, &uses)))
        .collect();
    let mut circles = BTreeSet::new();
    for (module, reached_from) in &reached {
        let is_in = |other: &&&Module| reached[**other].contains(*module);
        let circle: Vec<String> = reached_from
            .iter()
            .filter(is_in)
            .map(|file| file.join("/"))
            .collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    circles.into_iter().collect()
}

/// The module that a file of a room is; none for the root, other crates and tests.
fn module_of(path: &str) -> Option<Module> {
    let inside = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let inside = inside.strip_suffix("/mod").unwrap_or(inside);
    let module: Module = inside.split('/').map(str::to_owned).collect();
    let is_test = module.iter().any(|part| part == "tests");
    (module.len() > 1 && !is_test).then_some(module)
}

/// The files that are reached by following uses, at least one.
fn reach<'m>(
    from: &'m Module,
    uses: &'m BTreeMap<&Module, BTreeSet<Module>>,
) -> BTreeSet<&'m Module> {
    let mut reached: BTreeSet<&Module> = BTreeSet::new();
    let mut next: Vec<&Module> = uses[from].iter().collect();
    while let Some(module) = next.pop() {
        if reached.insert(module) {
            next.extend(&uses[module]);
        }
    }
    reached
}

/// The files that a file's `use` lines name, apart from the folders that it lies in.
fn used(module: &Module, text: &str, known: &BTreeSet<&Module>) -> BTreeSet<Module> {
    let code = without_comments_and_literals(text);
    let code = before_tests(&code);
    let mut used = BTreeSet::new();
    for statement in code.split(';') {
        let Some((before, tree)) = statement.rsplit_once("use ") else {
            continue;
        };
        // A word that ends so is another one.
        if before.ends_with(|last: char| last.is_alphanumeric() || last == '_') {
            continue;
        }
        for path in paths(tree) {
            let mut named = absolute(module, &path);
            while !named.is_empty() && !known.contains(&named) {
                named.pop();
            }
            if !named.is_empty() && !module.starts_with(&named) {
                used.insert(named);
            }
        }
    }
    used
}

/// The path from the crate's root on that is meant within a module.
fn absolute(module: &Module, path: &[String]) -> Module {
    let mut at = module.clone();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("crate") => (at, rest) = (Module::new(), &path[1..]),
        Some("self") => rest = &path[1..],
        _ => {}
    }
    while rest.first().is_some_and(|first| first == "super") {
        at.pop();
        rest = &rest[1..];
    }
    at.extend_from_slice(rest);
    at
}

/// The paths of a tree of uses: of `a::{b, c::d}` these are `a::b` and `a::c::d`.
fn paths(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let Some((head, group)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or(tree);
        return vec![
            path.split("::")
                .map(|part| part.trim().to_owned())
                .collect(),
        ];
    };
    let head: Vec<String> = head
        .split("::")
        .map(|part| part.trim().to_owned())
        .collect();
    let head = &head[..head.len() - 1];
    let group = group.strip_suffix('}').unwrap_or(group);
    let (mut depth, mut begin, mut found) = (0, 0, Vec::new());
    for (place, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !group[begin..place].trim().is_empty() {
                    found.extend(paths(&group[begin..place]));
                }
                begin = place + 1;
            }
            _ => {}
        }
    }
    found
        .into_iter()
        .map(|path| [head, &path].concat())
        .collect()
}

#[test]
fn a_planted_circle_is_found_however_its_uses_are_written() {
    let files = [
        ("src/room/mod.rs", "mod a; mod b; pub use a::A;"),
        ("src/room/a.rs", "use super::b::{self, B};"),
        (
            "src/room/b.rs",
            "use crate::{other::C, room::{deep::c::D as E}};",
        ),
        ("src/room/deep/c.rs", "pub(super) use super::super::a::A;"),
        (
            "src/room/d.rs",
            "use super::a::A; // use super::e::E;\nuse super::A as F;",
        ),
        (
            "src/room/e.rs",
            "use super::d::D;\n#[cfg(test)]\nmod tests {\n use super::super::f;\n}",
        ),
        ("src/room/f.rs", "use super::e::E;"),
    ];
    let found = circles(files.into_iter());
    assert_eq!(found, [["room/a", "room/b", "room/deep/c"]]);
}
