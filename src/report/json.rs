//! One JSON object per run.

use serde_json::{Map, Value, json};

use super::{Build, Told, digest_text, struck};
use crate::check::Class;
use crate::scenario::Expectation;

/// The object that `run --format json` prints for one run.
pub fn run_object(told: &Told<'_>) -> Value {
    let Told {
        scenario,
        outcome,
        wall_ns,
        replay,
        agreed,
        ..
    } = told;
    let violations: Vec<_> = outcome
        .violations
        .iter()
        .map(|violation| {
            json!({
                "check": violation.check,
                "class": violation.class,
                "in_contract": outcome.in_contract,
                "at_ns": violation.at.as_nanos(),
                "replicas": violation.replicas,
                "message": violation.message,
                "place": violation.place,
                "cause": violation.cause,
                "requests": violation.requests,
            })
        })
        .collect();
    let faults: Map<_, _> = outcome
        .faults
        .iter()
        .map(|(kind, count)| (kind.name().to_owned(), json!(count)))
        .collect();
    let occurrences: Map<_, _> = outcome
        .occurrences
        .iter()
        .map(|(occurrence, count)| (occurrence.name().to_owned(), json!(count)))
        .collect();
    let mut remarks = outcome.remarks.clone();
    if outcome.cut_short {
        remarks.push("stopped before the end: what only the end shows is not judged".to_owned());
    }
    debug_assert!(
        outcome
            .violations
            .iter()
            .all(|violation| violation.class != Class::Panic || violation.place.is_some())
    );
    let mut object = json!({
        "schema": 1,
        "scenario": scenario.name,
        "seed": outcome.seed,
        "verdict": outcome.verdict,
        "expected": match scenario.check.expect {
            Expectation::Pass => "pass",
            Expectation::Violation => "violation",
        },
        "planted": scenario.selftest.planted,
        "contract": outcome.contract,
        "violations": violations,
        "checks": outcome.checks,
        "search": outcome.search,
        "remarks": remarks,
        "faults": faults,
        "settled": outcome.settled,
        "scripted": struck::scripted(scenario, outcome),
        "random": struck::random(outcome),
        "occurrences": occurrences,
        "digest": digest_text(outcome.digest),
        "events": outcome.events,
        "budget": outcome.budget,
        "messages": {
            "sent": outcome.messages.sent,
            "delivered": outcome.messages.delivered,
            "dropped": outcome.messages.dropped,
            "duplicated": outcome.messages.duplicated,
        },
        "operations": outcome.operations,
        "decided": outcome.decided,
        "leader_changes": outcome.leader_changes,
        "latency_ns": {
            "median": outcome.latencies.median.as_nanos(),
            "p99": outcome.latencies.p99.as_nanos(),
            "max": outcome.latencies.max.as_nanos(),
        },
        "unavailability_ns": outcome.unavailability.as_nanos(),
        "election_timeout_ns": outcome.election_timeout.as_nanos(),
        "simulated_ns": outcome.ended.as_nanos(),
        // The verdict of a run that was stopped says that nothing was violated so far.
        "cut_short": outcome.cut_short,
        "wall_ns": wall_ns,
        "build": Build::current(),
        "replay": replay,
    });
    if let Some(agreed) = agreed {
        object["verified"] = json!(agreed);
    }
    object
}
