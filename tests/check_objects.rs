//! `omnisim check`: which objects there are, what they begin with, and what is said of histories
//! that they do not read.

mod common;

use common::events::{check, done, events};
use common::omnisim;
use serde_json::Value;

fn json(text: &str, options: &[&str]) -> Value {
    let said = check(text, &[options, &["--format", "json"]].concat());
    serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"))
}

/// A register that held 4 before the first operation.
fn began_with_4() -> String {
    events(
        &[
            done(0, "read", "nil", "4"),
            done(1, "cas", "[4 9]", "[4 9]"),
            done(0, "read", "nil", "9"),
        ]
        .concat(),
    )
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
    let torn = events(&[done(0, "read", "nil", "4"), done(1, "read", "nil", "5")].concat());
    for initial in ["4", "5", "nil", "unknown"] {
        let said = check(&torn, &["--model", "register", "--initial", initial]);
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(!said.out.contains("there is no violation"), "{said:?}");
    }
}

#[test]
fn keys_begin_with_values_of_their_own() {
    let text = events(
        &[
            done(0, "read", "[\"a=b\" nil]", "[\"a=b\" \"x=y\"]"),
            done(1, "read", "[\"c\" nil]", "[\"c\" 1]"),
        ]
        .concat(),
    );
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
    let one = events(&[[asked, failed], done(1, "read", "nil", "nil")].concat());
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
            let wrote = done(0, "write", one, one);
            let text = events(
                &[
                    done(1, "write", "7", "7"),
                    wrote,
                    done(2, "read", "nil", value),
                ]
                .concat(),
            );
            check(&text, &["--model", "register"])
        };
        assert_eq!(read(one).code, Some(0), "{one}");
        let said = read(other);
        assert_eq!(said.code, Some(1), "{one} {other}: {said:?}");
    }
    let text = events(&[done(0, "write", "3", "3"), done(1, "read", "nil", "\"3\"")].concat());
    assert_eq!(check(&text, &["--model", "register"]).code, Some(0));
}

#[test]
fn a_register_with_versions_is_one_of_its_own() {
    let text = |version| {
        events(
            &[
                done(0, "write", "[nil 8]", "[1 8]"),
                done(1, "cas", "[nil [8 9]]", version),
                done(2, "read", "[nil nil]", "[2 9]"),
            ]
            .concat(),
        )
    };
    let model = ["--model", "versioned-register"];
    assert_eq!(check(&text("[2 [8 9]]"), &model).code, Some(0));
    assert_eq!(check(&text("[3 [8 9]]"), &model).code, Some(1));
}

/// A clean history and a wrong one of each of the other models.
#[test]
fn every_other_model_lets_a_clean_history_pass_and_not_a_wrong_one() {
    let mutex = |second| {
        events(
            &[
                done(0, "acquire", "nil", "nil"),
                done(1, second, "nil", "nil"),
            ]
            .concat(),
        )
    };
    let queue = |first, last| {
        events(
            &[
                done(0, "enqueue", "1", "1"),
                done(0, "enqueue", "2", "2"),
                done(1, "dequeue", "nil", first),
                done(1, "drain", "nil", last),
            ]
            .concat(),
        )
    };
    let stack = |top| {
        events(
            &[
                done(0, "push", "1", "1"),
                done(1, "push", "2", "2"),
                done(1, "pop", "nil", top),
            ]
            .concat(),
        )
    };
    let set = |read| {
        events(
            &[
                done(0, "add", "1", "1"),
                done(1, "add", "2", "2"),
                done(0, "read", "nil", read),
            ]
            .concat(),
        )
    };
    let counter = |read| {
        events(
            &[
                done(0, "add", "5", "5"),
                done(1, "dec", "nil", "nil"),
                done(0, "read", "nil", read),
            ]
            .concat(),
        )
    };
    let paid = "{:from 0, :to 1, :amount 4}";
    let bank = |read| {
        events(
            &[
                done(0, "transfer", paid, paid),
                done(0, "read", "nil", read),
            ]
            .concat(),
        )
    };
    for (model, clean, wrong) in [
        ("mutex", mutex("release"), mutex("acquire")),
        ("queue", queue("1", "[2]"), queue("2", "[1]")),
        ("fifo-queue", queue("1", "[]"), queue("1", "[2 2]")),
        ("stack", stack("2"), stack("1")),
        ("set", set("#{2 1}"), set("#{1}")),
        ("counter", counter("4"), counter("5")),
        ("bank", bank("{0 6, 1 4}"), bank("{0 6, 1 5}")),
    ] {
        let initial = ["--initial", "{\"0\":10,\"1\":0}"];
        let initial = if model == "bank" { &initial[..] } else { &[] };
        let options = [&["--model", model], initial].concat();
        let said = check(&clean, &options);
        assert_eq!(said.code, Some(0), "{model}: {said:?}");
        let said = check(&wrong, &options);
        assert_eq!(said.code, Some(1), "{model}: {said:?}");
    }
    let said = check(&bank("{0 6, 1 4}"), &["--model", "bank"]);
    assert!(
        said.code == Some(2) && said.err.contains("--initial '{"),
        "{said:?}"
    );
    let held = ["--model", "mutex", "--initial", "held"];
    assert_eq!(check(&mutex("release"), &held).code, Some(1));
    let open = check(
        &counter("11"),
        &["--model", "counter", "--initial", "unknown"],
    );
    assert_eq!(open.code, Some(0), "{open:?}");
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
fn the_models_are_listed_with_what_they_read() {
    let said = omnisim(["check", "--list-models"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    for words in ["cas-register\n", "acquire, release", "must be given"] {
        assert!(said.out.contains(words), "{said:?}");
    }
    let said = omnisim(["check", "--list-models", "--format", "json"]);
    let models = said.out.lines().map(|line| {
        let object: Value = serde_json::from_str(line).expect("JSON");
        object["model"].as_str().expect("a name").to_owned()
    });
    assert!(models.collect::<Vec<_>>().contains(&"bank".to_owned()));
}

#[test]
fn independent_keys_go_with_every_model_and_are_told_from_values_that_are_pairs() {
    let of_keys = events(
        &[
            done(0, "write", "[1 3]", "[1 3]"),
            done(1, "write", "[2 4]", "[2 4]"),
            done(2, "read", "[1 nil]", "[1 3]"),
        ]
        .concat(),
    );
    let of_one = events(
        &[
            done(0, "write", "[1 3]", "[1 3]"),
            done(2, "read", "nil", "[1 3]"),
        ]
        .concat(),
    );
    let unclear = events(&done(0, "write", "[1 3]", "[1 3]"));
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
        let first = done(0, "acquire", "[\"a\" nil]", "[\"a\" nil]");
        events(&[first, done(1, "acquire", second, second)].concat())
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
        events(
            &[
                done(0, "write", "[\"k\" \"a\"]", "[\"k\" \"a\"]"),
                done(1, "cas", asked, asked),
                done(2, "read", "[\"k\" nil]", read),
            ]
            .concat(),
        )
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
    let torn = events(&done(0, "cas", "7", "7"));
    let said = check(&torn, &["--model", "kv"]);
    assert!(
        said.code == Some(2) && said.err.contains("[key [old new]]"),
        "{said:?}"
    );
}

#[test]
fn a_read_of_nil_saw_nothing_or_nobody_knows_what() {
    let text = events(&[done(0, "write", "1", "1"), done(1, "read", "nil", "nil")].concat());
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
