//! What a planted bug needs of a scenario before it can show at all.
//!
//! A bug in snapshots shows nothing where there are none. Conditions change as
//! little of a drawn scenario as they can, and the same for the run without the
//! bug, its clean twin.

use crate::check::{Finding, findings};
use crate::client::{Retry, WorkloadOptions};
use crate::nemesis::{ActionRate, FaultRate};
use crate::replica::omnipaxos::{ClusterOptions, Quorum, Snapshots};
use crate::scenario::Scenario;
use crate::units::{Probability, Time, TimeRange};

/// The budget of one search for a linearization: where the witness has refuted a
/// history already, a search that cannot tell why must not take minutes.
const SEARCH_STEPS: u64 = 500_000;

/// Something that a bug needs to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Snapshots are taken.
    Snapshots,
    /// Replicas go down and come back.
    Restarts,
    /// Clients ask again.
    Retries,
    /// Logs are trimmed without snapshots.
    Trims,
    /// More promises are needed than acceptances.
    WidePromises,
    /// Sessions between replicas break.
    SessionBreaks,
    /// Several clients ask.
    Clients,
    /// Values are read.
    Reads,
    /// Values are compared and swapped.
    Swaps,
    /// Keys are deleted.
    Deletes,
    /// Values are appended to.
    Appends,
}

impl Need {
    /// In a few words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Snapshots => "snapshots",
            Self::Restarts => "restarts",
            Self::Retries => "retries",
            Self::Trims => "trims",
            Self::WidePromises => "more promises than acceptances",
            Self::SessionBreaks => "broken sessions",
            Self::Clients => "several clients",
            Self::Reads => "reads",
            Self::Swaps => "compare-and-swap",
            Self::Deletes => "deletes",
            Self::Appends => "appends",
        }
    }

    fn meet(self, scenario: &mut Scenario, seed: u64) {
        let Scenario {
            cluster,
            workload,
            nemesis,
            ..
        } = scenario;
        match self {
            Self::Snapshots => cluster.snapshots = Snapshots::Every(3 + seed % 30),
            Self::Restarts => {
                nemesis.crash.get_or_insert(often(500));
            }
            Self::Retries => {
                if workload.retry == Retry::None {
                    workload.retry = Retry::Next;
                }
            }
            Self::Trims => nemesis.actions.push(ActionRate {
                action: "trim".to_owned(),
                every: Time::from_millis(1_000),
                value_up_to: None,
            }),
            Self::WidePromises => widen_promises(cluster),
            Self::SessionBreaks => {
                let every = Time::from_millis(400);
                nemesis.session_breaks = Some(FaultRate {
                    every,
                    ..often(100)
                });
            }
            Self::Clients => workload.clients = workload.clients.max(3),
            Self::Reads => read_more(workload),
            Self::Swaps => {
                workload.mix.cas = workload.mix.cas.max(2);
                read_more(workload);
            }
            Self::Deletes => workload.mix.delete = workload.mix.delete.max(1),
            Self::Appends => workload.mix.append = workload.mix.append.max(1),
        }
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

/// Two acceptances decide, of at least four replicas.
fn widen_promises(cluster: &mut ClusterOptions) {
    if cluster.replicas < 4 {
        cluster.replicas = 5;
        cluster.priorities.clear();
    }
    cluster.quorum = Some(Quorum {
        read: cluster.replicas - 1,
        write: 2,
    });
}

fn read_more(workload: &mut WorkloadOptions) {
    for phase in &mut workload.phases {
        if phase.read_ratio < Probability::from_ppm(300_000) {
            phase.read_ratio = Probability::from_ppm(300_000);
        }
    }
}

/// A scenario in which a bug with these needs can show: without snapshots unless
/// they are needed, as a known finding about them would end most of those runs.
/// Violations of known findings do not count, except of the one that the bug is
/// `mistaken_for`.
pub(super) fn meet(
    mut scenario: Scenario,
    seed: u64,
    needs: &[Need],
    mistaken_for: Option<&str>,
) -> Scenario {
    scenario.cluster.snapshots = Snapshots::Off;
    for need in needs {
        need.meet(&mut scenario, seed);
    }
    let compact = match scenario.cluster.snapshots {
        Snapshots::Off => "trim",
        Snapshots::Sync | Snapshots::Every(_) => "snapshot",
    };
    for rate in &mut scenario.nemesis.actions {
        if matches!(rate.action.as_str(), "trim" | "snapshot") {
            compact.clone_into(&mut rate.action);
        }
    }
    let excuses = |finding: &&Finding| finding.in_contract && Some(finding.name) != mistaken_for;
    let known = findings().iter().filter(excuses);
    scenario.check.search_steps = Some(SEARCH_STEPS);
    scenario.check.known = known.map(|finding| finding.name.to_owned()).collect();
    scenario
}
