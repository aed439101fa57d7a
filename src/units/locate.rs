//! Finds the line of a key in a TOML file.

use toml::de::{DeTable, DeValue};

/// One step on the way to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// Into a table.
    Key(&'a str),
    /// Into an array.
    Index(usize),
}

/// A way as a key: `fault[0].groups`.
pub fn key_of(place: &[Place<'_>]) -> String {
    let mut key = String::new();
    for step in place {
        match step {
            Place::Key(name) => key = below(&key, name),
            Place::Index(index) => key.push_str(&format!("[{index}]")),
        }
    }
    key
}

/// A key within the table `above`; in quotes, as a file has it, where it is no plain word.
fn below(above: &str, name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    let is_word = !name.is_empty() && name.chars().all(is_plain);
    let name = if is_word {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    };
    if above.is_empty() {
        name
    } else {
        format!("{above}.{name}")
    }
}

/// The way that a key names, as [`key_of`] writes it.
pub fn places_of(key: &str) -> Vec<Place<'_>> {
    let steps = split_steps(key).into_iter().map(|step| {
        let quoted = step
            .strip_prefix('"')
            .and_then(|step| step.strip_suffix('"'));
        match (quoted, split_index(step)) {
            (Some(name), _) => vec![Place::Key(name)],
            (None, Some((name, index))) => vec![Place::Key(name), Place::Index(index)],
            (None, None) => vec![Place::Key(step)],
        }
    });
    steps.flatten().collect()
}

/// The parts of a key between the dots that stand in no quotes.
fn split_steps(key: &str) -> Vec<&str> {
    let mut is_quoted = false;
    key.split(|letter| {
        is_quoted ^= letter == '"';
        letter == '.' && !is_quoted
    })
    .collect()
}

/// The name and the number of `fault[0]`.
fn split_index(step: &str) -> Option<(&str, usize)> {
    let (name, index) = step.strip_suffix(']')?.split_once('[')?;
    Some((name, index.parse().ok()?))
}

/// The line (from 1 on) on which the value at `place` stands; where the key is
/// absent, the line of the nearest table that is there.
pub fn line_of(text: &str, place: &[Place<'_>]) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let mut found = None;
    let mut current = Current::Table(table.get_ref());
    for step in place {
        let Some((start, next)) = current.step(*step) else {
            break;
        };
        found = Some(start);
        current = next;
    }
    let start: usize = found?;
    Some(1 + text[..start].matches('\n').count())
}

enum Current<'a> {
    Table(&'a DeTable<'a>),
    Value(&'a DeValue<'a>),
}

impl<'a> Current<'a> {
    fn table(&self) -> Option<&'a DeTable<'a>> {
        match self {
            Self::Table(table) => Some(table),
            Self::Value(DeValue::Table(table)) => Some(table),
            Self::Value(_) => None,
        }
    }

    fn step(&self, step: Place<'_>) -> Option<(usize, Self)> {
        match (self, step) {
            (Self::Table(_) | Self::Value(DeValue::Table(_)), Place::Key(name)) => {
                let table = self.table()?;
                let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
                // A table's own span is that of its header; any other key's its own.
                let start = match value.get_ref() {
                    DeValue::Table(_) => value.span().start,
                    DeValue::Array(array) if array.iter().any(|item| item.get_ref().is_table()) => {
                        value.span().start
                    }
                    _ => key.span().start,
                };
                Some((start, Self::Value(value.get_ref())))
            }
            (Self::Value(DeValue::Array(array)), Place::Index(index)) => {
                let item = array.get(index)?;
                Some((item.span().start, Self::Value(item.get_ref())))
            }
            _ => None,
        }
    }
}

/// The key, with its tables, at a place in the text: `fault[0].groups`. Empty
/// where the text is no TOML, or no key is there.
pub fn key_at(text: &str, offset: usize) -> String {
    let Ok(table) = DeTable::parse(text) else {
        return String::new();
    };
    let mut found = String::new();
    search(table.get_ref(), "", offset, &mut found);
    found
}

/// Keeps the innermost key whose name or value holds the offset.
fn search(table: &DeTable<'_>, above: &str, offset: usize, found: &mut String) {
    for (key, value) in table {
        let name = below(above, key.get_ref());
        if key.span().contains(&offset) || value.span().contains(&offset) {
            found.clone_from(&name);
        }
        match value.get_ref() {
            DeValue::Table(inner) => search(inner, &name, offset, found),
            DeValue::Array(array) => {
                for (index, item) in array.iter().enumerate() {
                    if let DeValue::Table(inner) = item.get_ref() {
                        search(inner, &format!("{name}[{index}]"), offset, found);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Place::{Index, Key};
    use super::*;

    const TEXT: &str = "about = \"x\"\n\n[cluster]\nreplicas = 3\nnetwork = { contract = 2, loss = 2 }\n\n[[fault]]\nat = \"1s\"\n\n[[fault]]\nat = \"2s\"\ngroups = [[1]]\n";

    #[test]
    fn a_key_is_found_in_tables_and_in_arrays_of_tables() {
        assert_eq!(line_of(TEXT, &[Key("about")]), Some(1));
        assert_eq!(line_of(TEXT, &[Key("cluster"), Key("replicas")]), Some(4));
        assert_eq!(line_of(TEXT, &[Key("cluster"), Key("network")]), Some(5));
        assert_eq!(
            line_of(TEXT, &[Key("fault"), Index(1), Key("groups")]),
            Some(12)
        );
    }

    #[test]
    fn a_key_is_read_as_it_is_written() {
        for key in [
            "about",
            "system.quorum.write",
            "nemesis.actions[12].do",
            "system.\"\"",
            "system.\"a.b[0]\".c",
        ] {
            assert_eq!(key_of(&places_of(key)), key);
        }
        assert_eq!(places_of("fault[1]"), [Key("fault"), Index(1)]);
    }

    #[test]
    fn the_key_at_a_place_is_the_innermost_one() {
        let at = |part: &str| key_at(TEXT, TEXT.find(part).expect("it is in the text"));
        assert_eq!(at("\"x\""), "about");
        assert_eq!(at("replicas"), "cluster.replicas");
        assert_eq!(at("3\n"), "cluster.replicas");
        assert_eq!(at("loss"), "cluster.network.loss");
        assert_eq!(at("[[1]]"), "fault[1].groups");
        assert_eq!(key_at("no = toml = at all", 3), "");
    }

    #[test]
    fn a_key_that_is_not_there_is_shown_at_its_table() {
        assert_eq!(line_of(TEXT, &[Key("cluster"), Key("missing")]), Some(3));
        assert_eq!(
            line_of(TEXT, &[Key("fault"), Index(0), Key("links")]),
            Some(7)
        );
    }
}
