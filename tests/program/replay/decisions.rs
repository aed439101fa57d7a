//! What `[decisions]` of a repro says is what the run does, and nothing else changes.

use std::path::Path;

use super::{edited, flawed_repro, passing_repro, replay, replayed_object};
use crate::common::{Folder, run, scenario};
use omnisim::decision::{Kept, Plan, Site};
use omnisim::world::RunOptions;

/// Whether the first operation of client 1 is issued; question 0 of its stream is when.
const FIRST_OPERATION: &str = "operation/c1.1/1";

#[test]
fn a_flaw_does_not_show_when_every_decision_is_boring() {
    let out = Folder::new();
    let (repro, _) = flawed_repro("amnesia", &out);
    let boring = edited(&repro, "keep = \"all\"", "keep = []");
    let said = replay(&boring);
    assert_eq!(said.code, Some(5), "{said:?}");
    said.complains(&["the violation of agreement does not come"]);
    assert!(said.out.contains("PASS, not reproduced"), "{said:?}");
    let object = replayed_object(&boring);
    assert_eq!(
        object["faults"],
        serde_json::json!({}),
        "nothing goes wrong"
    );
    assert_eq!(object["verdict"], "pass");
}

#[test]
fn a_kept_operation_is_the_only_one_issued_and_is_the_seeded_one() {
    let out = Folder::new();
    let repro = passing_repro(&out);
    let operations = |path: &Path| {
        let operations = &replayed_object(path)["operations"];
        operations["ok"].as_u64().expect("a count") + operations["info"].as_u64().expect("a count")
    };
    let none = operations(&edited(&repro, "keep = \"all\"", "keep = []"));
    let one = operations(&edited(
        &repro,
        "keep = \"all\"",
        &format!("keep = [{FIRST_OPERATION:?}]"),
    ));
    assert_eq!(one, none + 1, "the others are probes of the settle phase");
}

#[test]
fn an_answer_set_by_hand_is_honoured() {
    let out = Folder::new();
    let repro = passing_repro(&out);
    let boring = edited(&repro, "keep = \"all\"", "keep = []");
    let none = replayed_object(&boring)["operations"]["ok"]
        .as_u64()
        .expect("a count");
    let set = edited(
        &repro,
        "keep = \"all\"",
        "keep = []\nset = { \"operation/c1.1/1\" = 1, \"operation/c2.1/1\" = 1 }",
    );
    let two = replayed_object(&set)["operations"]["ok"]
        .as_u64()
        .expect("a count");
    assert_eq!(two, none + 2);

    // The same through the library, and the other way round: an operation is taken away.
    let site = Site::parse(FIRST_OPERATION).expect("it is a site");
    let plan = Plan {
        kept: Kept::All,
        set: [(site, 0)].into(),
    };
    let options = RunOptions {
        plan,
        keep_history: true,
        ..RunOptions::default()
    };
    let history = run(&scenario("smoke/hello"), 1, options)
        .history
        .expect("it was kept");
    let whole = RunOptions {
        keep_history: true,
        ..RunOptions::default()
    };
    let whole = run(&scenario("smoke/hello"), 1, whole)
        .history
        .expect("it was kept");
    let of_client_1 = |history: &[String]| {
        history
            .iter()
            .filter(|line| line.contains("\"client\":1,"))
            .count()
    };
    assert_eq!(of_client_1(&history) + 1, of_client_1(&whole));
}

#[test]
fn an_answer_for_a_site_that_is_never_asked_changes_nothing() {
    let out = Folder::new();
    let repro = passing_repro(&out);
    let set = edited(
        &repro,
        "keep = \"all\"",
        "keep = \"all\"\nset = { \"loss/nowhere/7\" = 1 }",
    );
    let said = replay(&set);
    assert_eq!(said.code, Some(0));
    assert!(
        said.out
            .contains("loss/nowhere/7 changed nothing: it was never asked"),
        "{}",
        said.out
    );
    assert!(!replay(&repro).out.contains("never asked"));
}
