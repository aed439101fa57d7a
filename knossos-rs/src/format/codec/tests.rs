//! Every codec reads what it writes, and values are what they are.

use std::fmt::Debug;

use proptest::prelude::*;
use serde_json::json;

use super::value::{datum_or_null, value};
use super::{Codec, Line};
use crate::consistency::Consistency;
use crate::format::Datum;
use crate::models::counter::Counter;
use crate::models::keyed::Keyed;
use crate::models::mutex::Mutex;
use crate::models::versioned_register::VersionedRegister;
use crate::models::{bank, cas_register, queue, register, set, stack};
use crate::{Model as _, Operation, Text};

fn line(op: &str, input: serde_json::Value, output: Option<serde_json::Value>) -> Line {
    Line {
        op: op.into(),
        key: None,
        input: input.into(),
        output: output.map(Datum::from),
    }
}

/// Reads the line, writes it, and reads that: the same. Gives it in words.
fn told<C: Codec>(
    codec: &C,
    op: &str,
    input: serde_json::Value,
    output: serde_json::Value,
) -> String
where
    C::Input: Debug,
    C::Output: Debug,
{
    let written = line(op, input, Some(output).filter(|output| !output.is_null()));
    let (input, output) = codec.parse(&written).expect("what is right");
    codec.knows(op).expect("what is known");
    let again = codec.render(&input, output.as_ref());
    let read = codec.parse(&again).expect("what was written");
    assert_eq!(read, (input, output), "{again:?}");
    codec.describe(&read.0, read.1.as_ref())
}

fn problem<C: Codec>(
    codec: &C,
    op: &str,
    input: serde_json::Value,
    output: serde_json::Value,
) -> String {
    match codec.parse(&line(op, input, Some(output))) {
        Err(problem) => problem,
        Ok((input, output)) => panic!("{}", codec.describe(&input, output.as_ref())),
    }
}

#[test]
fn every_model_reads_the_operations_of_its_kind() {
    let ok = || json!({ "ok": true });
    let saw = |value: serde_json::Value| json!({ "value": value });
    let happened = |value: serde_json::Value| json!({ "ok": true, "value": value });
    let register = register::Register;
    assert_eq!(told(&register, "write", json!(null), ok()), "write nothing");
    assert_eq!(
        told(&register, "read", json!(null), saw(json!(3))),
        "read = \"3\""
    );
    assert_eq!(
        told(&register, "read", json!(null), json!({"unseen": true})),
        "read = not known"
    );
    let cas = cas_register::CasRegister;
    assert_eq!(
        told(&cas, "cas", json!([null, true]), ok()),
        "cas nothing to true = swapped"
    );
    assert_eq!(
        told(&cas, "write", json!(null), json!(null)),
        "write nothing (outcome unknown)"
    );
    assert_eq!(told(&Mutex, "acquire", json!(null), ok()), "acquire");
    assert_eq!(
        told(&Mutex, "release", json!(null), json!(null)),
        "release (outcome unknown)"
    );
    let counter = Counter::default();
    assert_eq!(
        told(&counter, "dec", json!(2), happened(json!(2))),
        "add -2"
    );
    assert_eq!(told(&counter, "inc", json!(null), ok()), "add 1");
    assert_eq!(
        told(&counter, "read", json!(null), saw(json!(-4))),
        "read = -4"
    );
    let queue = queue::Queue;
    assert_eq!(
        told(&queue, "enqueue", json!([1, 2]), happened(json!([1, 2]))),
        "enqueue [1,2]"
    );
    assert_eq!(
        told(&queue, "dequeue", json!(null), happened(json!(null))),
        "dequeue = nothing"
    );
    let drained = happened(json!([1, "b"]));
    assert_eq!(
        told(&queue, "drain", json!(null), drained),
        "drain = [\"1\", \"b\"]"
    );
    assert_eq!(
        told(&stack::Stack, "pop", json!(null), happened(json!(7))),
        "pop = \"7\""
    );
    assert_eq!(told(&set::Set, "add", json!(7), ok()), "add \"7\"");
    assert_eq!(
        told(&set::Set, "read", json!(null), saw(json!([2, 1]))),
        "read = {\"1\", \"2\"}"
    );
    let was = json!({ "ok": true, "was": false });
    assert_eq!(
        told(&set::Set, "remove", json!(7), was),
        "remove \"7\" = was not there"
    );
    let bank = bank::Bank::new([]);
    let asked = json!({ "from": 5, "to": 2, "amount": 4 });
    assert_eq!(
        told(&bank, "transfer", asked, ok()),
        "transfer 4 from \"5\" to \"2\" = moved"
    );
    let seen = saw(json!({ "0": 97, "5": 3 }));
    assert_eq!(
        told(&bank, "read", json!(null), seen),
        "read = {\"0\": 97, \"5\": 3}"
    );
    let versioned = VersionedRegister;
    let wrote = happened(json!([4, "a"]));
    assert_eq!(
        told(&versioned, "write", json!([null, "a"]), wrote),
        "write \"a\" (version 4)"
    );
    let swapped = happened(json!([5, ["a", 3]]));
    assert_eq!(
        told(&versioned, "cas", json!([null, ["a", 3]]), swapped),
        "cas \"a\" to \"3\" = swapped (version 5)"
    );
    let seen = saw(json!([5, 3]));
    assert_eq!(
        told(&versioned, "read", json!([null, null]), seen),
        "read = \"3\" (version 5)"
    );
    let nothing = saw(json!([0, null]));
    assert_eq!(
        told(&versioned, "read", json!(null), nothing),
        "read = nothing (version 0)"
    );
    let keyed = Keyed::new(Mutex);
    let key = Some(Text::from("m"));
    let (input, _) = keyed
        .parse(&Line {
            key,
            ..line("acquire", json!(null), None)
        })
        .unwrap();
    assert_eq!(keyed.describe(&input, Some(&())), "\"m\": acquire");
}

#[test]
fn what_no_model_can_read_is_told_with_what_can() {
    let ok = || json!({ "ok": true });
    let cas = cas_register::CasRegister;
    let of = |op: &str| problem(&cas, op, json!(1), ok());
    assert!(
        of("acquire").contains("the model `mutex` reads it"),
        "{}",
        of("acquire")
    );
    assert!(
        of("add").contains("the models `set` and `counter` read it"),
        "{}",
        of("add")
    );
    assert!(of("txn").contains("transactions are not checked here"));
    assert!(
        of("fly").ends_with("this model knows get, put, cas, read, write"),
        "{}",
        of("fly")
    );
    assert_eq!(cas.knows("enqueue").unwrap_err(), of("enqueue"));
    let counted = problem(
        &Counter::default(),
        "inc",
        json!(1),
        json!({ "ok": true, "value": 5 }),
    );
    assert!(counted.contains("not understood"), "{counted}");
    let large = problem(&cas, "write", json!(1e30), ok());
    assert!(large.contains("too large"), "{large}");
    let torn = problem(&bank::Bank::new([]), "transfer", json!({ "from": 1 }), ok());
    assert!(torn.contains("\"amount\""), "{torn}");
    let unversioned = problem(&VersionedRegister, "write", json!(3), ok());
    assert!(unversioned.contains("[version value]"), "{unversioned}");
}

#[test]
fn a_drain_is_as_many_dequeues_as_it_took_and_one_more_and_perhaps_all_if_nobody_knows() {
    let enqueue = |at| {
        let input = queue::Input::Enqueue("a".into());
        Operation::completed(1, input, queue::Output::Done, at, at + 1)
    };
    let drained = queue::Output::Drained(vec!["a".into(), "a".into()]);
    let known = Operation::completed(2, queue::Input::Drain, drained, 5, 9);
    let unknown = Operation::unknown(3, queue::Input::Drain, 6);
    let expanded = queue::Queue.expand(
        vec![enqueue(0), enqueue(2), known, unknown],
        Consistency::Linearizable,
    );
    let taken = |known: bool| {
        let is_it =
            |op: &&Operation<_, _>| op.input == queue::Input::Dequeue && op.ret.is_some() == known;
        expanded.iter().filter(is_it).count()
    };
    assert_eq!((taken(true), taken(false), expanded.len()), (3, 2, 7));
}

fn data() -> impl Strategy<Value = Datum> {
    let leaf = prop_oneof![
        Just(Datum::Null),
        any::<bool>().prop_map(Datum::Bool),
        (-3..40_i64).prop_map(|number| Datum::Number(number.into())),
        (-3..9_i32).prop_map(|half| Datum::from(json!(f64::from(half) / 2.0))),
        "[a1\\[\\]\"\u{0}-]{0,3}|true|null|\\[1,2\\]".prop_map(|text| Datum::Text(text.into())),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Datum::List),
            prop::collection::vec(("[ab]", inner), 0..3).prop_map(|entries| {
                let entries = entries.into_iter();
                Datum::Map(entries.map(|(name, value)| (name.into(), value)).collect())
            }),
        ]
    })
}

/// The data with all that need not be told apart made one: integers are their texts, the names
/// of a map are in order and come once.
fn plain(datum: &Datum) -> Datum {
    match datum {
        Datum::Number(number) if !number.is_f64() => Datum::Text(number.to_string().into()),
        Datum::List(values) => Datum::List(values.iter().map(plain).collect()),
        Datum::Map(entries) => {
            let entries: std::collections::BTreeMap<Text, Datum> = entries
                .iter()
                .map(|(name, value)| (name.clone(), plain(value)))
                .collect();
            Datum::Map(entries.into_iter().collect())
        }
        other => other.clone(),
    }
}

#[test]
fn a_versioned_register_that_answers_nil_saw_nothing_of_this_version_or_nobody_knows_what() {
    use crate::format::{NilRead, ReadOptions, read_with};
    let read = |nil_read, seen: serde_json::Value| {
        let out = json!({ "value": seen });
        let text = format!(
            "{{\"client\":1,\"op\":\"read\",\"in\":null,\"out\":{out},\"call\":1,\"ret\":2}}"
        );
        let options = ReadOptions {
            nil_read,
            ..ReadOptions::default()
        };
        let contents = read_with(&VersionedRegister, text.as_bytes(), &options).unwrap();
        contents.operations[0].output.clone().unwrap()
    };
    for (seen, version) in [(json!([null, null]), None), (json!([1, null]), Some(1))] {
        let nothing = read(NilRead::Nothing, seen.clone());
        assert_eq!((nothing.version, nothing.value), (version, Some(None)));
        let unknown = read(NilRead::Unknown, seen);
        assert_eq!((unknown.version, unknown.value), (version, None));
    }
}

proptest! {
    #[test]
    fn a_versioned_register_reads_what_it_writes(
        version in prop::option::of(any::<u64>()),
        seen in prop::option::of(prop::option::of("[ab1]{0,2}")),
        which in 0..3_u8,
    ) {
        use crate::models::versioned_register::{Input, Output};
        let of = |text: &Option<String>| text.as_deref().map(Text::from);
        let written = of(&seen.clone().flatten());
        let (input, value) = match which {
            0 => (Input::Read, seen.as_ref().map(of)),
            1 => (Input::Write(written), None),
            _ => (Input::Cas { old: written, new: Some("c".into()) }, None),
        };
        let output = Output { version, value };
        let line = VersionedRegister.render(&input, Some(&output));
        prop_assert_eq!(VersionedRegister.parse(&line).unwrap(), (input, Some(output)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_are_equal_exactly_if_their_data_are(one in data(), other in data()) {
        let [read, other_read] = [&one, &other].map(|datum| value(datum, "in").unwrap());
        prop_assert_eq!(read == other_read, plain(&one) == plain(&other));
        let written = datum_or_null(read.as_ref());
        prop_assert_eq!(plain(&written), plain(&one));
        prop_assert_eq!(value(&written, "in").unwrap(), read);
    }
}
