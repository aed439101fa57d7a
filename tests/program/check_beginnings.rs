//! `omnisim check`: what nil means, beginnings in EDN, and what a pass of transactions is worth.

use crate::arguments;
use crate::common::objects::{check, done, events};
use crate::common::{Folder, omnisim};
use serde_json::Value;

#[test]
fn a_read_of_nil_is_unknown_with_every_model_that_reads_where_that_is_asked_for() {
    for (model, op, value, initial) in [
        ("register", "write", "1", "nil"),
        ("cas-register", "write", "1", "nil"),
        ("versioned-register", "write", "[1 1]", "nil"),
        ("set", "add", "1", "nil"),
        ("counter", "add", "1", "0"),
        (
            "bank",
            "transfer",
            "{:from 0, :to 1, :amount 1}",
            "{0 10, 1 0}",
        ),
    ] {
        let text = events(&[done(0, op, value, value), done(1, "read", "nil", "nil")].concat());
        let options = |nil| ["--model", model, "--initial", initial, "--nil-read", nil];
        let unknown = check(&text, &options("unknown"));
        assert_eq!(unknown.code, Some(0), "{model}: {unknown:?}");
        // A counter and a bank always hold something, and versions may be left out.
        let nothing = check(&text, &options("nothing"));
        let expected = match model {
            "counter" | "bank" => 2,
            "versioned-register" => 0,
            _ => 1,
        };
        assert_eq!(nothing.code, Some(expected), "{model}: {nothing:?}");
    }
    let empty = events(&[done(0, "add", "1", "1"), done(1, "read", "nil", "#{}")].concat());
    let said = check(&empty, &["--model", "set", "--nil-read", "unknown"]);
    assert_eq!(said.code, Some(1), "an empty set is not nil: {said:?}");
}

#[test]
fn nil_is_unknown_in_operations_as_in_events_where_that_is_asked_for() {
    let folder = Folder::new();
    let line = |op: &str, asked: &str, out: &str, call: u64| {
        let ret = call + 5;
        format!(
            "{{\"client\":1,\"op\":\"{op}\",\"in\":{asked},\"out\":{out},\"call\":{call},\"ret\":{ret}}}\n"
        )
    };
    let text =
        line("add", "\"1\"", "{\"ok\":true}", 0) + &line("read", "null", "{\"value\":null}", 10);
    let file = folder.write("history.jsonl", &text);
    for (nil, code) in [("nothing", 1), ("unknown", 0)] {
        let said = omnisim(arguments![
            "check",
            &file,
            "--model",
            "set",
            "--nil-read",
            nil
        ]);
        assert_eq!(said.code, Some(code), "{said:?}");
    }
}

#[test]
fn what_an_object_holds_at_first_can_be_said_in_edn() {
    let read = |value| events(&done(0, "read", "nil", value));
    let bank = read("{:a 1, :b 2}");
    for (text, model, initial, code) in [
        (read("#{1 2}"), "set", "#{2 1}", 0),
        (read("#{1 2}"), "set", "(1 2)", 0),
        (read("#{1 2}"), "set", "[1 2]", 0),
        (read("#{1 2}"), "set", "#{1}", 1),
        (bank.clone(), "bank", "{:a 1, :b 2}", 0),
        (bank.clone(), "bank", "{:a 1 :b 2} ; both", 0),
        (bank.clone(), "bank", "{\"a\": 1, \"b\": 2}", 0),
        (bank, "bank", "{:a 1}", 1),
        (read("[1 nil]"), "register", "[1 nil]", 0),
        (read("[1 nil]"), "register", "[1, null]", 0),
        (read("[1 nil]"), "register", "[1]", 1),
        (read(":a"), "register", ":a", 0),
        (read("{:a [1]}"), "register", "{:a [1]}", 0),
    ] {
        let said = check(&text, &["--model", model, "--initial", initial]);
        assert_eq!(said.code, Some(code), "{initial}: {said:?}");
    }
    for (initial, words) in [
        ("#{1 2", "EDN (something is not closed)"),
        ("{:a}", "the map has no value for"),
        ("[1] 2", "EDN (\"2\" follows the value)"),
        ("{:a 5x}", "the number 5x is malformed"),
    ] {
        let said = check(&read("nil"), &["--model", "register", "--initial", initial]);
        assert_eq!(said.code, Some(2), "{initial}: {said:?}");
        said.complains(&["is neither JSON", words, "--initial"]);
    }
    let said = check(&read("nil"), &["--model", "set", "--initial", "{:a 1}"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["--initial", "it must be a list of values"]);
}

#[test]
fn transactions_of_several_keys_leave_the_verdict_open_unless_a_key_alone_is_wrong() {
    let folder = Folder::new();
    let put = |key: &str| {
        format!(r#"{{"Type":"put-operation","Put":{{"Key":"{key}","Value":{{"Value":"7"}}}}}}"#)
    };
    let txn = |steps: &str| {
        format!(
            r#"{{"ClientId":1,"Input":{{"Type":"txn","Txn":{{"OperationsOnSuccess":[{steps}]}}}},"Call":10,"Output":{{"Txn":{{"Failure":false}}}},"Return":20}}"#
        )
    };
    let get = |value: &str| {
        format!(
            r#"{{"ClientId":2,"Input":{{"Type":"range","Range":{{"Start":"x"}}}},"Call":30,"Output":{{"Range":{{"KVs":[{{"Value":{{"Value":"{value}"}}}}]}}}},"Return":40}}"#
        )
    };
    let both = txn(&format!("{},{}", put("x"), put("y")));
    for (text, code, verdict, reason) in [
        (txn(&put("x")) + &get("7"), 0, "consistent", Value::Null),
        (
            format!("{both}{}", get("7")),
            3,
            "unknown",
            "transactions".into(),
        ),
        (format!("{both}{}", get("8")), 1, "violation", Value::Null),
    ] {
        let file = folder.write("operations.json", &text);
        let said = omnisim(arguments![
            "check", &file, "--model", "kv", "--format", "json"
        ]);
        assert_eq!(said.code, Some(code), "{said:?}");
        let object: Value = serde_json::from_str(&said.out).expect("an object");
        assert_eq!(
            (&object["verdict"], &object["reason"]),
            (&verdict.into(), &reason)
        );
        let counted = usize::from(text.contains("\"y\""));
        assert_eq!(object["left_out"]["transactions"], counted);
    }
    let file = folder.write("operations.json", &format!("{both}{}", get("7")));
    let said = omnisim(arguments!["check", &file, "--model", "kv"]);
    assert!(
        said.out.contains(
            "unknown, each key alone is linearizable, but 1 transaction or lease says more"
        ),
        "{said:?}"
    );
}

#[test]
fn a_counter_of_which_nobody_knows_what_it_began_with_leaves_the_others_at_zero() {
    let folder = Folder::new();
    let lines = [
        r#"{"client":1,"key":"z","op":"read","in":null,"out":{"value":7},"call":0,"ret":10}"#,
        r#"{"client":1,"key":"y","op":"add","in":1,"out":{"ok":true},"call":20,"ret":30}"#,
    ];
    let history = folder.write("counter.jsonl", &lines.join("\n"));
    for (flag, code) in [("y=unknown", 1), ("z=unknown", 0), ("y=3", 1)] {
        let arguments = arguments!["check", history, "--model", "counter", "--initial-of", flag];
        assert_eq!(omnisim(arguments).code, Some(code), "{flag}");
    }
}
