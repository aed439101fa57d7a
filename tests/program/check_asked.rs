//! `omnisim check`: what is asked of a history beside its model. Keys that begin with something,
//! and levels of consistency.

use crate::arguments;
use crate::common::objects::{Operation, check, done, history};
use crate::common::{Folder, Said, omnisim};
use serde_json::{Value, json};

/// A read of a key-value store that finds `value` under `key`.
fn read(key: &str, value: &str) -> String {
    format!(
        "{{\"client\":1,\"key\":\"{key}\",\"op\":\"get\",\"in\":null,\"out\":{{\"value\":\"{value}\"}},\"call\":0,\"ret\":9}}\n"
    )
}

/// Checks files of a key-value store.
fn checked(texts: &[String], options: &[&str]) -> Said {
    let folder = Folder::new();
    for (place, text) in texts.iter().enumerate() {
        folder.write(&format!("{place}.jsonl"), text);
    }
    let mut arguments = arguments!["check", folder.path(), "--model", "kv"].to_vec();
    arguments.extend(options.iter().map(Into::into));
    omnisim(arguments)
}

#[test]
fn a_key_that_begins_with_something_and_is_in_no_history_is_bad_input() {
    let both = [read("a", "5"), read("b", "7")];
    let of = |key: &str| ["--initial-of", key].map(str::to_owned);
    let options = [of("a=5"), of("b=7"), of("q=1")].concat();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let said = checked(&both, &options);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["--initial-of: no operation in any history is on the key \"q\""]);
    assert_eq!(said.out.matches("linearizable").count(), 2, "{}", said.out);

    let json = [&options[..4], &["--format", "json"]].concat();
    let said = checked(&both, &json);
    assert_eq!(
        (said.code, said.err.as_str()),
        (Some(0), ""),
        "each is in one: {said:?}"
    );
    let absent: Vec<Value> = said
        .objects()
        .iter()
        .map(|object| object["initial"]["absent"].clone())
        .collect();
    assert_eq!(absent, [json!(["b"]), json!(["a"])]);
}

#[test]
fn that_a_key_is_in_no_history_is_said_before_any_verdict() {
    let folder = Folder::new();
    let history = folder.write("one.jsonl", &read("a", "5"));
    let command = format!(
        "{} check {} --model kv --initial-of q=1 2>&1",
        env!("CARGO_BIN_EXE_omnisim"),
        history.display()
    );
    let said = std::process::Command::new("sh")
        .args(["-c", &command])
        .output();
    let said = String::from_utf8(said.expect("there is a shell").stdout).expect("it is text");
    let error = said
        .find("error: --initial-of: no operation")
        .expect("it is an error");
    let verdict = said.find("linearizable").expect("there is a verdict");
    assert!(error < verdict, "{said}");
}

#[test]
fn an_object_without_keys_has_none_that_begins_with_something() {
    let text = history(&[done(0, "read", "nil", "5")]);
    let said = check(
        &text,
        &[
            "--model",
            "register",
            "--initial",
            "5",
            "--initial-of",
            "a=5",
        ],
    );
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["use --initial for an object without keys"]);
}

#[test]
fn a_key_or_an_account_that_begins_with_two_things_is_refused() {
    let one = [read("a", "5")];
    let said = checked(&one, &["--initial-of", "a=5", "--initial-of", "\"a\"=6"]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
    said.complains(&["the key \"a\" is given twice; say once"]);
    let text = history(&[done(0, "read", "nil", "{\"a\" 10, \"b\" 0}")]);
    for balances in ["{\"a\":10,\"b\":0,\"a\":5}", "{:a 10, :b 0, :a 5}"] {
        let said = check(&text, &["--model", "bank", "--initial", balances]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&["twice"]);
    }
}

#[test]
fn a_read_of_balances_in_which_an_account_stands_twice_is_refused_at_its_line() {
    let folder = Folder::new();
    let file = folder.write(
        "h.jsonl",
        "{\"client\":1,\"op\":\"read\",\"in\":null,\"out\":{\"value\":{\"a\":1,\"a\":2}},\"call\":0,\"ret\":9}\n",
    );
    let said = omnisim(arguments![
        "check",
        file,
        "--model",
        "bank",
        "--initial",
        "{\"a\":1}"
    ]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["h.jsonl:1: ", "the account \"a\" is in it twice"]);
}

/// A register that is read stale by a client of its own: sequential, and not linearizable.
fn stale() -> String {
    let write: Operation<'_> = done(0, "write", "1", "1");
    history(&[write, done(1, "read", "nil", "nil")])
}

#[test]
fn several_levels_have_a_verdict_each_and_the_worst_is_the_exit_code() {
    let together = ["sequential,linearizable"];
    let apart = ["sequential", "--consistency", "linearizable"];
    for levels in [&together[..], &apart] {
        let options = [&["--model", "register", "--consistency"], levels].concat();
        let said = check(&stale(), &options);
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(
            said.out.contains("history.edn: sequential (2 operations"),
            "{}",
            said.out
        );
        assert!(
            said.out
                .contains("history.edn: NOT linearizable (2 operations"),
            "{}",
            said.out
        );
        let said = check(&stale(), &[&options[..], &["--format", "json"]].concat());
        let told: Vec<Value> = said
            .objects()
            .iter()
            .map(|object| json!([object["consistency"], object["verdict"]]))
            .collect();
        assert_eq!(
            told,
            [
                json!(["sequential", "consistent"]),
                json!(["linearizable", "violation"])
            ]
        );
    }
    let both_hold = [
        "--model",
        "register",
        "--consistency",
        "sequential,monotonic-reads",
    ];
    assert_eq!(check(&stale(), &both_hold).code, Some(0));
}

#[test]
fn a_level_that_cannot_be_judged_takes_no_other_with_it() {
    let text = stale().replace(", :time 0", "").replace(", :time 10", "");
    let text: String = text
        .lines()
        .map(|line| {
            line.split(", :time")
                .next()
                .unwrap()
                .trim_end_matches('}')
                .to_owned()
                + "}\n"
        })
        .collect();
    let said = check(
        &text,
        &[
            "--model",
            "register",
            "--consistency",
            "bounded-staleness=1s,sequential",
        ],
    );
    assert_eq!(
        said.code,
        Some(2),
        "bad input is worse than what holds: {said:?}"
    );
    said.complains(&["check another level"]);
    assert!(said.out.contains("sequential ("), "{said:?}");
}

#[test]
fn levels_that_contradict_each_other_or_what_is_assumed_are_refused() {
    let refused = |options: &[&str], right: &str| {
        let said = check(&stale(), &[&["--model", "register"], options].concat());
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&[right]);
    };
    refused(
        &["--consistency", "sequential,sequential"],
        "name each once",
    );
    refused(
        &["--consistency", "bounded-staleness=1s,bounded-staleness=2s"],
        "with one bound",
    );
    let help = omnisim(arguments!["check", "--help"]).out;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("bounded-staleness with one bound"), "{help}");
    refused(
        &["--consistency", "sequential,eventual"],
        "known levels are",
    );
    let order = ["--write-order", "real-time", "--consistency"];
    refused(
        &[&order[..], &["sequential,linearizable"]].concat(),
        "sequential, linearizable says itself",
    );
    let one_is_a_session = [
        &["--model", "register"],
        &order[..],
        &["sequential,monotonic-reads"],
    ]
    .concat();
    assert_eq!(check(&stale(), &one_is_a_session).code, Some(0));
}

#[test]
fn the_help_says_which_exit_code_counts_of_several() {
    let help = omnisim(["check", "--help"]).out;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        help.contains("the worst counts, in this order: 74, 2, 1, 3, 0"),
        "{help}"
    );
}
