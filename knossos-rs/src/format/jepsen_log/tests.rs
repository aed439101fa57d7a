use super::*;
use crate::drawn::any_kind::check_any_kind;
use crate::format::options::FailedCas;
use crate::models::cas_register::CasRegister;
use crate::models::kv::KeyValue;
use crate::{Limits, Verdict};

fn problem(line: &str) -> String {
    let text = format!("INFO  jepsen.util - 0\t:invoke\t:read\tnil\n{line}\n");
    let error = read(&CasRegister, text.as_bytes(), &ReadOptions::default());
    let error = error.map(|_| ()).unwrap_err();
    error.to_string()
}

#[test]
fn the_log_of_a_real_run_is_read_as_its_history_and_gets_its_verdict() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/histories");
    let open = |name| std::fs::read(folder.join(name)).unwrap();
    // Its checker takes a cas that failed for one that did not match.
    let options = ReadOptions {
        failed_cas: FailedCas::DidNotMatch,
        ..ReadOptions::default()
    };
    let log = read(&CasRegister, &open("jepsen_etcd_002.log")[..], &options).unwrap();
    let same = crate::format::json_lines::read(&CasRegister, &open("jepsen_etcd_002.jsonl")[..]);
    assert_eq!(log.operations, same.unwrap());
    let report = check_any_kind(CasRegister, &log.operations, None, &Limits::none());
    assert_eq!(report.verdict, Verdict::Consistent);
}

#[test]
fn lines_of_others_and_of_the_nemesis_are_passed_over() {
    let text = "INFO  jepsen.core - Worker 4 starting\n\
                INFO  jepsen.util - :nemesis\t:info\t:start\tnil\n\
                INFO  jepsen.util - Retrying\n\
                2015-02-01 INFO [jepsen worker 1] jepsen.util: 1\t:invoke\t:write\t[7 3]\n\
                INFO  jepsen.util - 1\t:ok\t:write\t[7 3]\n";
    let contents = read(&KeyValue, text.as_bytes(), &ReadOptions::default()).unwrap();
    let [operation] = &contents.operations[..] else {
        panic!("one operation")
    };
    assert_eq!((&*operation.input.key, operation.call), ("7", 10));
    assert_eq!(operation.ret, Some(20));
}

#[test]
fn a_failure_leaves_out_the_operation_unless_it_says_that_it_was_evaluated() {
    use crate::models::cas_register::Output;
    let read_as = |text: &str, failed_cas| {
        let options = ReadOptions {
            failed_cas,
            ..ReadOptions::default()
        };
        let contents = read(&CasRegister, text.as_bytes(), &options).unwrap();
        let outputs: Vec<_> = contents
            .operations
            .into_iter()
            .map(|operation| operation.output)
            .collect();
        (outputs, contents.failed.len())
    };
    let text = "jepsen.util - 0 :invoke :read nil\n\
                jepsen.util - 0 :fail :read :timed-out\n\
                jepsen.util - 0 :invoke :read nil\n\
                jepsen.util - 0 :fail :read nil [:key-does-not-exist \"x\"]\n\
                jepsen.util - 0 :invoke :cas [1 2]\n\
                jepsen.util - 0 :fail :cas [1 2] :connection-refused\n\
                jepsen.util - 0 :invoke :cas [3 4]\n\
                jepsen.util - 0 :fail :cas [3 4]\n\
                jepsen.util - 0 :invoke :cas [5 6]\n\
                jepsen.util - 0 :fail :cas [:precondition-failed \"is 7\"]\n";
    let (nothing, mismatch) = (Some(Output::Value(None)), Some(Output::Swapped(false)));
    assert_eq!(
        read_as(text, FailedCas::DidNotHappen),
        (vec![nothing.clone(), mismatch.clone()], 3)
    );
    assert_eq!(
        read_as(text, FailedCas::DidNotMatch),
        (vec![nothing, mismatch.clone(), mismatch], 2)
    );
}

#[test]
fn each_mistake_names_its_line_and_what_would_be_right() {
    for (line, words) in [
        (
            "jepsen.util - 0\t:inv",
            "line 2: \":inv\" after the process; it must be",
        ),
        (
            "jepsen.util - 0\t:ok\tread",
            "line 2: \"read\" where the name",
        ),
        (
            "jepsen.util - 0\t:ok\t:read",
            "line 2: the value of :read is missing",
        ),
        (
            "jepsen.util - 0\t:ok\t:read\t[",
            "line 2: not EDN: something in the",
        ),
        (
            "jepsen.util - 0\t:ok\t:read\t3 4",
            "line 2: \"4\" after the value",
        ),
        (
            "jepsen.util - 0\t:ok\t:write\t3",
            "line 2: process 0 ends `write`, and on line 1",
        ),
        (
            "jepsen.util - 1\t:ok\t:read\t3",
            "line 2: process 1 ends `read`, and has not",
        ),
        (
            "jepsen.util - 0\t:invoke\t:read\tnil",
            "line 2: process 0 invokes `read` before",
        ),
        (
            "jepsen.util - 1\t:invoke\t:frob\tnil",
            "line 2: `:f` is \"frob\"; this model knows",
        ),
        (
            "jepsen.util - 1\t:invoke\t:cas\t3",
            "line 2: `:value` of the invocation is 3; a cas",
        ),
    ] {
        let problem = problem(line);
        assert!(problem.starts_with(words), "{line}: {problem}");
    }
}
