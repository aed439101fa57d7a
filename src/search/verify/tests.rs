//! Differences are told apart by what differs.

use proptest::prelude::*;

use super::*;

fn cause(first: &[&str], second: &[&str]) -> Cause {
    let owned = |entries: &[&str]| -> Vec<String> {
        entries.iter().map(|entry| (*entry).to_owned()).collect()
    };
    Difference::between(None, &owned(first), &owned(second)).cause
}

#[test]
fn each_cause_is_told_by_what_differs() {
    let answers = |value: &str| format!("    0.105000s  c3       <- r1 answers #4: {value}");
    let values = |one: &str, other: &str| cause(&[&answers(one)], &[&answers(other)]);
    for (one, other, expected) in [
        (r#"["a", "b"]"#, r#"["b", "a"]"#, Cause::Order),
        ("1764444592", "1764444593", Cause::WallClock),
        (
            "1764444592123456789",
            "1764444592123999999",
            Cause::WallClock,
        ),
        ("0x55d0c0ffee10", "0x55d0c0ffee80", Cause::Address),
        ("94352712101904", "94611214241808", Cause::Address),
        ("ThreadId(2)", "ThreadId(3)", Cause::Thread),
        ("7", "8", Cause::Value),
        ("7311895", "18204", Cause::Value),
        ("None", "Some(3)", Cause::Unknown),
    ] {
        assert_eq!(values(one, other), expected, "{one} and {other}");
    }
    assert_eq!(
        cause(
            &["    0.1s  r1  -> a", "    0.2s  r1  -> b"],
            &["    0.1s  r1  -> b", "    0.2s  r1  -> a"],
        ),
        Cause::Order
    );
    assert_eq!(
        cause(&["    0.105000s  r1  leads"], &["    0.106000s  r1  leads"]),
        Cause::Time
    );
    assert_eq!(cause(&["    0.1s  r1  leads"], &[]), Cause::Unknown);
}

#[test]
fn a_difference_names_the_first_entries_that_differ_and_the_cause() {
    let entries = |last: &str| vec!["the same".to_owned(), format!("answers {last}")];
    let difference = Difference::between(None, &entries("7"), &entries("8"));
    let told = difference.to_string();
    for part in [
        "first     answers 7",
        "then      answers 8",
        "likely    a value",
    ] {
        assert!(told.contains(part), "{told}");
    }
}

proptest! {
    /// Whatever is only put in another order is told as that.
    #[test]
    fn what_is_shuffled_is_another_order(
        entries in prop::collection::vec("[a-z]{1,6} [0-9]{1,4}", 2..20),
        by in any::<prop::sample::Index>(),
    ) {
        let mut turned = entries.clone();
        turned.rotate_left(by.index(entries.len()));
        let cause = Difference::between(None, &entries, &turned).cause;
        prop_assert_eq!(cause == Cause::Order, turned != entries, "{:?}", cause);
    }
}
