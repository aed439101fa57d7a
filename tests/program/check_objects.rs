//! `omnisim check`: which objects there are, what they begin with, and what is said of histories
//! that they do not read.

use crate::common::objects::{check, does, done, events, gets, history, json};
use serde_json::Value;

/// A register that held 4 before the first operation.
fn began_with_4() -> String {
    history(&[
        gets(0, "read", "4"),
        does(1, "cas", "[4 9]"),
        gets(0, "read", "9"),
    ])
}

#[test]
fn a_register_that_began_with_a_value_is_linearizable_if_that_is_said() {
    let text = began_with_4();
    let model = ["--model", "cas-register"];
    for (initial, told) in [("4", "\"4\" at first"), ("unknown", "unknown at first")] {
        let said = check(&text, &[&model[..], &["--initial", initial]].concat());
        assert!(said.code == Some(0) && said.out.contains(told), "{said:?}");
    }
    let said = check(&text, &model);
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("nothing at first"), "{said:?}");
    assert!(said.out.contains("say --initial 4;"), "{said:?}");
    let other = check(&text, &[&model[..], &["--initial", "5"]].concat());
    assert!(
        other.code == Some(1) && other.out.contains("say --initial 4;"),
        "{other:?}"
    );
    let object = json(&text, &[&model[..], &["--initial", "unknown"]].concat());
    assert_eq!(object["initial"]["everywhere"], "unknown");
    assert_eq!(object["initial"]["given"], true);
    let object = json(&text, &model);
    assert_eq!(object["initial"]["everywhere"]["value"], Value::Null);
    assert!(
        object["violation"]["hint"]
            .as_str()
            .is_some_and(|hint| hint.contains("--initial 4"))
    );
}

#[test]
fn what_no_beginning_explains_is_a_violation_whatever_is_said_of_it() {
    let torn = history(&[gets(0, "read", "4"), gets(1, "read", "5")]);
    for initial in ["4", "5", "nil", "unknown"] {
        let said = check(&torn, &["--model", "register", "--initial", initial]);
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(!said.out.contains("there is no violation"), "{said:?}");
    }
}

#[test]
fn keys_begin_with_values_of_their_own() {
    let text = history(&[
        done(0, "read", "[\"a=b\" nil]", "[\"a=b\" \"x=y\"]"),
        done(1, "read", "[\"c\" nil]", "[\"c\" 1]"),
    ]);
    let kv = ["--model", "kv"];
    let own = ["--initial-of", "\"a=b\"=x=y", "--initial-of", "c=1"];
    let said = check(&text, &[&kv[..], &own].concat());
    assert!(
        said.code == Some(0) && said.out.contains("\"a=b\" \"x=y\""),
        "{said:?}"
    );
    assert_eq!(check(&text, &[&kv[..], &own[..2]].concat()).code, Some(1));
    let unknown = ["--initial", "1", "--initial-of", "\"a=b\"=unknown"];
    assert_eq!(check(&text, &[&kv[..], &unknown].concat()).code, Some(0));
    let said = check(&text, &kv);
    assert!(
        said.code == Some(1) && said.out.contains("say --initial unknown"),
        "{said:?}"
    );
}

#[test]
fn a_history_in_which_nothing_is_known_to_have_succeeded_is_unknown() {
    let asked = ("invoke", 0, "write", "1");
    let (failed, open) = (("fail", 0, "write", "1"), ("info", 0, "write", "1"));
    for (end, told) in [
        (failed, "1 failed, 0 of unknown outcome"),
        (open, "0 failed, 1 of unknown outcome"),
    ] {
        let text = events(&[asked, end]);
        let said = check(&text, &["--model", "register"]);
        assert_eq!(said.code, Some(3), "{said:?}");
        let expected = format!("nothing is known to have succeeded: {told}");
        assert!(said.out.contains(&expected), "{said:?}");
        let object = json(&text, &["--model", "register"]);
        assert_eq!(object["verdict"], "unknown");
        assert_eq!(object["reason"], "nothing_succeeded");
    }
    let one = history(&[[asked, failed], does(1, "read", "nil")]);
    let object = json(&one, &["--model", "register"]);
    assert_eq!(
        (&object["verdict"], &object["reason"]),
        (&"consistent".into(), &Value::Null)
    );
}

#[test]
fn any_data_are_values_and_only_equal_ones_are_the_same() {
    for (one, other) in [
        ("nil", "\"nil\""),
        ("true", "\"true\""),
        ("[1 2]", "\"[1,2]\""),
        ("{:a 1}", "{:a 2}"),
        ("false", "nil"),
    ] {
        let read = |value| {
            let wrote = does(0, "write", one);
            let text = history(&[does(1, "write", "7"), wrote, gets(2, "read", value)]);
            check(&text, &["--model", "register"])
        };
        assert_eq!(read(one).code, Some(0), "{one}");
        let said = read(other);
        assert_eq!(said.code, Some(1), "{one} {other}: {said:?}");
    }
    let text = history(&[does(0, "write", "3"), gets(1, "read", "\"3\"")]);
    assert_eq!(check(&text, &["--model", "register"]).code, Some(0));
}

#[test]
fn a_register_with_versions_is_one_of_its_own() {
    let text = |version| {
        history(&[
            done(0, "write", "[nil 8]", "[1 8]"),
            done(1, "cas", "[nil [8 9]]", version),
            done(2, "read", "[nil nil]", "[2 9]"),
        ])
    };
    let model = ["--model", "versioned-register"];
    assert_eq!(check(&text("[2 [8 9]]"), &model).code, Some(0));
    assert_eq!(check(&text("[3 [8 9]]"), &model).code, Some(1));
}

#[test]
fn an_operation_of_another_model_is_named_with_that_model() {
    for (op, value, told) in [
        ("acquire", "nil", "the model `mutex` reads it"),
        ("enqueue", "1", "the model `queue` reads it"),
        ("add", "1", "the models `set` and `counter` read it"),
        ("txn", "[[:w 1 1]]", "transactions are not checked here"),
    ] {
        for model in ["kv", "register", "cas-register"] {
            let text = events(&done(0, op, value, value));
            let said = check(&text, &["--model", model]);
            assert!(said.code == Some(2) && said.err.contains(told), "{said:?}");
        }
    }
}

#[test]
fn independent_keys_go_with_every_model_and_are_told_from_values_that_are_pairs() {
    let of_keys = history(&[
        does(0, "write", "[1 3]"),
        does(1, "write", "[2 4]"),
        done(2, "read", "[1 nil]", "[1 3]"),
    ]);
    let of_one = history(&[does(0, "write", "[1 3]"), gets(2, "read", "[1 3]")]);
    let unclear = events(&does(0, "write", "[1 3]"));
    for model in ["register", "cas-register"] {
        let model = ["--model", model];
        let told = json(&of_keys, &model);
        assert_eq!(
            (&told["verdict"], &told["keys"]),
            (&"consistent".into(), &2.into())
        );
        let told = json(&of_one, &model);
        assert_eq!(
            (&told["verdict"], &told["keys"]),
            (&"consistent".into(), &1.into())
        );
        let said = check(&unclear, &model);
        assert!(
            said.code == Some(2) && said.err.contains("--independent if"),
            "{said:?}"
        );
        for (independent, keys) in [("--independent", 1), ("--independent=false", 1)] {
            let told = json(&unclear, &[&model[..], &[independent]].concat());
            assert_eq!(
                (&told["verdict"], &told["keys"]),
                (&"consistent".into(), &keys.into())
            );
        }
        assert_eq!(
            check(&of_keys, &[&model[..], &["--independent=false"]].concat()).code,
            Some(1)
        );
    }
    let mutexes = |second| {
        let first = does(0, "acquire", "[\"a\" nil]");
        history(&[first, does(1, "acquire", second)])
    };
    assert_eq!(
        check(&mutexes("[\"b\" nil]"), &["--model", "mutex"]).code,
        Some(0)
    );
    let twice = mutexes("[\"a\" nil]");
    let said = check(&twice, &["--model", "mutex"]);
    assert!(
        said.code == Some(1) && !said.out.contains("\"a\""),
        "the only key: {said:?}"
    );
    let others = mutexes("[\"b\" nil]").replace(":process ", ":process 1");
    let said = check(&(twice + &others), &["--model", "mutex"]);
    assert!(
        said.code == Some(1) && said.out.contains("\"a\": acquire"),
        "{said:?}"
    );
}

#[test]
fn a_cas_of_three_is_that_of_a_key() {
    let asked = "[\"k\" \"a\" \"b\"]";
    let text = |read| {
        history(&[
            does(0, "write", "[\"k\" \"a\"]"),
            does(1, "cas", asked),
            done(2, "read", "[\"k\" nil]", read),
        ])
    };
    for model in ["kv", "cas-register"] {
        assert_eq!(
            check(&text("[\"k\" \"b\"]"), &["--model", model]).code,
            Some(0)
        );
        assert_eq!(
            check(&text("[\"k\" \"a\"]"), &["--model", model]).code,
            Some(1)
        );
    }
    let torn = events(&does(0, "cas", "7"));
    let said = check(&torn, &["--model", "kv"]);
    assert!(
        said.code == Some(2) && said.err.contains("[key [old new]]"),
        "{said:?}"
    );
}

#[test]
fn a_read_of_nil_saw_nothing_or_nobody_knows_what() {
    let text = history(&[does(0, "write", "1"), does(1, "read", "nil")]);
    for model in ["register", "cas-register"] {
        let model = ["--model", model];
        assert_eq!(check(&text, &model).code, Some(1));
        assert_eq!(
            check(&text, &[&model[..], &["--nil-read", "nothing"]].concat()).code,
            Some(1)
        );
        assert_eq!(
            check(&text, &[&model[..], &["--nil-read", "unknown"]].concat()).code,
            Some(0)
        );
    }
    let wrong = text.replace(":ok, :f :read, :value nil", ":ok, :f :read, :value 2");
    let unknown = ["--model", "register", "--nil-read", "unknown"];
    assert_eq!(check(&wrong, &unknown).code, Some(1));
}
