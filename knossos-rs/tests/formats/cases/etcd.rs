//! Operations of etcd's robustness tests.

use knossos::format::{Format, read};
use knossos::models::kv::KeyValue;
use knossos::{Limits, Operation, Verdict, check};

use super::problem;

#[test]
fn the_operations_of_an_etcd_robustness_test_are_read_however_they_are_laid_out() {
    let operation = |client: u64, input: &str, call: u64, output: &str, ends: u64| {
        format!(
            r#"{{"ClientId":{client},"Input":{{"LeaseGrant":null,{input}}},"Call":{call},"Output":{{"Defragment":null,{output}}},"Return":{ends}}}"#
        )
    };
    let range = |key: &str, more: &str| {
        format!(r#""Type":"range","Range":{{"Start":"{key}","End":"{more}","Revision":0}}"#)
    };
    let found = |value: &str| {
        format!(
            r#""Range":{{"KVs":[{{"Key":"x","Value":{{"Value":"{value}"}},"ModRevision":2}}]}},"Error":"""#
        )
    };
    let put = |key: &str, value: &str| {
        format!(
            r#"{{"Type":"put-operation","Range":{{"Start":""}},"Put":{{"Key":"{key}","Value":{{"Value":"{value}","Hash":0}},"LeaseID":0}},"Delete":{{"Key":""}}}}"#
        )
    };
    let txn = |success: &str, failure: &str| {
        format!(
            r#""Type":"txn","Txn":{{"Conditions":null,"OperationsOnSuccess":[{success}],"OperationsOnFailure":{failure}}}"#
        )
    };
    let read_x = r#"[{"Type":"range-operation","Range":{"Start":"x","End":""},"Put":{"Key":"","Value":{}},"Delete":{"Key":""}}]"#;
    let done = r#""Txn":{"Failure":false,"Results":[{"KVs":null}]},"Error":"""#;
    let failed =
        r#""Txn":{"Failure":true,"Results":[{"KVs":[{"Key":"x","Value":{"Value":"7"}}]}]}"#;
    let text = [
        operation(
            1,
            &range("x", ""),
            10,
            r#""Range":{"KVs":[]},"Error":"""#,
            20,
        ),
        operation(1, &txn(&put("x", "7"), "null"), 30, done, 40),
        operation(
            2,
            &txn(&put("x", "8"), "null"),
            50,
            r#""Txn":null,"Error":"etcdserver: request timed out""#,
            60,
        ),
        operation(1, &range("x", ""), 70, &found("7"), 80),
        operation(1, &range("", "y"), 90, &found("7"), 95),
        operation(3, &txn(&put("x", "9"), read_x), 100, failed, 110),
    ];
    let value = |value: Option<&str>| knossos::models::kv::Output::Value(value.map(Into::into));
    use knossos::models::kv::{Input, Op, Output::Done};
    let of = |op| Input {
        key: "x".into(),
        op,
    };
    let expected = [
        Operation::completed(1, of(Op::Get), value(None), 10, 20),
        Operation::completed(1, of(Op::Put("7".into())), Done, 30, 40),
        Operation::unknown(2, of(Op::Put("8".into())), 50),
        Operation::completed(1, of(Op::Get), value(Some("7")), 70, 80),
        Operation::completed(3, of(Op::Get), value(Some("7")), 100, 110),
    ];
    for text in [
        text.join("\n"),
        text.join("").replace(',', ",\n  "),
        format!("[{}]", text.join(",")),
    ] {
        let contents = read(&KeyValue, text.as_bytes(), None).unwrap();
        assert_eq!(contents.format, Format::EtcdOperations);
        assert_eq!(contents.operations, expected, "{text}");
        assert_eq!(contents.left_out.operations, 1);
    }
    let late = text[1].replace("\"Return\":40", "\"Return\":4");
    let problem = problem(&KeyValue, &late);
    assert!(
        problem.starts_with("line 1: `Return` is 4, before `Call`, 30"),
        "{problem}"
    );
}

#[test]
fn a_lease_that_is_revoked_may_delete_the_keys_that_were_put_with_it() {
    let text = r#"
        {"ClientId":1,"Input":{"Type":"txn","Txn":{"OperationsOnSuccess":[{"Type":"put-operation","Put":{"Key":"x","Value":{"Value":"7"},"LeaseID":5}}]}},"Call":10,"Output":{"Txn":{"Failure":false,"Results":[{}]}},"Return":20}
        {"ClientId":1,"Input":{"Type":"leaseRevoke","LeaseRevoke":{"LeaseID":5}},"Call":30,"Output":{"LeaseRevoke":{}},"Return":40}
        {"ClientId":1,"Input":{"Type":"range","Range":{"Start":"x"}},"Call":50,"Output":{"Range":{"KVs":[]}},"Return":60}"#;
    let verdict = |text: &str| {
        let history = read(&KeyValue, text.as_bytes(), None).unwrap().operations;
        check(&KeyValue, &history, None, &Limits::none()).verdict
    };
    assert_eq!(verdict(text), Verdict::Consistent);
    let other = text.replace(
        "\"LeaseRevoke\":{\"LeaseID\":5}",
        "\"LeaseRevoke\":{\"LeaseID\":6}",
    );
    assert!(matches!(verdict(&other), Verdict::Violation(_)));
}
