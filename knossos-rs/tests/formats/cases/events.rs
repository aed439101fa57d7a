//! Events: whose they are, when they happened, and what of them is used.

use knossos::Operation;
use knossos::models::cas_register::{CasRegister, Input, Output};

use super::{history, is_linearizable, operations, problem, sees, write};

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

/// Two events of a write of 1, then two of a read that saw nothing, at these times.
fn stale_read(times: [&str; 4]) -> String {
    let [invoked, done, asked, seen] = times;
    format!(
        "{{:process 0, :type :invoke, :f :write, :value 1{invoked}}}
         {{:process 0, :type :ok, :f :write, :value 1{done}}}
         {{:process 1, :type :invoke, :f :read, :value nil{asked}}}
         {{:process 1, :type :ok, :f :read, :value nil{seen}}}"
    )
}

#[test]
fn events_happened_in_the_order_of_the_file_whatever_their_times_are() {
    for times in [
        ["", "", "", ""],
        [", :time 10", ", :time 20", ", :time 20", ", :time 30"],
        [", :time 20", ", :time 20", ", :time 20", ", :time 20"],
        [", :time 100", ", :time 110", ", :time 10", ", :time 50"],
        [", :time 100", ", :time 110", "", ""],
    ] {
        let history = operations(&stale_read(times));
        assert!(!is_linearizable(&history), "{times:?}");
    }
    let text = stale_read([", :time 100", ", :time 110", ", :time 10", ", :time 50"]);
    let contents = history(&text);
    assert_eq!(
        contents.late_by, 101,
        "what was called at 10 came after 110"
    );
    let right = stale_read([", :time 10", ", :time 20", ", :time 21", ", :time 21"]);
    assert_eq!(history(&right).late_by, 0);
}

#[test]
fn times_that_nothing_can_be_after_or_that_a_process_goes_back_to_are_refused() {
    let largest = ", :time 18446744073709551615";
    let text = stale_read([", :time 1", largest, largest, largest]);
    let said = problem(&CasRegister, &text);
    assert!(
        said.starts_with("line 3: `:time` is no later than 18446744073709551615"),
        "{said}"
    );
    let text = stale_read([", :time 9", ", :time 8", ", :time 9", ", :time 9"]);
    let said = problem(&CasRegister, &text);
    assert!(
        said.starts_with("line 2: `write` ends at 8 ns, before its invocation on line 1, at 9 ns"),
        "{said}"
    );
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
fn a_history_that_begins_with_a_value_is_read_as_it_is() {
    let text = "{:process 0, :type :invoke, :f :read, :value 7, :time 1}
                {:process 0, :type :ok, :f :read, :value 7, :time 2}";
    assert!(!is_linearizable(&operations(text)));
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
