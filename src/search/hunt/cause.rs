//! Why a check failed, as far as many runs can be told apart by it.

use crate::check::{Class, Violation};
use crate::search::Signature;

/// What of a violation is the same in every run that fails for the same reason, and not in
/// those that fail for another.
///
/// A panic is told by its place, a known finding by its name; both are in the signature. A
/// violation that says what kind it is is told by that. Any other is told by the shape of its
/// message: the first clause, and what is said of the reasons after a semicolon, without the
/// numbers, names and values that differ from run to run.
pub(super) fn cause(signature: &Signature, violation: &Violation) -> String {
    if signature.finding.is_some() || violation.class == Class::Panic {
        return String::new();
    }
    match violation.kind {
        Some(kind) => kind.to_string(),
        None => shape(&violation.message),
    }
}

/// A message without what differs from run to run.
fn shape(message: &str) -> String {
    let plain = without_values(message);
    let mut clauses: Vec<String> = Vec::new();
    for part in plain.split(';') {
        let clause = part.split(", ").next().unwrap_or_default();
        let words: Vec<_> = clause.split_whitespace().map(without_digits).collect();
        let clause = words.join(" ");
        // The same is often said of several replicas.
        if !clause.is_empty() && !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    clauses.join("; ")
}

/// Without what stands in quotes or brackets: values, as code prints them.
fn without_values(text: &str) -> String {
    let mut plain = String::new();
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for letter in text.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            other => plain.push(other),
        }
    }
    plain
}

/// A number, with what is written to it as a unit, becomes a `#`.
fn without_digits(word: &str) -> String {
    if word.starts_with(|first: char| first.is_ascii_digit()) {
        return "#".to_owned();
    }
    let mut plain = String::new();
    for letter in word.chars() {
        match letter {
            '0'..='9' if plain.ends_with('#') => {}
            '0'..='9' => plain.push('#'),
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use knossos::Anomaly;
    use proptest::prelude::*;
    use simulated_clock::Instant;

    use super::*;
    use crate::replica::Caught;

    fn of(violation: &Violation) -> String {
        cause(&Signature::of(violation), violation)
    }

    fn safety(message: &str) -> Violation {
        Violation::safety("agreement", Instant::ZERO, vec![1], message)
    }

    #[test]
    fn the_same_reason_has_one_cause_and_another_reason_another() {
        let same = [
            "replica 3 decided another log up to index 7 than replica 1",
            "replica 1 decided another log up to index 12,034 than replica 2",
        ];
        assert_eq!(of(&safety(same[0])), of(&safety(same[1])));
        let other = "replica 3 cut its log back to index 7, but had decided up to 9";
        assert_ne!(of(&safety(same[0])), of(&safety(other)));
        let late = |command: &str, others: &str| {
            format!("request 3 of client 1 ({command}), issued at 1.2s, was not answered{others}")
        };
        assert_eq!(
            of(&safety(&late(
                "Put { key: \"a, b\" }",
                ", nor were 3 others"
            ))),
            of(&safety(&late("Get { key: \"c; (\\\"\" }", ""))),
        );
        let circle = format!(
            "{}; nobody leads: heartbeats show a circle",
            late("Get", "")
        );
        assert_ne!(of(&safety(&circle)), of(&safety(&late("Get", ""))));
    }

    #[test]
    fn a_kind_tells_more_than_words_and_a_panic_is_told_by_its_place_alone() {
        let read = |message: &str, kind| safety(message).of_kind(kind);
        assert_eq!(
            of(&read(
                "get saw what had been overwritten",
                Anomaly::StaleRead
            )),
            of(&read(
                "cas saw what had been overwritten",
                Anomaly::StaleRead
            )),
        );
        assert_ne!(
            of(&read("the same words", Anomaly::StaleRead)),
            of(&read("the same words", Anomaly::LostUpdate)),
        );
        let panic = |message: &str| {
            let caught = Caught {
                message: message.to_owned(),
                place: "src/log.rs:3:5".to_owned(),
                is_own: false,
            };
            Violation::panic(Instant::ZERO, 1, &caught)
        };
        assert_eq!(of(&panic("one")), of(&panic("another")));
    }

    proptest! {
        /// Otherwise a hunt of a million runs would have a million catches.
        #[test]
        fn numbers_and_values_never_make_another_cause(
            numbers in prop::array::uniform4(0u64..1_000_000),
            value in "[a-z\"\\\\,;()\\[\\]]{0,8}",
        ) {
            let told = |numbers: [u64; 4], value: &str| {
                let [a, b, c, d] = numbers;
                safety(&format!(
                    "replica {a} answered {value:?} at index {b} in {c}ms with another result; \
                     replica {d} is left out"
                ))
            };
            prop_assert_eq!(of(&told(numbers, &value)), of(&told([1, 2, 3, 4], "x")));
        }
    }
}
