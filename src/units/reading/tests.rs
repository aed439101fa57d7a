//! Files are read strictly, and what is wrong with them is said in their words.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::*;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    pair: Option<[u64; 2]>,
    #[serde(default)]
    inner: Option<Box<Table>>,
    #[serde(default)]
    by_number: BTreeMap<u64, Choice>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Choice {
    Off,
    Every(u64),
    Both(u64, u64),
    Named { least: u64 },
}

fn table(text: &str) -> Table {
    read_toml(text).unwrap_or_else(|mistake| panic!("{text}: {mistake:?}"))
}

fn mistake(text: &str) -> String {
    let mistake = read_toml::<Table>(text).expect_err(text);
    format!("{}: {}", mistake.key(text), mistake.message)
}

#[test]
fn what_is_written_as_documented_is_read_as_serde_reads_it() {
    let text = "pair = [1, 2]\n[inner]\n[inner.by_number]\n1 = \"off\"\n2 = { every = 5 }\n\
                3 = { both = [1, 2] }\n4 = { named = { least = 3 } }\n";
    assert_eq!(table(text), toml::from_str(text).expect("it is sound"));
    let json = "{\"pair\": [1, 2], \"by_number\": {\"7\": {\"both\": [3, 4]}, \"8\": \"off\"}}";
    let ours: Table = read_json(json).expect("it is sound");
    assert_eq!(ours, serde_json::from_str(json).expect("it is sound"));
}

#[test]
fn a_list_in_the_place_of_a_table_is_refused_at_every_depth() {
    for (text, key) in [
        ("inner = []", "inner"),
        ("inner = { inner = [[1, 2]] }", "inner.inner"),
        ("by_number = { 4 = { named = [3] } }", "by_number.4.named"),
    ] {
        let wanted = format!("{key}: wrong type: a list, expected a table");
        assert!(mistake(text).starts_with(&wanted), "{}", mistake(text));
    }
    let json = read_json::<Table>("{\n\"inner\": [[1, 2]]}").expect_err("it is a list");
    assert_eq!(json.line("{\n\"inner\": [[1, 2]]}"), Some(2));
    assert!(json.message.contains("expected a table"), "{json:?}");
}

#[test]
fn a_list_that_is_longer_than_what_is_read_of_it_is_refused() {
    assert_eq!(
        mistake("pair = [1, 2, 3]"),
        "pair: 2 values are needed, and more are given"
    );
    assert_eq!(
        mistake("by_number = { 1 = { both = [1, 2, 3] } }"),
        "by_number.1.both: 2 values are needed, and more are given"
    );
}

#[test]
fn a_choice_takes_what_it_says_and_nothing_else() {
    for (value, says) in [
        ("{ off = {} }", "off takes no value: write \"off\""),
        (
            "\"every\"",
            "\"every\" needs a value: write { every = ... }",
        ),
        (
            "\"on\"",
            "unknown value `on`, expected one of `off`, `every`, `both`, `named`",
        ),
        ("true", "expected one of `off`, `every`, `both`, `named`"),
        (
            "{ every = 1, off = 1 }",
            "one key is needed, and more are given",
        ),
    ] {
        let said = mistake(&format!("by_number = {{ 1 = {value} }}"));
        assert!(said.contains(says), "{value}: {said}");
    }
}

#[test]
fn the_first_value_that_no_key_can_hold_is_refused_in_the_order_of_the_file() {
    let text = "pair = [1, 1e999]\ninner = 2020-01-01\nby_number = 99999999999999999999";
    assert!(
        mistake(text).starts_with("pair: 1e999 is no number"),
        "{}",
        mistake(text)
    );
    let text = "seed = 18446744073709551615";
    assert!(
        mistake(text).contains("write a large seed as text"),
        "{}",
        mistake(text)
    );
}
