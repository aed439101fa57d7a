//! `omnisim check`: verdicts on histories, and what is said beside them.

use std::fmt::Write as _;

use crate::arguments;
use crate::common::histories::{EDN, GOOD, KV_LOG, LOG, STALE};
use crate::common::{Folder, omnisim};

#[test]
fn a_history_is_read_in_whatever_format_it_is() {
    let folder = Folder::new();
    for (name, text) in [
        ("json-lines", GOOD),
        ("edn", EDN),
        ("kv-log", KV_LOG),
        ("jepsen-log", LOG),
    ] {
        let good = folder.write("history", text);
        let (before, after) = text.rsplit_once('7').expect("a value that was read");
        let stale = folder.write("stale", &format!("{before}8{after}"));
        for format in [None, Some(name)] {
            let mut check = arguments!["check", good, stale, "--model", "kv"].to_vec();
            check.extend(format.map(|name| format!("--input-format={name}").into()));
            let said = omnisim(check);
            let verdicts: Vec<_> = said
                .out
                .lines()
                .filter(|line| !line.starts_with(' '))
                .collect();
            assert!(
                said.code == Some(1)
                    && verdicts.len() == 3
                    && verdicts[0].contains("/history: linearizable (2 operations, 1 key,")
                    && verdicts[1].contains("/stale: NOT linearizable")
                    && verdicts[2] == "2 verdicts: 1 consistent, 1 violation",
                "{name}: {said:?}"
            );
        }
    }
}

#[test]
fn a_consistent_history_ends_with_0_and_an_inconsistent_one_with_1() {
    let folder = Folder::new();
    let (good, stale) = (
        folder.write("good.jsonl", GOOD),
        folder.write("stale.jsonl", STALE),
    );
    let said = omnisim(arguments!["check", good, "--model", "kv"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    let said = omnisim(arguments![
        "check", good, stale, "--model", "kv", "--format", "json"
    ]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let histories = said.objects();
    for field in [
        "file",
        "model",
        "consistency",
        "verdict",
        "operations",
        "keys",
        "clients",
        "wall_ns",
        "read_ns",
        "violation",
    ] {
        assert!(
            histories.iter().all(|history| history.get(field).is_some()),
            "{field} is missing: {}",
            said.out
        );
    }
    assert_eq!(
        [&histories[0]["verdict"], &histories[1]["verdict"]],
        ["consistent", "violation"]
    );
    assert!(histories[0]["violation"].is_null());
    let violation = &histories[1]["violation"];
    assert_eq!(violation["key"], "a");
    assert!(
        violation["message"].is_string() && violation["operations"].is_array(),
        "{violation}"
    );
}

#[test]
fn a_check_that_runs_out_of_time_ends_with_3() {
    let folder = Folder::new();
    let mut text = String::new();
    for client in 0..30 {
        let input = format!("{client}");
        let _ = writeln!(
            text,
            r#"{{"client":{client},"key":"a","op":"append","in":"{input}","out":{{"ok":true}},"call":{client},"ret":1000}}"#
        );
    }
    let _ = writeln!(
        text,
        r#"{{"client":40,"key":"a","op":"get","in":null,"out":{{"value":"x"}},"call":2000,"ret":2001}}"#
    );
    let hard = folder.write("hard.jsonl", &text);
    let said = omnisim(arguments![
        "check",
        hard,
        "--model",
        "kv",
        "--time-limit",
        "1ns",
        "--format",
        "json"
    ]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert_eq!(said.objects()[0]["verdict"], "unknown");
}

#[test]
fn operations_that_failed_are_counted_and_left_out() {
    let folder = Folder::new();
    let failed = GOOD.replacen(r#"{"ok":true}"#, r#"{"failed":true}"#, 1);
    let path = folder.write("failed.jsonl", &failed.replace("\"7\"}", "null}"));
    let said = omnisim(arguments![
        "check", path, "--model", "kv", "--format", "json"
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let history = &said.objects()[0];
    assert_eq!(
        (&history["operations"], &history["failed"]),
        (&1.into(), &1.into())
    );
}

#[test]
fn durations_are_not_judged_where_a_history_has_no_times() {
    let folder = Folder::new();
    let event =
        |kind: &str, rest: &str| format!("{{:type :{kind}, :process 0, :f :write{rest}}}\n");
    let text = [event("invoke", ", :value 1"), event("ok", ", :value 1")].concat();
    let path = folder.write("h.edn", &text);
    let judge = |level: &str| {
        omnisim(arguments![
            "check",
            path,
            "--model",
            "register",
            "--consistency",
            level
        ])
    };
    assert_eq!(judge("linearizable").code, Some(0));
    let said = judge("bounded-staleness=15ns");
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["h.edn: says nothing about when things happened"]);
}

#[test]
fn the_format_and_what_was_left_out_are_told_in_text_and_json() {
    let folder = Folder::new();
    let history = folder.write(
        "history.edn",
        "{:process 0, :type :invoke, :f :write, :value 1}
         {:process :nemesis, :type :info, :f :start, :value nil}
         {:process 0, :type :ok, :f :write, :value 1}
         {:process 1, :type :invoke, :f :write, :value 2}
         {:process 1, :type :fail, :f :write, :value 2}
         {:process 1, :type :info, :f :crash, :value nil}
         {:process :reader, :type :invoke, :f :read, :value nil}
         {:process :reader, :type :ok, :f :read, :value 2}",
    );
    let check = |format| {
        omnisim(arguments![
            "check", history, "--model", "register", "--format", format
        ])
    };
    let said = check("text");
    assert_eq!(said.code, Some(1), "{said:?}");
    for words in [
        "a Jepsen history in EDN",
        "left out: 1 failed operation, 1 event of the nemesis, 1 end without an invocation",
        "client 2 (:reader): read",
    ] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    let said = check("json");
    let told = &said.objects()[0];
    assert_eq!(told["format"], "edn");
    assert_eq!(told["failed"], 1);
    assert_eq!(told["left_out"]["nemesis_events"], 1);
    assert_eq!(told["left_out"]["unmatched_events"], 1);
    assert_eq!(told["client_names"]["2"], ":reader");
}

#[test]
fn a_failed_cas_is_read_as_porcupine_does_only_on_request() {
    let folder = Folder::new();
    let lines = [
        "0\t:invoke\t:write\t3",
        "0\t:ok\t:write\t3",
        "1\t:invoke\t:cas\t[3 4]",
        "1\t:fail\t:cas\t[3 4]",
    ];
    let log: String = lines
        .iter()
        .map(|line| format!("INFO  jepsen.util - {line}\n"))
        .collect();
    let edn: String = lines
        .iter()
        .map(|line| {
            let [process, kind, op, value] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("four words")
            };
            format!("{{:process {process}, :type {kind}, :f {op}, :value {value}}}\n")
        })
        .collect();
    folder.write("history.edn", &edn);
    folder.write("history.txt", &lines.join("\n"));
    folder.write("jepsen.log", &log);
    for (meaning, code) in [("did-not-happen", 0), ("did-not-match", 1)] {
        let said = omnisim(arguments![
            "check",
            folder.path(),
            "--model",
            "cas-register",
            "--failed-cas",
            meaning
        ]);
        assert_eq!(said.code, Some(code), "{said:?}");
        let expected = if code == 0 {
            ": linearizable (1 operation,"
        } else {
            ": NOT linearizable (2 operations,"
        };
        assert_eq!(said.out.matches(expected).count(), 3, "{}", said.out);
    }
}

#[test]
fn a_key_value_log_begins_with_the_empty_string() {
    let folder = Folder::new();
    let get = |value: &str| {
        format!(
            "{{:process 1, :type :invoke, :f :get, :key \"x\", :value nil}}
             {{:process 1, :type :ok, :f :get, :key \"x\", :value {value}}}\n"
        )
    };
    let act = |op: &str, value: &str| {
        format!(
            "{{:process 0, :type :invoke, :f :{op}, :key \"x\", :value {value}}}
             {{:process 0, :type :ok, :f :{op}, :key \"x\", :value {value}}}\n"
        )
    };
    for (text, code) in [
        (get("\"\""), 0),
        (get("nil"), 0),
        (act("put", "\"\"") + &get("\"\""), 0),
        (act("append", "\"\"") + &get("\"\""), 0),
        (act("put", "\"7\"") + &act("put", "\"\"") + &get("nil"), 0),
        (act("cas", "[\"\" \"7\"]") + &get("\"7\""), 0),
        (act("cas", "[nil \"7\"]") + &get("\"7\""), 0),
        (act("put", "\"7\"") + &get("\"\""), 1),
        (get("\"7\""), 1),
    ] {
        let said = omnisim(arguments![
            "check",
            folder.write("log.txt", &text),
            "--model",
            "kv"
        ]);
        assert_eq!(said.code, Some(code), "{text}{said:?}");
        assert!(!said.out.contains("= nothing"), "{}", said.out);
    }
}
