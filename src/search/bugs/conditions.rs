//! What a planted bug needs of a scenario before it can show at all.
//!
//! A bug in snapshots shows nothing where there are none. Conditions change as
//! little of a drawn scenario as they can, and the same for the run without the
//! bug, its clean twin.

use crate::check::Finding;
use crate::client::{Retry, WorkloadOptions};
use crate::nemesis::FaultRate;
use crate::scenario::Scenario;
use crate::system::{Need, PlantedBug, SystemInfo};
use crate::units::{Probability, Time, TimeRange};

/// The budget of one search for a linearization: where the witness has refuted a
/// history already, a search that cannot tell why must not take minutes.
const SEARCH_STEPS: u64 = 500_000;

/// Changes a scenario so that it has what a bug needs.
fn give(need: Need, scenario: &mut Scenario, seed: u64) {
    let Scenario {
        workload, nemesis, ..
    } = scenario;
    match need {
        Need::Own(_, give) => give(scenario, seed),
        Need::Restarts => {
            nemesis.crash.get_or_insert(often(500));
        }
        Need::Retries => {
            if workload.retry == Retry::None {
                workload.retry = Retry::Next;
            }
        }
        Need::SessionBreaks => {
            let every = Time::from_millis(400);
            nemesis.session_breaks = Some(FaultRate {
                every,
                ..often(100)
            });
        }
        Need::Clients => workload.clients = workload.clients.max(3),
        Need::Reads => read_more(workload),
        Need::Swaps => {
            workload.mix.cas = workload.mix.cas.max(2);
            read_more(workload);
        }
        Need::Deletes => workload.mix.delete = workload.mix.delete.max(1),
        Need::Appends => workload.mix.append = workload.mix.append.max(1),
    }
}

/// A rate at which a kind of fault comes a few times in every run.
fn often(longest_ms: u64) -> FaultRate {
    FaultRate {
        every: Time::from_millis(1_500),
        lasts: TimeRange::from_millis(10, longest_ms),
        stability: Time::default(),
    }
}

fn read_more(workload: &mut WorkloadOptions) {
    for phase in &mut workload.phases {
        if phase.read_ratio < Probability::from_ppm(300_000) {
            phase.read_ratio = Probability::from_ppm(300_000);
        }
    }
}

/// A scenario in which a bug can show: without what known findings are about unless the bug needs
/// it, as they would end most of those runs. Violations of known findings do not count, except of
/// the one that the bug is mistaken for.
pub(super) fn meet(
    mut scenario: Scenario,
    seed: u64,
    bug: &PlantedBug,
    info: &SystemInfo,
) -> Scenario {
    let tuning = info.tuning;
    (tuning.avoid_known)(&mut scenario);
    for need in bug.needs {
        give(*need, &mut scenario, seed);
    }
    (tuning.reconcile)(&mut scenario);
    let excuses =
        |finding: &&Finding| finding.in_contract && Some(finding.name) != bug.mistaken_for;
    let known = info.findings().filter(excuses);
    scenario.check.search_steps = Some(SEARCH_STEPS);
    scenario.check.known = known.map(|finding| finding.name.to_owned()).collect();
    scenario
}
