//! Faults strike the role that the system declares, and wait for its kinds of message.

use super::bed::{Tested, bed, run, scenario};
use omnisim::nemesis::{FaultSource, Struck};
use omnisim::prelude::*;

/// What the only fault of the scenario struck, in one run.
fn struck(scenario: &Scenario, seed: u64) -> (u64, Vec<Struck>) {
    let outcome = run(scenario, seed);
    let impact = &outcome.impacts[&FaultSource::Fault(0)];
    (impact.began, impact.struck.keys().copied().collect())
}

#[test]
fn a_fault_strikes_the_replica_that_has_the_role() {
    let crash = scenario("holder_crashes");
    assert_eq!(struck(&crash, 0), (1, vec![Struck::Crashes]));
    // The clients of replica 2 alone would not notice if another one were struck.
    let by_number = Scenario::parse(
        "by_number",
        &toml_of(&crash).replace("replica = \"holder\"", "replica = 1"),
    )
    .unwrap_or_else(|error| panic!("{error}"));
    let digests = [&crash, &by_number].map(|scenario| run(scenario, 0).operations);
    assert_eq!(digests[0], digests[1], "the holder is replica 1");
}

fn toml_of(scenario: &Scenario) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let file = folder.join(&scenario.name).with_extension("toml");
    std::fs::read_to_string(file).expect("it can be read")
}

#[test]
fn a_fault_waits_for_the_kind_of_message_that_it_names() {
    let paused = scenario("paused_when_asked");
    bed().check_seeds::<Tested>(&paused, 0..20);
    assert_eq!(struck(&paused, 0), (1, vec![Struck::InputsDelayed]));
    let mut never = paused.clone();
    never.faults[0].nth = Some(1_000_000);
    assert_eq!(struck_if_any(&never), 0, "so often nobody asks");
}

/// How often the only fault of the scenario began.
fn struck_if_any(scenario: &Scenario) -> u64 {
    let outcome = run(scenario, 0);
    let impact = outcome.impacts.get(&FaultSource::Fault(0));
    impact.map_or(0, |impact| impact.began)
}
