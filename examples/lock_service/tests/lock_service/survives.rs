//! The lock service keeps its promises, whatever happens.

use std::path::Path;

use lock_service::LockService;
use omnisim::scenario::Scenario;
use omnisim::systems::Service;
use omnisim::testing::TestBed;
use proptest::prelude::*;

/// A failure leaves its files in the package's folder `reports`, and the
/// package's own binary replays it.
fn bed() -> TestBed {
    TestBed::new(
        env!("CARGO_BIN_EXE_lock_service"),
        concat!(env!("CARGO_MANIFEST_DIR"), "/reports"),
    )
}

fn scenario(name: &str) -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    Scenario::load(&folder.join(name).with_extension("toml"))
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn locks_survive_partitions() {
    bed().check_seeds::<LockService>(&scenario("partitions"), 0..50);
}

#[test]
fn locks_survive_crashes() {
    bed().check_seeds::<LockService>(&scenario("crashes"), 0..50);
}

#[test]
fn without_sessions_a_retried_release_is_answered_wrongly() {
    bed().check_seeds::<LockService>(&scenario("retry_without_dedup"), 0..20);
}

proptest! {
    // The repro file is what persists a failure: it holds the whole scenario.
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn locks_survive_random_scenarios(case in super::random::run_of(LockService::NAME)) {
        let result = bed().try_case::<LockService>(&case);
        result.map_err(|failure| TestCaseError::fail(failure.message))?;
    }
}
