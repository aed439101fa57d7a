//! The checker can be trusted: it keeps every property on every model, and each of a list of
//! planted mistakes is caught by some property.
//!
//! The suite is a function over *a checker*, so that it can be run on the real one, which has
//! to keep all properties, and on broken ones, which must not.

mod draw;
mod properties;
mod reference;
#[path = "../../src/shapes.rs"]
mod shapes;
mod subject;

use std::collections::BTreeMap;

use draw::Draw;
use knossos::{Limits, Verdict, check};
use properties::{Checker, properties};
use reference::{BUGS, Bug, is_linearizable};
use subject::{History, Subject};

/// How often each property broke in so many histories of a subject, with the first history.
fn broken<S: Subject>(
    subject: &S,
    checker: Checker<S>,
    histories: u64,
    length: usize,
) -> BTreeMap<&'static str, (usize, History<S>)> {
    let mut broken = BTreeMap::new();
    for seed in 0..histories {
        let history = draw::history(subject, length, &mut Draw::new(seed));
        for (name, holds) in properties() {
            if !holds(subject, &history, checker, &mut Draw::new(!seed)) {
                let (count, _) = broken.entry(name).or_insert_with(|| (0, history.clone()));
                *count += 1;
            }
        }
    }
    broken
}

/// The real checker.
fn real<S: Subject>(subject: &S, history: &History<S>) -> bool {
    match check(subject.model(), history, None, &Limits::none()).verdict {
        Verdict::Consistent => true,
        Verdict::Violation(_) => false,
        Verdict::Unknown { .. } => panic!("without limits: {history:#?}"),
    }
}

fn keeps_every_property<S: Subject>(subject: &S, histories: u64, length: usize) {
    let broken = broken(
        subject,
        &|history| real(subject, history),
        histories,
        length,
    );
    let name = subject.name();
    assert!(broken.is_empty(), "{name}: {broken:#?}");
    let consistent = (0..histories)
        .filter(|seed| {
            real(
                subject,
                &draw::history(subject, length, &mut Draw::new(*seed)),
            )
        })
        .count() as u64;
    // A suite without both kinds of histories would show nothing.
    assert!(
        consistent > histories / 10 && consistent < histories * 19 / 20,
        "{name}: {consistent} of {histories} histories are consistent"
    );
}

#[test]
fn the_checker_keeps_every_property_on_every_model() {
    for_every_subject!(keeps_every_property, 1_500, 6);
}

#[test]
#[ignore = "many minutes: millions of histories"]
fn the_checker_keeps_every_property_on_millions_of_histories() {
    for_every_subject!(keeps_every_property, 500_000, 7);
}

/// How many histories of this size there are, and how many are violations.
fn compare_all<S: Subject>(subject: &S, count: usize) {
    let (mut histories, mut violations) = (0, 0);
    draw::all_histories(subject, count, |history| {
        let expected = is_linearizable(subject.model(), history, None);
        assert_eq!(
            real(subject, history),
            expected,
            "{}: {history:#?}",
            subject.name()
        );
        histories += 1;
        violations += u64::from(!expected);
    });
    println!(
        "{}: {count} operations, {histories} histories, {violations} violations",
        subject.name()
    );
    assert!(violations > 0 && violations < histories);
}

#[test]
fn every_history_of_up_to_three_operations_gets_the_verdict_of_brute_force_on_every_model() {
    for count in 1..=3 {
        for_every_subject!(compare_all, count);
    }
}

#[test]
#[ignore = "many minutes: tens of millions of histories"]
fn every_history_of_four_operations_gets_the_verdict_of_brute_force_on_every_model() {
    for_every_subject!(compare_all, 4);
}

/// The properties that a planted mistake breaks on a subject.
fn caught_on<S: Subject>(
    subject: &S,
    bug: Bug,
    caught: &mut BTreeMap<&'static str, Vec<&'static str>>,
) {
    let checker = |history: &History<S>| is_linearizable(subject.model(), history, Some(bug));
    for name in broken(subject, &checker, 400, 6).into_keys() {
        caught.entry(name).or_default().push(subject.name());
    }
}

#[test]
fn every_planted_mistake_is_caught_by_brute_force_and_by_some_other_property() {
    const ORACLE: &str = "brute force says the same";
    let mut unnoticed = Vec::new();
    for bug in BUGS {
        let mut caught = BTreeMap::new();
        for_every_subject!(caught_on, bug, &mut caught);
        println!("{bug:?}");
        for (property, subjects) in &caught {
            println!("    {property}: {}", subjects.join(", "));
        }
        if !caught.contains_key(ORACLE) || caught.len() < 2 {
            unnoticed.push(bug);
        }
    }
    assert!(
        unnoticed.is_empty(),
        "not caught by brute force and another property: {unnoticed:?}"
    );
}

#[test]
fn the_properties_are_true_of_brute_force_itself() {
    fn are_true<S: Subject>(subject: &S) {
        let checker = |history: &History<S>| is_linearizable(subject.model(), history, None);
        let broken = broken(subject, &checker, 500, 6);
        assert!(broken.is_empty(), "{}: {broken:#?}", subject.name());
    }
    for_every_subject!(are_true);
}
