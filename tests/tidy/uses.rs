//! What the files of a crate use of each other.

use std::collections::{BTreeMap, BTreeSet};

use super::code::{before_tests, without_comments_and_literals};

/// A file by its path as a module: `["world", "trace"]`.
pub(crate) type Module = Vec<String>;

/// Names with `::` between them.
type Path = Vec<String>;

/// What comes before the name of an item where it is defined.
const DEFINING: [&str; 8] = [
    "fn",
    "struct",
    "enum",
    "trait",
    "const",
    "type",
    "static",
    "macro_rules",
];

/// A file, as far as it uses others.
pub(crate) struct File {
    module: Module,
    imports: Vec<Import>,
    /// All paths outside of the `use` lines, and all words, which are paths of one name.
    words: Vec<Path>,
}

/// One name of a `use` line.
struct Import {
    path: Path,
    /// What it is called in the file.
    name: String,
    /// Whether others can import it from here.
    is_public: bool,
}

impl File {
    pub(crate) fn of(module: Module, text: &str) -> File {
        let code = without_comments_and_literals(text);
        let (mut imports, mut rest) = (Vec::new(), String::new());
        for statement in before_tests(&code).split(';') {
            let (before, tree) = use_in(statement).unwrap_or((statement, ""));
            let last = before.split_whitespace().next_back();
            let is_public = last.is_some_and(|word| word.starts_with("pub"));
            imports.extend(paths(tree).into_iter().map(|(path, name)| Import {
                path,
                name,
                is_public,
            }));
            rest.push_str(before);
            rest.push(';');
        }
        File {
            module,
            imports,
            words: words(&rest),
        }
    }

    /// Whether it lies in the same room as another: the same folder of the crate.
    pub(crate) fn is_in_room_of(&self, other: &Module) -> bool {
        !other.is_empty() && self.module.first() == other.first()
    }

    /// The files that the `use` lines name, apart from the folders that this one lies in: a folder
    /// tells of its files.
    pub(crate) fn used(&self, files: &BTreeMap<Module, File>) -> BTreeSet<Module> {
        let imported = self.imports.iter().filter_map(|import| {
            let mut named = absolute(&self.module, &import.path);
            while !named.is_empty() && !files.contains_key(&named) {
                named.pop();
            }
            (!named.is_empty() && !self.module.starts_with(&named)).then_some(named)
        });
        imported.collect()
    }

    /// The files that define what is used here, be it imported or named by its path, and whichever
    /// other file hands it on.
    pub(crate) fn used_items(&self, files: &BTreeMap<Module, File>) -> BTreeSet<Module> {
        let is_named = |name: &String| self.words.iter().any(|word| word[0] == *name);
        // What is public and not named here is only handed on.
        let imports = self.imports.iter();
        let imports = imports.filter(|import| !import.is_public || is_named(&import.name));
        let imported = imports.map(|import| absolute(&self.module, &import.path));
        let inline = self.words.iter().filter(|path| path.len() > 1);
        let inline = inline.filter_map(|path| self.meant_by(path, files));
        let defining = imported
            .chain(inline)
            .filter_map(|path| defining(&path, files, &mut BTreeSet::new()));
        defining.filter(|module| *module != self.module).collect()
    }

    /// The path from the crate's root on that a path in the code stands for, unless it begins with
    /// something that is no file of the crate.
    fn meant_by(&self, path: &[String], files: &BTreeMap<Module, File>) -> Option<Path> {
        let first = &path[0];
        let child = [&self.module[..], std::slice::from_ref(first)].concat();
        if matches!(&first[..], "crate" | "self" | "super") || files.contains_key(&child) {
            return Some(absolute(&self.module, path));
        }
        let import = self.imports.iter().find(|import| import.name == *first)?;
        let file = absolute(&self.module, &import.path);
        files
            .contains_key(&file)
            .then(|| [&file, &path[1..]].concat())
    }

    fn defines(&self, name: &str) -> bool {
        let pairs = self.words.windows(2);
        let mut pairs = pairs.filter(|pair| pair[1][0] == name);
        pairs.any(|pair| pair[0].len() == 1 && DEFINING.contains(&&pair[0][0][..]))
    }
}

/// The file that defines what an absolute path names; none for a file itself.
fn defining(
    path: &[String],
    files: &BTreeMap<Module, File>,
    passed: &mut BTreeSet<Path>,
) -> Option<Module> {
    let mut lengths = (0..=path.len()).rev();
    let length = lengths.find(|length| files.contains_key(&path[..*length]))?;
    let (module, rest) = path.split_at(length);
    let name = rest.first()?;
    let file = &files[module];
    let import = file.imports.iter().find(|import| import.name == *name);
    match import.filter(|_| !file.defines(name) && passed.insert(path.to_vec())) {
        Some(import) => {
            let from = absolute(module, &import.path);
            defining(&[&from, &rest[1..]].concat(), files, passed)
        }
        None => Some(module.to_vec()),
    }
}

/// What comes before the `use` of a statement, if it is one, and the tree of paths after it.
fn use_in(statement: &str) -> Option<(&str, &str)> {
    let (before, tree) = statement.rsplit_once("use ")?;
    // A word that ends so is another one.
    let is_word = !before.ends_with(|last: char| last.is_alphanumeric() || last == '_');
    is_word.then_some((before, tree))
}

/// The path from the crate's root on that is meant within a module.
fn absolute(module: &[String], path: &[String]) -> Path {
    let mut at = module.to_vec();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("crate") => (at, rest) = (Path::new(), &path[1..]),
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

/// The paths of a tree of uses, with what each is called: of `a::{b, c::d as e}` these are `a::b`
/// as `b` and `a::c::d` as `e`.
fn paths(tree: &str) -> Vec<(Path, String)> {
    let Some((head, group)) = tree.split_once('{') else {
        return path(tree).into_iter().collect();
    };
    let head = names(head);
    let group = group.trim_end().strip_suffix('}').unwrap_or(group);
    let (mut depth, mut begin, mut found) = (0, 0, Vec::new());
    for (place, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.extend(paths(&group[begin..place]));
                begin = place + 1;
            }
            _ => {}
        }
    }
    let whole = |(path, name): (Path, String)| {
        let is_head = path == ["self"];
        let name = head
            .last()
            .filter(|_| is_head && name == "self")
            .cloned()
            .unwrap_or(name);
        let path = if is_head {
            head.clone()
        } else {
            [&head[..], &path].concat()
        };
        (path, name)
    };
    found.into_iter().map(whole).collect()
}

/// A path without braces, with what it is called.
fn path(text: &str) -> Option<(Path, String)> {
    let (path, name) = text.split_once(" as ").unwrap_or((text, ""));
    let path = names(path);
    let last = path.last()?.clone();
    let name = if name.is_empty() {
        last
    } else {
        name.trim().to_owned()
    };
    Some((path, name))
}

fn names(path: &str) -> Path {
    let names = path.split("::").map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The words of code, those with `::` between them as one path.
fn words(code: &str) -> Vec<Path> {
    // A single colon is before a type.
    let code = code
        .replace("::", "\0")
        .replace(':', " ")
        .replace('\0', "::");
    let is_apart = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'));
    let words = code.split(is_apart).map(names);
    words.filter(|path| !path.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_text(path: &[String]) -> String {
        path.join("::")
    }

    #[test]
    fn the_paths_of_a_tree_are_told_with_what_they_are_called() {
        let tree = "a::{self, b, c::{d as e, f},\n}";
        let found = paths(tree);
        let found: Vec<_> = found
            .iter()
            .map(|(path, name)| (as_text(path), &name[..]))
            .collect();
        let expected = [
            ("a", "a"),
            ("a::b", "b"),
            ("a::c::d", "e"),
            ("a::c::f", "f"),
        ];
        assert_eq!(found, expected.map(|(path, name)| (path.to_owned(), name)));
    }

    #[test]
    fn words_with_two_colons_between_them_are_one_path() {
        let found = words("fn a(b: super::c::D) -> E::<f>::g { h() }");
        let found: Vec<_> = found.iter().map(|path| as_text(path)).collect();
        assert_eq!(found, ["fn", "a", "b", "super::c::D", "E", "f", "g", "h"]);
    }
}
