//! `omnisim check --visualize`: the picture of a history.

use crate::arguments;
use crate::common::histories::{GOOD, STALE};
use crate::common::{Folder, omnisim};

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
