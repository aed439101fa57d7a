//! Kinds of files that people have: each is read as what it says, or refused with a sentence
//! that says what stands there.

use knossos::format::{Codec, Contents, Format, read};
use knossos::models::cas_register::{self, CasRegister, Input, Output};
use knossos::models::kv::KeyValue;
use knossos::models::register::Register;
use knossos::{Limits, Operation, Verdict, check};

type Operations = Vec<Operation<cas_register::Input, cas_register::Output>>;

fn history(text: &str) -> Contents<CasRegister> {
    read(&CasRegister, text.as_bytes(), None).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn operations(text: &str) -> Operations {
    history(text).operations
}

fn problem<C: Codec>(codec: &C, text: &str) -> String {
    let contents = read(codec, text.as_bytes(), None);
    contents.map(|_| ()).expect_err(text).to_string()
}

fn is_linearizable(operations: &Operations) -> bool {
    check(&CasRegister, operations, None, &Limits::none()).verdict == Verdict::Consistent
}

fn write(client: u64, value: &str, call: u64) -> Operation<Input, Output> {
    let input = Input::Write(value.into());
    Operation::completed(client, input, Output::Done, call, call + 10)
}

fn sees(client: u64, value: &str, call: u64) -> Operation<Input, Output> {
    let output = Output::Value(Some(value.into()));
    Operation::completed(client, Input::Read, output, call, call + 10)
}

#[test]
fn a_key_value_log_begins_with_the_empty_string_and_knows_no_absent_key() {
    let text = "{:process 0, :type :invoke, :f :append, :key \"x\", :value \"\"}
                {:process 0, :type :ok, :f :append, :key \"x\", :value \"\"}
                {:process 1, :type :invoke, :f :get, :key \"x\", :value nil}
                {:process 1, :type :ok, :f :get, :key \"x\", :value nil}
                {:process 1, :type :invoke, :f :cas, :key \"x\", :value [nil \"7\"]}
                {:process 1, :type :ok, :f :cas, :key \"x\", :value [nil \"7\"]}
                {:process 1, :type :invoke, :f :delete, :key \"x\", :value nil}
                {:process 1, :type :ok, :f :delete, :key \"x\", :value nil}";
    let contents = read(&KeyValue, text.as_bytes(), None).unwrap();
    assert_eq!(contents.format, Format::KvLog);
    assert_eq!(contents.begins_with.as_deref(), Some(""));
    use knossos::Model;
    let words: Vec<_> = contents
        .operations
        .iter()
        .map(|operation| KeyValue.describe(&operation.input, operation.output.as_ref()))
        .collect();
    assert!(
        words.iter().all(|words| words.contains("\"\"")),
        "{words:?}"
    );
    assert_eq!(
        history("{:process 0, :type :invoke, :f :read}").begins_with,
        None
    );
}

#[test]
fn a_cas_that_failed_did_not_happen_unless_the_event_says_that_it_was_evaluated() {
    let text = |error: &str| {
        format!(
            "{{:process 1, :type :invoke, :f :cas, :value [7 8]}}
             {{:process 1, :type :fail, :f :cas, :value [7 8]{error}}}"
        )
    };
    for (error, is_evaluated) in [
        ("", false),
        (", :error :connection-refused", false),
        (", :error [:timeout :precondition-failed]", false),
        (", :error :did-not-match", true),
        (", :error \"precondition-failed\"", true),
        (", :error [:precondition-failed \"9\"]", true),
        (", :error {:type :precondition-failed, :code 22}", true),
        (", :error [:key-does-not-exist \"9\"]", true),
    ] {
        let contents = history(&text(error));
        assert_eq!(
            contents.operations.len(),
            usize::from(is_evaluated),
            "{error}"
        );
        assert_eq!(contents.failed.len(), usize::from(!is_evaluated), "{error}");
        for operation in contents.operations {
            assert_eq!(operation.output, Some(Output::Swapped(false)));
        }
    }
}

#[test]
fn a_failed_operation_is_kept_with_its_lines() {
    let text = "{:process 3, :type :invoke, :f :write, :value 7}
                {:process 4, :type :invoke, :f :read, :value nil}
                {:process 3, :type :fail, :f :write, :value 7, :error \"timeout\"}";
    let failed = &history(text).failed[..];
    let [failed] = failed else {
        panic!("one failed: {failed:?}")
    };
    assert_eq!(
        (
            failed.client,
            &failed.input,
            failed.invoked_line,
            failed.failed_line
        ),
        (3, &Input::Write("7".into()), 1, 3)
    );
    let line = r#"{"client":5,"op":"put","in":"7","out":{"failed":true},"call":0,"ret":9}"#;
    let failed = &history(&format!("\n{line}")).failed[0];
    assert_eq!(
        (failed.client, failed.invoked_line, failed.failed_line),
        (5, 2, 2)
    );
}

#[test]
fn processes_with_names_are_clients_and_the_nemesis_is_none() {
    let edn = "{:process :writer, :type :invoke, :f :write, :value 7}
               {:process :nemesis, :type :info, :f :start, :value nil}
               {:process :writer, :type :ok, :f :write, :value 7}
               {:process :killer, :type :info, :f :kill, :value \"n1\"}
               {:process 2, :type :invoke, :f :read, :value nil}
               {:process 2, :type :ok, :f :read, :value 7}";
    let log = "jepsen.util - :writer\t:invoke\t:write\t7\n\
               jepsen.util - :nemesis\t:info\t:start\tnil\n\
               jepsen.util - :writer\t:ok\t:write\t7\n\
               jepsen.util - :killer\t:info\t:kill\t\"n1\"\n\
               jepsen.util - 2\t:invoke\t:read\tnil\n\
               jepsen.util - 2\t:ok\t:read\t7\n";
    for text in [edn.to_owned(), log.to_owned()] {
        for name in [":writer", "writer", "\"writer\"", "-1"] {
            let contents = history(&text.replace(":writer", name));
            assert_eq!(
                contents.operations,
                [write(3, "7", 10), sees(2, "7", 30)],
                "{text}"
            );
            assert_eq!(contents.left_out.nemesis_events, 2);
            let names: Vec<_> = contents.client_names.into_iter().collect();
            assert_eq!(names, [(3, name.trim_matches('"').into())]);
        }
    }
}

#[test]
fn a_key_value_log_is_one_whatever_comes_first() {
    let get = "{:process 0, :type :invoke, :f :get, :key \"x\", :value nil}";
    let nemesis = "{:process :nemesis, :type :info, :f :start, :value nil}";
    for text in [
        get.to_owned(),
        format!("{nemesis}\n{get}"),
        format!("{}\n{get}", vec![nemesis; 100].join(" ")),
        get.replace(' ', "\t"),
        get.replace(":value nil", ":value {:a 1}, :b {}"),
        "{:value {:a 1}, :process 0, :type :invoke, :f :get, :key \"x\"}".to_owned(),
    ] {
        assert_eq!(Format::of(text.as_bytes()), Some(Format::KvLog), "{text}");
    }
}

#[test]
fn the_lines_of_old_and_new_jepsen_are_read_with_any_prefix() {
    let expected = [write(4, "7", 10), sees(4, "7", 30)];
    for before in [
        "INFO  jepsen.util - ",
        "2026-03-09 11:00:00,001{GMT}\tINFO\t[jepsen worker 4] jepsen.print: ",
        "2026-03-09 11:00:00,001{GMT}\tINFO\t[jepsen worker 4] jepsen.util: [ 1350 ] ",
        "[11:00:00] my.fork.print: ",
        "",
        "  ",
    ] {
        let lines = [
            "4\t:invoke\t:write\t7",
            "4\t:ok\t:write\t7",
            "4\t:invoke\t:read\tnil",
            "4\t:ok\t:read\t7",
        ];
        let text: String = lines
            .iter()
            .map(|line| format!("{before}{line}\n"))
            .collect();
        let contents = history(&text);
        assert_eq!(contents.format, Format::JepsenLog);
        assert_eq!(contents.operations, expected, "{before}");
    }
    let both = "jepsen.util - 4 :invoke :write 7\njepsen.print: 4 :ok :write 7\n";
    assert_eq!(operations(both), expected[..1]);
}

#[test]
fn lines_of_a_log_that_are_no_operations_are_counted() {
    let text = "INFO jepsen.core - Setting up\n\
                INFO jepsen.util - 4 :invoke :write 7 :hint 3\n\
                INFO jepsen.util - Retrying\n\
                INFO jepsen.util - 4 :ok :write 7\n";
    let contents = history(text);
    assert_eq!(contents.operations, [write(4, "7", 10)]);
    assert_eq!(contents.left_out.lines, 2);
}

#[test]
fn a_log_in_which_no_line_can_be_read_shows_the_first_of_them() {
    let problem = problem(
        &Register,
        "INFO started\nINFO jepsen.util - read 2 invoke\n",
    );
    assert!(
        problem.starts_with("line 2: \"INFO jepsen.util - read 2 invoke\" holds no operation"),
        "{problem}"
    );
}

#[test]
fn a_history_txt_and_vectors_are_read_as_the_history() {
    let text = "4\t:invoke\t:write\t7\n4\t:ok\t:write\t7\n1\t:invoke\t:cas\t[7 8]\n\
                1\t:info\t:cas\t[7 8]\t:timeout\n:nemesis\t:info\t:start\tnil\n";
    let cas = Input::Cas {
        old: Some("7".into()),
        new: Some("8".into()),
    };
    let expected = [write(4, "7", 10), Operation::unknown(1, cas, 30)];
    assert_eq!(operations(text), expected);
    let vectors: String = text.lines().map(|line| format!("[{line}]\n")).collect();
    for text in [
        vectors.clone(),
        format!("[{vectors}]"),
        format!("({vectors})"),
    ] {
        assert_eq!(operations(&text), expected, "{text}");
    }
}

#[test]
fn jepsen_events_in_json_are_read_in_any_layout() {
    let [invoke, ok] = ["invoke", "ok"].map(|kind| {
        format!(r#"{{"process":0,"type":"{kind}","f":"write","value":7,"extra":[{{}}]}}"#)
    });
    for text in [
        format!("{invoke}\n{ok}\n"),
        format!("[{invoke},{ok}]"),
        format!(
            "[\n{},\n{}\n]",
            invoke.replace(',', ",\n  "),
            ok.replace(':', " : ")
        ),
        format!("{invoke}{ok}").replace("\"invoke\"", "\":invoke\""),
        r#"[[0,"invoke","write",7],[0,"ok","write",7]]"#.to_owned(),
    ] {
        let contents = history(&text);
        assert_eq!(contents.format, Format::JsonEvents);
        assert_eq!(contents.operations, [write(0, "7", 10)], "{text}");
    }
    for (text, words) in [
        (ok.clone(), "line 1: process 0 ends `write`, and has not"),
        (
            invoke.replace("write", "fly"),
            "line 1: `f` is \"fly\"; this model knows",
        ),
        (
            format!("{invoke}\n{}", &ok[..20]),
            "line 2: the file ends in the middle",
        ),
        (
            format!("{invoke}\n{}", ok.replace("\"ok\"", "\"done\"")),
            "line 2: `type` is \"done\"; it must be invoke,",
        ),
        (
            format!("[{invoke},\nhello]"),
            "line 2: \"hello]\" does not begin an operation",
        ),
    ] {
        let problem = problem(&CasRegister, &text);
        assert!(problem.starts_with(words), "{text}: {problem}");
        for other in ["EDN", "client", "call"] {
            assert!(!problem.contains(other), "{text}: {problem}");
        }
    }
}

#[test]
fn operations_in_json_are_read_in_any_layout() {
    let line = r#"{"client":4,"op":"put","in":"7","out":{"ok":true},"call":10,"ret":20}"#;
    let other = line.replace("10", "30").replace("20", "40");
    let expected = [write(4, "7", 10), write(4, "7", 30)];
    for text in [
        format!("{line}\n{other}\n"),
        format!("[{line},{other}]"),
        format!("[\n{line},\n{other}\n]\n"),
        format!(
            "{}{}",
            line.replace(',', ",\n  "),
            other.replace('{', "{\n")
        ),
    ] {
        let contents = history(&text);
        assert_eq!(contents.format, Format::JsonLines);
        assert_eq!(contents.operations, expected, "{text}");
    }
    let problem = problem(
        &CasRegister,
        &format!("[\n{line},\n{}\n]", other.replace("\"call\":30,", "\n")),
    );
    assert!(
        problem.starts_with("line 3: `call` is missing"),
        "{problem}"
    );
}

#[test]
fn a_history_on_one_line_is_read_event_by_event() {
    let mut text = "[".to_owned();
    for number in 0..200_000 {
        for (kind, time) in [("invoke", 20 * number), ("ok", 20 * number + 10)] {
            text.push_str(&format!(
                "{{:type :{kind}, :f :write, :value {number}, :process 0, :time {time}, :index {time}}} "
            ));
        }
    }
    text.push(']');
    assert!(text.len() > 1 << 24, "longer than one event may be");
    assert_eq!(operations(&text).len(), 200_000);
}

#[test]
fn an_info_ends_whatever_its_process_has_open_or_nothing() {
    let text = "{:process 0, :type :invoke, :f :write, :value 7}
                {:process 0, :type :ok, :f :write, :value 7}
                {:process 0, :type :info, :f :crash, :value nil}
                {:process 1, :type :invoke, :f :read, :value nil}
                {:process 1, :type :info, :f :crash, :value nil}
                {:process 1, :type :invoke, :f :read, :value nil}";
    let contents = history(text);
    let lost = |call| Operation::unknown(1, Input::Read, call);
    assert_eq!(contents.operations, [write(0, "7", 10), lost(40), lost(60)]);
    assert_eq!(contents.left_out.unmatched_events, 1);
}

#[test]
fn what_is_not_used_need_not_be_understood_and_what_is_used_is() {
    for strange in [
        "12N",
        "1.5M",
        "##Inf",
        "##NaN",
        "#\"[a\"",
        "22/7",
        "\"\\b\\f\"",
        "\\{",
        "\\newline",
        "[}",
        "1x",
        "#inst \"2026\"",
        "#object[a.B 0x1F \"a.B@1F\"]",
        "#<Exception x>",
        "#:a{:b 1}",
        "{:a 1, :a 2}",
        "99999999999999999999999",
    ] {
        if strange == "[}" {
            continue;
        }
        let text = format!(
            "{{:process 0, :type :invoke, :f :write, :value 7, :debug {strange}}}
             {{:process :nemesis, :type :info, :f :bump, :more {strange}}}
             {{:more {strange}, :process 0, :type :ok, :f :write, :value 7}}"
        );
        assert_eq!(operations(&text), [write(0, "7", 10)], "{strange}");
    }
    for number in ["7N", "7M", "+7", "0x7", "14/2"] {
        let text = format!(
            "{{:process 0N, :type :invoke, :f :write, :value {number}}}
             {{:process 0, :type :ok, :f :write, :value 7}}"
        );
        assert_eq!(operations(&text), [write(0, "7", 10)], "{number}");
    }
    let namespaced = "#:jepsen{:process 0, :type :invoke, :f :read, :value nil}";
    assert_eq!(operations(namespaced).len(), 1);
    let bare = "{process 0, type invoke, f read, value nil}";
    assert_eq!(operations(bare).len(), 1);
}

#[test]
fn an_empty_history_is_empty_in_every_format() {
    for text in [
        "",
        "\n",
        "[]",
        "()",
        " [ ] ",
        "; nothing\n",
        "[\n; nothing\n]\n",
    ] {
        assert!(history(text).is_empty(), "{text}");
    }
}

#[test]
fn a_time_of_minus_one_is_none_and_missing_times_are_filled_in() {
    let text = "{:process 0, :type :invoke, :f :write, :value 7, :time -1}
                {:process 0, :type :ok, :f :write, :value 7, :time -1}";
    let contents = history(text);
    assert_eq!(
        (contents.operations, contents.has_times),
        (vec![write(0, "7", 10)], false)
    );
    // One without a time among others is as late as the one before it.
    let some = "{:process 0, :type :invoke, :f :write, :value 7, :time 100}
                {:process 0, :type :ok, :f :write, :value 7}
                {:process 0, :type :invoke, :f :read, :value nil, :time 200}";
    let calls: Vec<_> = operations(some)
        .iter()
        .map(|it| (it.call, it.ret))
        .collect();
    assert_eq!(calls, [(100, Some(100)), (200, None)]);
}

#[test]
fn events_without_a_process_are_paired_where_only_one_operation_can_be_meant() {
    let text = "{:type :invoke, :f :write, :value 7}
                {:type :ok, :f :write, :value 7}
                {:type :invoke, :f :read, :value nil}
                {:type :invoke, :f :write, :value 8}
                {:type :ok, :f :read, :value 7}
                {:type :fail, :f :write, :value 8}";
    let contents = history(text);
    let read = Operation::completed(0, Input::Read, Output::Value(Some("7".into())), 30, 50);
    assert_eq!(contents.operations, [write(0, "7", 10), read]);
    assert_eq!(contents.failed.len(), 1);
    let twice = "{:type :invoke, :f :read}\n{:type :invoke, :f :read}\n{:type :ok, :f :read}";
    let problem = problem(&CasRegister, twice);
    assert!(
        problem.starts_with("line 3: this event can end the `read` of line 1 or that of line 2"),
        "{problem}"
    );
}

#[test]
fn what_begins_no_history_is_shown_and_nothing_is_said_of_a_format_that_it_is_not() {
    for (text, words) in [
        (
            "hello, world",
            "line 1: \"hello, world\" does not begin a history; one is",
        ),
        ("\n7\n", "line 2: \"7\" does not begin a history"),
        (
            "{:process 0, :type :done, :f :read}",
            "line 1: `:type` is :done; it must be :invoke",
        ),
        ("{\"client\":1}", "line 1: `op` is missing"),
    ] {
        let problem = problem(&CasRegister, text);
        assert!(problem.starts_with(words), "{text}: {problem}");
    }
}

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

#[test]
fn a_history_that_begins_with_a_value_is_read_as_it_is() {
    let text = "{:process 0, :type :invoke, :f :read, :value 7, :time 1}
                {:process 0, :type :ok, :f :read, :value 7, :time 2}";
    assert!(!is_linearizable(&operations(text)));
}
