use proptest::prelude::*;

use super::*;
use crate::format::json_lines;
use crate::models::cas_register::CasRegister;
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::models::register::Register;
use crate::{Operation, Text};

fn jepsen<C: Codec>(codec: &C, text: &str) -> Contents<C> {
    read(codec, text.as_bytes(), &ReadOptions::default(), Format::Edn).unwrap()
}

fn problem<C: Codec>(codec: &C, text: &str) -> String {
    let result = read(codec, text.as_bytes(), &ReadOptions::default(), Format::Edn);
    result.map(|_| ()).unwrap_err().to_string()
}

const REGISTER: &str = "\
[{:type :invoke, :f :write, :value 3, :process 0, :time 10, :index 0}
 {:type :info, :f :start, :process :nemesis, :time 11, :value \"a cut\"}
 #jepsen.history.Op{:index 2, :time 12,
                    :type :invoke, :process 1, :f :read, :value nil}
 {:type :ok, :f :read, :value 3, :process 1, :time 20} ; late
 #_{:type :nonsense}
 {:type :info, :f :write, :value 3, :process 0, :time 99, :error :timeout}]
";

#[test]
fn a_history_of_jepsen_is_read_however_it_is_laid_out() {
    let contents = jepsen(&Register, REGISTER);
    use crate::models::register::{Input, Output};
    let expected = [
        Operation::unknown(0, Input::Write("3".into()), 10),
        Operation::completed(1, Input::Read, Output::Value(Some("3".into())), 12, 20),
    ];
    assert_eq!(contents.operations, expected);
    let cut = crate::picture::Band {
        name: "nemesis".into(),
        detail: "a cut".into(),
        from: 11,
        until: None,
    };
    assert_eq!(contents.faults, [cut]);
    let in_lines = REGISTER.replace(['[', ']'], "");
    assert_eq!(jepsen(&Register, &in_lines).operations, expected);
}

#[test]
fn an_independent_history_is_one_of_many_keys() {
    let text = "{:type :invoke, :f :cas, :value [5 [1 2]], :process 0}
                {:type :ok, :f :cas, :value [5 [1 2]], :process 0}
                {:type :invoke, :f :read, :value [\"x\" nil], :process 0}
                {:type :fail, :f :read, :value nil, :process 0}";
    let contents = jepsen(&KeyValue, text);
    let op = Op::Cas {
        old: Some("1".into()),
        new: Some("2".into()),
    };
    let input = Input {
        key: "5".into(),
        op,
    };
    let expected = [Operation::completed(
        0,
        input,
        Output::Swapped(true),
        10,
        20,
    )];
    assert_eq!(
        (&contents.operations[..], contents.failed.len()),
        (&expected[..], 1)
    );
}

#[test]
fn a_failed_cas_counts_only_if_it_says_that_it_did_not_match() {
    let text = "{:type :invoke, :f :cas, :value [1 2], :process 0}
                {:type :fail, :f :cas, :value [1 2], :process 0 ERROR}";
    let plain = jepsen(&CasRegister, &text.replace("ERROR", ""));
    assert_eq!((plain.operations.len(), plain.failed.len()), (0, 1));
    let evaluated = jepsen(
        &CasRegister,
        &text.replace("ERROR", ":error :did-not-match"),
    );
    assert_eq!(evaluated.operations[0].output, Some(Output::Swapped(false)));
}

#[test]
fn the_log_of_a_key_value_store_is_read_as_its_history() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/histories/kv_c01-ok.jsonl");
    let same = json_lines::read(&KeyValue, &std::fs::read(path).unwrap()[..]).unwrap();
    let mut log = String::new();
    // One client, so that events come operation by operation.
    for operation in &same {
        let (name, asked) = match &operation.input.op {
            Op::Get => ("get", None),
            Op::Put(value) => ("put", Some(value)),
            Op::Append(value) => ("append", Some(value)),
            other => panic!("{other:?} is not in these logs"),
        };
        let answered = match &operation.output {
            Some(Output::Value(value)) => Some(value.clone().unwrap_or("".into())),
            _ => asked.cloned(),
        };
        let words =
            |value: Option<&Text>| value.map_or("nil".to_owned(), |text| format!("{text:?}"));
        for (kind, value) in [("invoke", asked), ("ok", answered.as_ref())] {
            let (key, value) = (&operation.input.key, words(value));
            log.push_str(&format!(
                "{{:process 0, :type :{kind}, :f :{name}, :key {key:?}, :value {value}}}\n"
            ));
        }
    }
    let contents = crate::format::read(&KeyValue, log.as_bytes(), None).unwrap();
    assert_eq!(contents.format, Format::KvLog);
    // The log knows no absent key.
    assert_eq!(contents.begins_with.as_deref(), Some(""));
    let same: Vec<_> = same
        .into_iter()
        .map(|operation| Operation {
            output: operation.output.map(|output| match output {
                Output::Value(None) => Output::Value(Some("".into())),
                other => other,
            }),
            ..operation
        })
        .collect();
    assert_eq!(contents.operations, same);
}

#[test]
fn each_mistake_names_its_line_and_what_would_be_right() {
    let good = "{:type :invoke, :f :write, :value 3, :process 0, :time 10}\n";
    for (text, words) in [
        ("{:type :invoke", "line 2: the file ends in the middle"),
        (
            "{:type :invoke, :f}",
            "line 2: not EDN: the last name of the map has no value",
        ),
        (
            "{:f 1, :f 2}",
            "line 2: not EDN: a map has the same key twice",
        ),
        ("{:a (1]}", "line 2: not EDN: ']' closes what is not open"),
        (
            "{:value\n 9x}",
            "line 3: not EDN: the number 9x is malformed",
        ),
        ("hello", "line 2: \"hello\" does not begin an event"),
        ("{:process 0, :f :read}", "line 2: `:type` is missing"),
        (
            "{:process 0, :type :done}",
            "line 2: `:type` is :done; it must be :invoke",
        ),
        ("{:process 0, :type :ok}", "line 2: `:f` is missing"),
        (
            "{:process 0, :type :ok, :f :read, :time 20}",
            "line 2: process 0 ends `read`, and on line 1",
        ),
        (
            "{:process 1, :type :ok, :f :read, :time 20}",
            "line 2: process 1 ends `read`, and has not",
        ),
        (
            "{:process 0, :type :invoke, :f :read, :time 20}",
            "line 2: process 0 invokes `read` before its",
        ),
        (
            "{:process 1, :type :invoke, :f :fly, :time 20}",
            "line 2: `:f` is \"fly\"; this model knows",
        ),
        (
            "{:process 0, :type :ok, :f :write, :time 9}",
            "line 2: `write` ends at 9 ns, before",
        ),
        (
            "{:process 0, :type :ok, :f :write, :value 4, :time 20}",
            "line 2: process 0 ends `write` of 4, and on line 1 it invoked it with 3",
        ),
        (
            "{:process 0, :type :ok, :f :write, :time x}",
            "line 2: `:time` is \"x\"; it must be",
        ),
        (
            "{:process 0, :type :ok, :f :write, :value [#{[(",
            "line 2: the file ends",
        ),
    ] {
        let problem = problem(&Register, &format!("{good}{text}"));
        assert!(problem.starts_with(words), "{text}: {problem}");
    }
}

#[test]
fn an_end_may_tell_its_value_in_other_words_or_hold_an_answer() {
    let invoke = "{:type :invoke, :f :cas, :value [nil 3], :process 0, :time 10}\n";
    let ok = "{:type :ok, :f :cas, :process 0, :time 20";
    for end in [
        "",
        ", :value [nil 3]",
        ", :value [nil \"3\"]",
        ", :value true",
    ] {
        let contents = jepsen(&CasRegister, &format!("{invoke}{ok}{end}}}"));
        assert_eq!(contents.operations.len(), 1, "{end}");
    }
    let other = problem(&CasRegister, &format!("{invoke}{ok}, :value [nil 4]}}"));
    assert!(
        other.starts_with("line 2: process 0 ends `cas` of"),
        "{other}"
    );
    let put = "{:type :invoke, :f :put, :key \"a\", :value 3, :process 0, :time 10}\n\
               {:type :ok, :f :put, :key \"a\", :value 9, :out {:ok true}, :process 0, :time 20}";
    assert_eq!(jepsen(&KeyValue, put).operations.len(), 1);
}

#[test]
fn data_within_data_are_refused_before_they_take_long_to_read() {
    let (opened, closed) = ("#{".repeat(100_000), "}".repeat(100_000));
    let event = format!("{{:process 0, :type :invoke, :f :write, :value {opened}1{closed}}}");
    let problem = problem(&Register, &event);
    assert_eq!(problem, "line 1: data are nested more than 128 deep");
}

fn text() -> BoxedStrategy<Text> {
    prop_oneof!["[a-c]", "\\PC{0,3}", "[\"\\\\\n\t:{}]{1,4}"]
        .prop_map(|text| Text::from(&*text))
        .boxed()
}

fn operation() -> BoxedStrategy<Operation<Input, Output>> {
    let maybe = || prop::option::of(text());
    let op = prop_oneof![
        (Just(Op::Get), maybe().prop_map(Output::Value)),
        (text().prop_map(Op::Put), Just(Output::Done)),
        (Just(Op::Delete), Just(Output::Done)),
        (text().prop_map(Op::Append), Just(Output::Done)),
        (
            (maybe(), maybe()).prop_map(|(old, new)| Op::Cas { old, new }),
            any::<bool>().prop_map(Output::Swapped)
        ),
    ];
    (0..4_u64, text(), op, 0..50_u64, prop::option::of(0..20_u64))
        .prop_map(|(client, key, (op, output), call, lasts)| Operation {
            client,
            input: Input { key, op },
            output: lasts.is_some().then_some(output),
            call,
            ret: lasts.map(|lasts| call + lasts),
        })
        .boxed()
}

/// Makes events of operations come back in the order in which they were.
fn in_order(mut history: Vec<Operation<Input, Output>>) -> Vec<Operation<Input, Output>> {
    history.sort_by_key(|operation| operation.call);
    history
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_in_every_format(
        history in prop::collection::vec(operation(), 0..30),
    ) {
        let history = in_order(history);
        let mut file = Vec::new();
        write(&KeyValue, &history, &mut file).unwrap();
        let contents = crate::format::read(&KeyValue, &file[..], Some(Format::Edn)).unwrap();
        prop_assert_eq!(&contents.operations, &history, "{}", String::from_utf8_lossy(&file));

        let mut file = Vec::new();
        json_lines::write(&KeyValue, &history, &mut file).unwrap();
        let contents = crate::format::read(&KeyValue, &file[..], None).unwrap();
        prop_assert_eq!(&contents.operations, &history);
    }

    #[test]
    fn no_process_does_two_things_at_a_time(history in prop::collection::vec(operation(), 0..30)) {
        let mut file = Vec::new();
        write(&KeyValue, &history, &mut file).unwrap();
        // The reader refuses a process that does.
        prop_assert!(crate::format::read(&KeyValue, &file[..], Some(Format::Edn)).is_ok());
    }
}
