//! `omnisim check`: verdicts on histories, and what it says of broken ones.

mod common;

use std::fmt::Write as _;

use common::{Folder, Said, omnisim, program};

const GOOD: &str = r#"{"client":1,"key":"a","op":"put","in":"7","out":{"ok":true},"call":0,"ret":10}
{"client":2,"key":"a","op":"get","in":null,"out":{"value":"7"},"call":20,"ret":30}
"#;

const STALE: &str = r#"{"client":1,"key":"a","op":"put","in":"7","out":{"ok":true},"call":0,"ret":10}
{"client":2,"key":"a","op":"get","in":null,"out":{"value":null},"call":20,"ret":30}
"#;

/// The same as `GOOD`, as events.
const EDN: &str = "\
{:type :invoke, :f :put, :value [\"a\" 7], :process 1, :time 0}
{:type :ok, :f :put, :value [\"a\" 7], :process 1, :time 10}
{:type :invoke, :f :get, :value [\"a\" nil], :process 2, :time 20}
{:type :ok, :f :get, :value [\"a\" 7], :process 2, :time 30}
";

const KV_LOG: &str = "\
{:process 1, :type :invoke, :f :put, :key \"a\", :value \"7\"}
{:process 1, :type :ok, :f :put, :key \"a\", :value \"7\"}
{:process 2, :type :invoke, :f :get, :key \"a\", :value nil}
{:process 2, :type :ok, :f :get, :key \"a\", :value \"7\"}
";

const LOG: &str = "\
INFO  jepsen.util - 1\t:invoke\t:put\t[a 7]
INFO  jepsen.util - 1\t:ok\t:put\t[a 7]
INFO  jepsen.util - 2\t:invoke\t:get\t[a nil]
INFO  jepsen.util - 2\t:ok\t:get\t[a 7]
";

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
                    && verdicts.len() == 2
                    && verdicts[0].contains("/history: linearizable (2 operations, 1 key,")
                    && verdicts[1].contains("/stale: NOT linearizable"),
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
fn a_broken_line_is_named_with_its_file_and_number() {
    let folder = Folder::new();
    let (first, second) = GOOD.split_once('\n').expect("two lines");
    for (what, line) in [
        ("cut short", &second[..30]),
        ("no JSON", "hello"),
        (
            "no operation of the model",
            r#"{"client":1,"key":"a","op":"fly","in":null,"out":{},"call":1,"ret":2}"#,
        ),
        (
            "no number",
            r#"{"client":1,"key":"a","op":"get","in":null,"out":{"value":null},"call":"x","ret":2}"#,
        ),
        (
            "returned before it was called",
            r#"{"client":1,"key":"a","op":"get","in":null,"out":{"value":null},"call":5,"ret":2}"#,
        ),
    ] {
        let broken = folder.write("broken.jsonl", &format!("{first}\n{line}\n"));
        let said = omnisim(arguments!["check", broken, "--model", "kv"]);
        assert_eq!(
            (said.code, said.out.as_str()),
            (Some(2), ""),
            "{what}: {said:?}"
        );
        assert!(
            said.err.starts_with("error: ") && said.err.contains("broken.jsonl:2: "),
            "{what}: {}",
            said.err
        );
    }
}

#[test]
fn the_other_histories_still_get_their_verdict_and_the_worst_end_wins() {
    let folder = Folder::new();
    let (good, stale) = (
        folder.write("good.jsonl", GOOD),
        folder.write("stale.jsonl", STALE),
    );
    let missing = folder.path().join("missing.jsonl");
    let said = omnisim(arguments![
        "check", missing, stale, good, "--model", "kv", "--format", "json"
    ]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert_eq!(said.objects().len(), 2);
    said.complains(&["missing.jsonl: there is no such file"]);
}

#[test]
fn a_folder_stands_for_all_histories_in_it_in_the_order_of_their_names() {
    let folder = Folder::new();
    let inner = folder.path().join("b");
    std::fs::create_dir(&inner).expect("a folder can be made");
    std::fs::write(inner.join("inner.jsonl"), GOOD).expect("it can be written");
    folder.write("c.jsonl", STALE);
    folder.write("a.jsonl", GOOD);
    folder.write("a.observations.jsonl", "{}\n");
    folder.write("results.edn", "{:valid? true}\n");
    folder.write("n1.log", "INFO started\n");
    folder.write("d.log", LOG);
    let said = omnisim(arguments![
        "check",
        folder.path(),
        "--model",
        "kv",
        "--format",
        "json",
        "--jobs",
        "3"
    ]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let names: Vec<_> = said
        .objects()
        .iter()
        .map(|history| {
            let file = history["file"].as_str().expect("a name");
            file.rsplit_once('/').expect("a path").1.to_owned()
        })
        .collect();
    assert_eq!(names, ["a.jsonl", "inner.jsonl", "c.jsonl", "d.log"]);
    let note = "n1.log was not taken for a history, and passed over";
    assert!(said.err.contains(note), "{said:?}");
}

#[test]
fn a_history_comes_from_standard_input_as_well() {
    let folder = Folder::new();
    let stale = std::fs::File::open(folder.write("stale.jsonl", STALE)).expect("it is there");
    let mut command = program(arguments!["check", "-", "--model", "kv"]);
    let output = command.stdin(stale).output().expect("it can be started");
    let said = Said::from(output);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.starts_with("-: NOT linearizable"), "{}", said.out);
}

#[test]
fn a_folder_without_histories_an_empty_file_and_no_text_are_refused() {
    let folder = Folder::new();
    let check = |path: &std::path::Path, words: &str| {
        let said = omnisim(arguments!["check", path, "--model", "kv"]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        assert_eq!(said.err.lines().count(), 1, "{}", said.err);
        assert!(
            said.err.starts_with("error: ") && said.err.contains(words),
            "{}",
            said.err
        );
    };
    check(folder.path(), "holds no history (*.jsonl");
    check(
        &folder.write("empty.jsonl", "\n\n"),
        "empty.jsonl: is empty",
    );
    let binary = folder.path().join("binary.jsonl");
    let mut bytes = GOOD.as_bytes().to_vec();
    bytes.extend([b'"', 0xff, 0xfe, b'\n']);
    std::fs::write(&binary, bytes).expect("it can be written");
    check(
        &binary,
        "binary.jsonl:3: is not UTF-8 text: byte 2 of the line is 0xff",
    );
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_refused_and_not_waited_for() {
    let folder = Folder::new();
    let pipe = folder.path().join("pipe.jsonl");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo works");
    let said = omnisim(arguments!["check", pipe, "--model", "kv"]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
    said.complains(&["pipe.jsonl: is a named pipe"]);
}

#[test]
fn noise_without_line_breaks_is_refused_after_a_bounded_part_of_it() {
    let folder = Folder::new();
    let noise = folder.path().join("noise.jsonl");
    let file = std::fs::File::create(&noise).expect("it can be made");
    // A hole of zeros: 100 MB that no disk has to hold.
    file.set_len(100_000_000).expect("it can grow");
    let said = omnisim(arguments!["check", noise, "--model", "kv"]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
    said.complains(&["noise.jsonl:1: "]);
    assert!(said.err.len() < 1_000, "a short message");
}

#[test]
fn a_broken_event_is_named_with_its_file_and_line_in_every_format() {
    let folder = Folder::new();
    let long = format!("{{\"client\":1,\"op\":\"{}", "x".repeat(17_000_000));
    for (what, text, right) in [
        (
            "unknown operation",
            EDN.replacen(":f :get", ":f :fly", 1),
            ":3: `:f` is \"fly\"; this model knows get, put",
        ),
        (
            "end without invocation",
            EDN.replacen(":invoke", ":ok", 1),
            ":1: process 1 ends `put`, and has not",
        ),
        (
            "two at a time",
            LOG.replacen(":ok", ":invoke", 1),
            ":2: process 1 invokes `put` before",
        ),
        (
            "end before the beginning",
            EDN.replace(":time 30", ":time 3"),
            ":4: `get` ends at 3 ns, before its",
        ),
        (
            "cut off",
            KV_LOG[..KV_LOG.len() - 9].to_owned(),
            ":4: the file ends in the middle",
        ),
        (
            "cut off",
            LOG[..LOG.len() - 7].to_owned(),
            ":4: the value of :get is missing",
        ),
        (
            "a huge line",
            long,
            ":1: what begins here is longer than 16777216 bytes",
        ),
        (
            "an array without its end",
            format!("[{GOOD}"),
            ":1: the bracket around all events is not closed",
        ),
    ] {
        let said = omnisim(arguments![
            "check",
            folder.write("broken", &text),
            "--model",
            "kv"
        ]);
        assert_eq!(
            (said.code, said.out.as_str()),
            (Some(2), ""),
            "{what}: {said:?}"
        );
        assert!(
            said.err.lines().count() == 1 && said.err.contains(&format!("/broken{right}")),
            "{what}: {}",
            said.err
        );
    }
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
fn the_picture_is_of_the_first_violation_or_of_the_first_history() {
    let folder = Folder::new();
    let [good, stale] = [
        folder.write("good.jsonl", GOOD),
        folder.write("stale.jsonl", STALE),
    ];
    let picture = folder.path().join("deep/inside/picture.html");
    let said = omnisim(arguments![
        "check",
        good,
        stale,
        "--model",
        "kv",
        "--visualize",
        picture
    ]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    said.complains(&["the picture of", "stale.jsonl"]);
    let page = std::fs::read_to_string(&picture).expect("the picture was written");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("stale read"));
    let said = omnisim(arguments![
        "check",
        good,
        "--model",
        "kv",
        "--visualize",
        picture
    ]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let page = std::fs::read_to_string(&picture).expect("the picture was written");
    assert!(page.contains("\"verdict\":\"consistent\""), "{page}");
}

#[test]
fn a_picture_shades_the_faults_that_a_history_of_jepsen_tells_of() {
    let folder = Folder::new();
    let history = folder.write(
        "history.edn",
        "{:process 0, :type :invoke, :f :write, :value 1, :time 10}
         {:process :nemesis, :type :info, :f :start-partition, :value nil, :time 20}
         {:process :nemesis, :type :info, :f :start-partition, :value \"n1 is alone\", :time 30}
         {:process 0, :type :ok, :f :write, :value 1, :time 40}
         {:process :nemesis, :type :info, :f :stop-partition, :value nil, :time 50}
         {:process 1, :type :invoke, :f :read, :value nil, :time 60}
         {:process 1, :type :ok, :f :read, :value nil, :time 70}",
    );
    let picture = folder.path().join("picture.html");
    let said = omnisim(arguments![
        "check",
        history,
        "--model",
        "register",
        "--visualize",
        picture
    ]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    let page = std::fs::read_to_string(&picture).expect("the picture was written");
    let fault = r#"{"name":"partition","detail":"n1 is alone","call":"20","ret":"50"}"#;
    assert!(page.contains(fault), "{page}");
}

#[test]
fn a_picture_that_cannot_be_written_is_told_and_takes_no_history_s_place() {
    let folder = Folder::new();
    let stale = folder.write("stale.jsonl", STALE);
    let said = omnisim(arguments![
        "check",
        stale,
        "--model",
        "kv",
        "--visualize",
        stale.join("picture.html")
    ]);
    assert_eq!(said.code, Some(74), "{}", said.err);
    said.complains(&["picture.html: cannot be written"]);
    assert!(said.out.contains("NOT linearizable"), "{}", said.out);
    let said = omnisim(arguments![
        "check",
        stale,
        "--model",
        "kv",
        "--visualize",
        stale
    ]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    said.complains(&["is a history"]);
    let kept = std::fs::read_to_string(&stale).expect("the history is there");
    assert_eq!(kept, STALE);
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
fn a_log_that_cannot_be_read_beside_a_history_is_a_note_and_alone_an_error() {
    let folder = Folder::new();
    let log = folder.write(
        "jepsen.log",
        "INFO  jepsen.util - operation 2 was invoked\n",
    );
    let alone = omnisim(arguments!["check", folder.path(), "--model", "kv"]);
    assert_eq!(alone.code, Some(2), "{alone:?}");
    folder.write("history.edn", EDN);
    let said = omnisim(arguments!["check", folder.path(), "--model", "kv"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.err.starts_with("note: "), "{said:?}");
    let named = omnisim(arguments!["check", log, "--model", "kv"]);
    assert_eq!(named.code, Some(2), "{named:?}");
    named.complains(&["jepsen.log:1: ", "holds no operation"]);
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

#[test]
fn the_operations_of_all_clients_of_etcd_are_one_history() {
    let folder = Folder::new();
    let put = r#"{"ClientId":1,"Input":{"Type":"txn","Txn":{"OperationsOnSuccess":[{"Type":"put-operation","Put":{"Key":"x","Value":{"Value":"7"}}}]}},"Call":10,"Output":{"Txn":{"Failure":false}},"Return":20}"#;
    let get = r#"{"ClientId":2,"Input":{"Type":"range","Range":{"Start":"x"}},"Call":30,"Output":{"Range":{"KVs":[{"Value":{"Value":"7"}}]}},"Return":40}"#;
    let mut last = None;
    for (client, text) in [("client-1", put), ("client-2", get)] {
        let inner = folder.path().join(client);
        std::fs::create_dir(&inner).expect("a folder can be made");
        std::fs::write(inner.join("operations.json"), text).expect("it can be written");
        std::fs::write(inner.join("watch.json"), "{\"Request\":{}}").expect("it can be written");
        last = Some(inner.join("operations.json"));
    }
    let said = omnisim(arguments!["check", folder.path(), "--model", "kv"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(
        said.out
            .contains("linearizable (2 operations, 1 key, 2 clients"),
        "{}",
        said.out
    );
    let one = last.expect("a file");
    let said = omnisim(arguments!["check", one, "--model", "kv"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["holds the operations of one client of 2", "give the folder"]);
}
