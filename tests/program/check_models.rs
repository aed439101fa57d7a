//! `omnisim check`: each model that it lists lets a right history pass and not a wrong one.

use crate::common::objects::{Operation, check, does, done, gets, history, json};
use crate::common::omnisim;
use serde_json::Value;

/// What a model begins with, where that has to be said.
const ACCOUNTS: &[&str] = &["--initial", "{\"0\":10,\"1\":0}"];

const PAID: &str = "{:from 0, :to 1, :amount 4}";

/// A model, what happens first, then what it allows, and what it does not.
type Row = (
    &'static str,
    Vec<Operation<'static>>,
    Operation<'static>,
    Operation<'static>,
);

/// For each model what happens first, then what it allows, and what it does not.
fn histories() -> Vec<Row> {
    let swapped = vec![does(0, "write", "4"), does(1, "cas", "[4 9]")];
    let keyed = vec![does(0, "write", "[\"k\" 4]"), does(1, "write", "[\"j\" 9]")];
    let numbered = vec![
        done(0, "write", "[nil 8]", "[1 8]"),
        done(1, "cas", "[nil [8 9]]", "[2 [8 9]]"),
    ];
    let queued = vec![does(0, "enqueue", "1"), does(0, "enqueue", "2")];
    let popped = vec![does(0, "push", "1"), does(1, "push", "2")];
    let added = vec![does(0, "add", "1"), does(1, "add", "2")];
    let counted = vec![does(0, "add", "5"), gets(1, "dec", "nil")];
    let (fifo, took_one) = (queued.clone(), gets(1, "dequeue", "1"));
    vec![
        (
            "kv",
            keyed,
            done(2, "read", "[\"k\" nil]", "[\"k\" 4]"),
            done(2, "read", "[\"k\" nil]", "[\"k\" 9]"),
        ),
        (
            "register",
            vec![does(0, "write", "4")],
            gets(1, "read", "4"),
            gets(1, "read", "nil"),
        ),
        (
            "cas-register",
            swapped,
            gets(0, "read", "9"),
            gets(0, "read", "4"),
        ),
        (
            "versioned-register",
            numbered,
            gets(2, "read", "[2 9]"),
            gets(2, "read", "[1 8]"),
        ),
        (
            "mutex",
            vec![gets(0, "acquire", "nil")],
            gets(1, "release", "nil"),
            gets(1, "acquire", "nil"),
        ),
        ("queue", queued, took_one, gets(1, "dequeue", "2")),
        ("fifo-queue", fifo, took_one, gets(1, "drain", "[2 2]")),
        ("stack", popped, gets(1, "pop", "2"), gets(1, "pop", "1")),
        (
            "set",
            added,
            gets(0, "read", "#{2 1}"),
            gets(0, "read", "#{1}"),
        ),
        (
            "counter",
            counted,
            gets(0, "read", "4"),
            gets(0, "read", "5"),
        ),
        (
            "bank",
            vec![does(0, "transfer", PAID)],
            gets(0, "read", "{0 6, 1 4}"),
            gets(0, "read", "{0 6, 1 5}"),
        ),
    ]
}

/// The names of all models that the program lists.
fn listed() -> Vec<String> {
    let said = omnisim(["check", "--list-models", "--format", "json"]);
    let name = |object: Value| object["model"].as_str().expect("a name").to_owned();
    said.objects().into_iter().map(name).collect()
}

#[test]
fn every_model_that_is_listed_lets_a_clean_history_pass_and_not_a_wrong_one() {
    let histories = histories();
    for listed in listed() {
        let row = histories.iter().find(|(model, ..)| *model == listed);
        let (model, first, clean, wrong) =
            row.unwrap_or_else(|| panic!("there is no history of {listed}"));
        let initial = if *model == "bank" { ACCOUNTS } else { &[] };
        let options = [&["--model", *model], initial].concat();
        for (last, verdict) in [(clean, "consistent"), (wrong, "violation")] {
            let text = history(&[first.as_slice(), &[*last]].concat());
            let told = json(&text, &options);
            assert_eq!(told["verdict"], verdict, "{model}: {told}");
        }
    }
}

#[test]
fn the_models_are_listed_with_what_they_read() {
    let said = omnisim(["check", "--list-models"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    for words in ["cas-register\n", "acquire, release", "must be given"] {
        assert!(said.out.contains(words), "{said:?}");
    }
    assert!(listed().contains(&"bank".to_owned()));
}

#[test]
fn a_drain_takes_all_that_a_queue_holds_in_its_order() {
    let queue = |first, last| {
        history(&[
            does(0, "enqueue", "1"),
            does(0, "enqueue", "2"),
            gets(1, "dequeue", first),
            gets(1, "drain", last),
        ])
    };
    for (model, clean, wrong) in [
        ("queue", queue("1", "[2]"), queue("2", "[1]")),
        ("fifo-queue", queue("1", "[2]"), queue("1", "[2 2]")),
        ("fifo-queue", queue("1", "[2]"), queue("1", "[]")),
    ] {
        assert_eq!(check(&clean, &["--model", model]).code, Some(0), "{model}");
        assert_eq!(check(&wrong, &["--model", model]).code, Some(1), "{model}");
    }
}

#[test]
fn what_an_object_begins_with_is_said_and_of_a_bank_must_be() {
    let bank = history(&[does(0, "transfer", PAID), gets(0, "read", "{0 6, 1 4}")]);
    let said = check(&bank, &["--model", "bank"]);
    assert!(
        said.code == Some(2) && said.err.contains("--initial '{"),
        "{said:?}"
    );
    let mutex = history(&[gets(0, "acquire", "nil"), gets(1, "release", "nil")]);
    let held = ["--model", "mutex", "--initial", "held"];
    assert_eq!(check(&mutex, &held).code, Some(1));
    let counter = history(&[
        does(0, "add", "5"),
        gets(1, "dec", "nil"),
        gets(0, "read", "11"),
    ]);
    let open = check(&counter, &["--model", "counter", "--initial", "unknown"]);
    assert_eq!(open.code, Some(0), "{open:?}");
}
