//! Catches of which shrinking left the same are one, and no failing seed is lost.

use proptest::prelude::*;

use super::*;
use crate::check::{Cause, Class};
use crate::search::{Kind, Signature};

fn kind(cause: usize, in_contract: bool) -> Kind {
    Kind {
        signature: Signature {
            check: "agreement".to_owned(),
            class: Class::Safety,
            place: None,
            finding: None,
        },
        cause: [
            Cause::Truncated,
            Cause::Overwritten,
            Cause::DecidedDifferently,
        ][cause],
        planted: None,
        in_contract,
    }
}

/// A catch that some runs showed, the first with this seed.
fn catch(kind: Kind, seed: u64, runs: u64) -> Catch {
    Catch {
        kind,
        message: String::new(),
        seed,
        scenario: "short".to_owned(),
        drawn: String::new(),
        runs,
        seeds: [("short".to_owned(), (seed..seed + runs).collect())].into(),
        small_in_contract: None,
        form: None,
        joined: Vec::new(),
        repro: format!("short-{seed}.repro.toml"),
    }
}

fn form(kind: Kind, faults: &[&str], operations: u64) -> Form {
    Form {
        kind,
        faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
        operations,
        replicas: 3,
    }
}

#[test]
fn a_catch_outside_the_contract_that_shrinks_to_one_within_joins_it() {
    let (within, outside) = (kind(0, true), kind(0, false));
    let mut catches = vec![catch(outside.clone(), 0, 20), catch(within.clone(), 20, 12)];
    let left = |operations| form(within.clone(), &["crash"], operations);
    assert_eq!(join(&mut catches, 0, left(3)), None);
    assert_eq!(join(&mut catches, 1, left(2)), Some(0));
    assert_eq!(catches.len(), 1);
    assert_eq!(catches[0].all_runs(), 32);
    let joined = &catches[0].joined[0];
    assert_eq!((&joined.kind, joined.runs, joined.seed), (&within, 12, 20));
    assert_eq!(joined.seeds["short"], (20..32).collect::<Vec<_>>());
    // A later run of either kind belongs to it, and is listed with its own kind.
    assert!(catches[0].is_shown_by(&within) && catches[0].is_shown_by(&outside));
    let scenario = crate::scenario::Scenario {
        name: "short".to_owned(),
        ..Default::default()
    };
    catches[0].add(&scenario, &within, 40);
    catches[0].add(&scenario, &outside, 41);
    assert_eq!(catches[0].joined[0].seeds["short"].last(), Some(&40));
    assert_eq!(catches[0].seeds["short"].last(), Some(&41));
}

#[test]
fn what_needs_other_faults_breaks_for_another_reason_or_stays_outside_is_another_finding() {
    let start = || vec![catch(kind(0, false), 0, 2), catch(kind(1, false), 2, 3)];
    let first = form(kind(0, true), &["crash"], 2);
    for other in [
        form(kind(0, true), &["crash", "cut"], 2),
        form(kind(1, true), &["crash"], 2),
        form(kind(0, false), &["crash"], 2),
    ] {
        let mut catches = start();
        assert_eq!(join(&mut catches, 0, first.clone()), None);
        assert_eq!(join(&mut catches, 1, other.clone()), None);
        assert_eq!(catches.len(), 2);
        assert_eq!(catches[1].form, Some(other));
    }
}

proptest! {
    #[test]
    fn however_catches_shrink_every_seed_stays_listed_once(
        shrunk in prop::collection::vec(prop::option::of((0..2usize, any::<bool>(), 0..3u64)), 1..12),
    ) {
        let mut catches: Vec<_> = (0..)
            .zip(&shrunk)
            .map(|(place, _)| catch(kind(2, true), place * 10, place % 3 + 1))
            .collect();
        let runs: u64 = catches.iter().map(Catch::all_runs).sum();
        let mut gone = 0;
        for (place, left) in shrunk.iter().enumerate() {
            let Some((cause, in_contract, operations)) = left else { continue };
            let left = form(kind(*cause, *in_contract), &[], *operations);
            gone += usize::from(join(&mut catches, place - gone, left).is_some());
        }
        prop_assert_eq!(catches.len() + gone, shrunk.len());
        prop_assert_eq!(runs, catches.iter().map(Catch::all_runs).sum::<u64>());
        let joined = catches.iter().flat_map(|catch| &catch.joined);
        let listed = joined.map(|joined| &joined.seeds);
        let listed = listed.chain(catches.iter().map(|catch| &catch.seeds));
        let mut seeds: Vec<u64> = listed.flat_map(|seeds| seeds["short"].clone()).collect();
        seeds.sort_unstable();
        prop_assert!(seeds.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", seeds);
        prop_assert_eq!(seeds.len() as u64, runs);
        let forms: Vec<_> = catches.iter().filter_map(|catch| catch.form.as_ref()).collect();
        for (place, one) in forms.iter().enumerate() {
            prop_assert!(forms[..place].iter().all(|other| !other.is_same(one)));
        }
    }
}
