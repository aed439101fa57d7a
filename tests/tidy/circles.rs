//! Circles of files: each uses, directly or by way of others, every other one.

use std::collections::{BTreeMap, BTreeSet};

use super::uses::{File, Module};

/// The path of a file, and its text.
type Source<'s> = (&'s str, &'s str);

/// The circles of files within the rooms of `src/`, as paths; each in order, without the files
/// of tests. That a file uses the folder that it lies in is none: a folder tells of its files.
pub(crate) fn circles_of_rooms<'s>(sources: impl Iterator<Item = Source<'s>>) -> Vec<Vec<String>> {
    let mut files = files(sources, "src/");
    // The rooms themselves have an order of their own, and what lies beside them is in none.
    files.retain(|module, _| module.len() > 1);
    circles(&files, File::used)
}

/// The same by the stricter rule of the history checker: where an item is defined counts, be it in
/// the folder of the file that uses it.
pub(crate) fn circles_of_items<'s>(sources: impl Iterator<Item = Source<'s>>) -> Vec<Vec<String>> {
    let files = files(sources, "src/");
    circles(&files, |file, files| {
        let mut used = file.used_items(files);
        used.retain(|other| file.is_in_room_of(other));
        used
    })
}

/// The circles of files of the history checker, which has no rooms: here it counts where an item is
/// defined, be it in the folder of the file that uses it, and not which file hands it on.
pub(crate) fn circles_of_checker<'s>(
    sources: impl Iterator<Item = Source<'s>>,
) -> Vec<Vec<String>> {
    circles(&files(sources, "knossos-rs/src/"), File::used_items)
}

/// The files of a folder but those of tests. The root of the crate is the module without a name.
fn files<'s>(sources: impl Iterator<Item = Source<'s>>, folder: &str) -> BTreeMap<Module, File> {
    let files = sources.filter_map(|(path, text)| {
        let inside = path.strip_prefix(folder)?.strip_suffix(".rs")?;
        let inside = inside.strip_suffix("/mod").unwrap_or(inside);
        let names = inside.split('/').filter(|name| *name != "lib");
        let module: Module = names.map(str::to_owned).collect();
        let is_test = module.iter().any(|part| part == "tests");
        (!is_test).then(|| (module.clone(), File::of(module, text)))
    });
    files.collect()
}

fn circles(
    files: &BTreeMap<Module, File>,
    used: impl Fn(&File, &BTreeMap<Module, File>) -> BTreeSet<Module>,
) -> Vec<Vec<String>> {
    let uses: BTreeMap<&Module, BTreeSet<Module>> = files
        .iter()
        .map(|(module, file)| (module, used(file, files)))
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
    let found = circles_of_rooms(files.into_iter());
    assert_eq!(found, [["room/a", "room/b", "room/deep/c"]]);
}

#[test]
fn a_circle_of_the_checker_is_found_whichever_file_hands_on_what_is_used() {
    let files = [
        (
            "knossos-rs/src/lib.rs",
            "mod a; pub use a::A; pub use deep::B;",
        ),
        (
            "knossos-rs/src/a.rs",
            "use crate::deep::B; pub struct A(B);",
        ),
        (
            "knossos-rs/src/deep/mod.rs",
            "mod b; pub use b::B; pub use c::C; pub struct F;",
        ),
        (
            "knossos-rs/src/deep/b.rs",
            "pub struct B; fn b(a: crate::A) {}",
        ),
        (
            "knossos-rs/src/deep/c.rs",
            "use super::{B, F}; pub struct C(B, F);",
        ),
        (
            "knossos-rs/src/g/mod.rs",
            "mod h; use h::H; pub struct G; fn g(h: H) {}",
        ),
        (
            "knossos-rs/src/g/h.rs",
            "use super::super::g; fn h(g: g::G) {}",
        ),
        ("src/room/a.rs", "use super::b::B;"),
        ("src/room/b.rs", "use crate::a::A;"),
    ];
    let found = circles_of_checker(files.into_iter());
    assert_eq!(found, [["a", "deep/b"], ["g", "g/h"]]);
}

#[test]
fn a_circle_by_items_is_found_within_a_room_alone() {
    let files = [
        ("src/lib.rs", "mod room; mod other; pub use room::A;"),
        (
            "src/room/mod.rs",
            "mod a; mod b; pub use a::A; pub struct C;",
        ),
        ("src/room/a.rs", "use super::b::B; pub struct A(B);"),
        ("src/room/b.rs", "pub struct B; fn b(a: crate::A) {}"),
        ("src/room/c.rs", "use super::C; use crate::other::D;"),
        (
            "src/other/mod.rs",
            "use crate::room::C; mod d; use d::E; pub struct D;",
        ),
        ("src/other/d.rs", "use super::D; pub struct E;"),
    ];
    let found = circles_of_items(files.into_iter());
    assert_eq!(found, [["other", "other/d"], ["room/a", "room/b"]]);
}
