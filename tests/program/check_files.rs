//! `omnisim check`: which files are histories, and what is said of those that are none or broken.

use crate::arguments;
use crate::common::histories::{EDN, GOOD, KV_LOG, LOG, STALE};
use crate::common::{Folder, Said, omnisim, program};

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
