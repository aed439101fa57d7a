//! What a run has spent of its budget, looked at now and then.
//!
//! The loop of a run counts nothing for this: it stops every so many steps, and what was sent,
//! delivered and is under way by then is known from other counts.

use simulated_clock::Instant;

use super::cluster::{Cluster, Process};
use super::load::Load;
use super::packet::Packet;
use super::watch::Watch;
use crate::check::{Evaluated, Traffic, bounded_traffic};
use crate::network::{Network, Payload};
use crate::replica::Replica;
use crate::system::Budget;
use crate::system::{EntryOf, System};

/// How many steps pass between two looks: about half a millisecond.
const STEPS_PER_LOOK: u64 = 1 << 10;
/// What is held is measured from so many steps on, at each quadrupling and each so many steps.
const STEPS_PER_MEASURE: u64 = 1 << 16;
const FIRST_MEASURE: u64 = 1 << 12;
/// What one operation of the history, and one entry at one replica, take beside their content.
const BYTES_PER_OPERATION: u64 = 256;
const BYTES_PER_ENTRY: u64 = 64;

/// What a run may spend, and what it had spent when that was last looked at.
#[derive(Debug)]
pub(super) struct Spending {
    budget: Budget,
    /// The step before which it is looked at again.
    next_look: u64,
    next_measure: u64,
    /// Messages that were under way when what is held was last measured.
    measured: u64,
    looks: u64,
    before: Mark,
    /// Two earlier ones, each when about twice as many steps were taken as at the one before.
    earlier: [Mark; 2],
    /// Why the run ended before its time.
    spent: Option<String>,
}

/// How far a run had come.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    at: Instant,
    steps: u64,
    sent: u64,
    delivered: u64,
    under_way: u64,
}

impl Spending {
    pub(super) fn new(budget: Budget) -> Self {
        Self {
            budget,
            next_look: STEPS_PER_LOOK.min(budget.events),
            next_measure: FIRST_MEASURE,
            measured: 0,
            looks: 0,
            before: Mark::default(),
            earlier: [Mark::default(); 2],
            spent: None,
        }
    }

    pub(super) fn evaluated(&self) -> Evaluated {
        Evaluated::of("bounded_traffic", self.looks)
    }

    /// The step before which it is looked at again.
    #[inline]
    pub(super) fn next_look(&self) -> u64 {
        self.next_look
    }

    /// What may be spent.
    pub(super) fn budget(&self) -> Budget {
        self.budget
    }

    /// Why the run ended before its time, if it did.
    pub(super) fn spent(&self) -> Option<&str> {
        self.spent.as_deref()
    }

    /// Looks at what was spent; whether the run goes on.
    pub(super) fn look<S: System>(
        &mut self,
        at: Instant,
        network: &Network<Packet<S::Replica>>,
        cluster: &Cluster<S::Replica>,
        load: &Load<'_, S>,
        watch: &mut Watch<S>,
    ) -> bool {
        let now = Mark::of(at, watch.steps(), network, cluster);
        let entries = watch.decided() * cluster.len() as u64;
        let held = || held_bytes::<S>(network, load.history().kept_len() as u64, entries);
        let spent = self.over_budget(now, held);
        if let Some(what) = &spent {
            self.spent = Some(format!(
                "stopped at {at}: the run used up its budget of {what}"
            ));
            self.blame_traffic(now, network, cluster, watch);
        }
        self.looks += 1;
        // In proportion to what there is to look at.
        let next_look = now.steps + STEPS_PER_LOOK.max(now.under_way);
        self.next_look = next_look.min(self.budget.events);
        self.before = now;
        let [_, later] = self.earlier;
        if now.steps >= 2 * later.steps {
            self.earlier = [later, now];
        }
        spent.is_none()
    }

    /// Which budget is used up, if one is; `held` says how many bytes a run holds.
    fn over_budget(&mut self, now: Mark, held: impl FnOnce() -> u64) -> Option<String> {
        let budget = self.budget;
        if now.steps >= budget.events {
            return Some(format!("{} events (budget.events)", budget.events));
        }
        if now.under_way > budget.under_way {
            let most = budget.under_way;
            return Some(format!("{most} messages under way (budget.under_way)"));
        }
        let many = 2 * self.measured.max(STEPS_PER_LOOK);
        if now.steps < self.next_measure && now.under_way <= many {
            return None;
        }
        self.next_measure = (4 * now.steps).min(now.steps + STEPS_PER_MEASURE);
        self.measured = now.under_way;
        let mib = budget.memory_bytes >> 20;
        let is_too_much = held() > budget.memory_bytes;
        is_too_much.then(|| format!("{mib} MiB of memory (budget.memory_mib)"))
    }

    /// A budget is used up: by traffic that nobody asked for, or else by whatever it was.
    fn blame_traffic<S: System>(
        &self,
        now: Mark,
        network: &Network<Packet<S::Replica>>,
        cluster: &Cluster<S::Replica>,
        watch: &mut Watch<S>,
    ) {
        // Traffic that doubles shows in a short stretch, traffic that goes around in a long one.
        let [earliest, earlier] = self.earlier;
        let kinds = kinds_under_way(network);
        let found = [self.before, earlier, earliest].iter().find_map(|before| {
            let delivered = now.delivered - before.delivered;
            let traffic = Traffic {
                since: before.at,
                asked: (now.steps - before.steps).saturating_sub(delivered),
                sent: now.sent - before.sent,
                replicas: cluster.len() as u64,
                decided: watch.decided(),
                under_way: (before.under_way, now.under_way),
                kinds: kinds.clone(),
            };
            bounded_traffic(now.at, &traffic)
        });
        if let Some(violation) = found {
            watch.violated(violation);
        }
    }
}

impl Mark {
    fn of<R: Replica>(
        at: Instant,
        steps: u64,
        network: &Network<Packet<R>>,
        cluster: &Cluster<R>,
    ) -> Self {
        let counts = network.counts();
        let waiting: usize = cluster.iter().map(Process::waiting).sum();
        Self {
            at,
            steps,
            sent: counts.sent,
            delivered: counts.delivered,
            under_way: (network.in_flight() + waiting) as u64,
        }
    }
}

/// How many messages of each kind are under way, the most frequent first.
fn kinds_under_way<R: Replica>(network: &Network<Packet<R>>) -> Vec<(&'static str, u64)> {
    let mut counts = std::collections::BTreeMap::<usize, u64>::new();
    for (_, _, packet) in network.under_way() {
        *counts.entry(packet.kind()).or_default() += 1;
    }
    let mut kinds: Vec<_> = counts
        .into_iter()
        .map(|(kind, count)| (Packet::<R>::kind_name(kind), count))
        .collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    kinds
}

/// About how much memory is in use for what a run holds: the same on every machine. There are
/// so many operations in its history, and so many entries at its replicas.
fn held_bytes<S: System>(
    network: &Network<Packet<S::Replica>>,
    operations: u64,
    entries: u64,
) -> u64 {
    let packet = size_of::<Packet<S::Replica>>() as u64;
    let messages = network.under_way();
    let messages: u64 = messages
        .map(|(.., message)| packet + content(message))
        .sum();
    let entry = size_of::<EntryOf<S>>() as u64 + BYTES_PER_ENTRY;
    messages + operations * BYTES_PER_OPERATION + entries * entry
}

/// How much there is in something, in bytes of its JSON.
fn content(what: &impl serde::Serialize) -> u64 {
    struct Counter(u64);
    impl std::io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len() as u64;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    // What cannot be written as JSON is counted as far as it can.
    let _ = serde_json::to_writer(&mut counter, what);
    counter.0
}

#[cfg(test)]
mod tests {
    use crate::scenario::Scenario;
    use crate::systems::kv::Kv;
    use crate::systems::omnipaxos::OverOmniPaxos;
    use crate::world::{Outcome, RunOptions, Verdict, run};

    fn busy(budget: &str) -> Outcome {
        let text = format!(
            "workload.phases = [{{ duration = \"2s\", requests_per_sec = 2000 }}]\n{budget}\n"
        );
        let scenario = Scenario::parse("busy", &text).expect("it is sound");
        let options = RunOptions::default();
        run::<OverOmniPaxos<Kv>>(&scenario, 1, options).expect("it suits")
    }

    #[test]
    fn a_run_within_its_budget_takes_the_same_steps_whatever_the_budget() {
        let derived = busy("");
        let given = busy("budget.events = 900_000\nbudget.under_way = 2_000");
        assert_eq!(derived.verdict, Verdict::Pass, "{:?}", derived.violations);
        assert_eq!(given.verdict, Verdict::Pass, "{:?}", given.remarks);
        assert_eq!(derived.digest, given.digest);
    }

    #[test]
    fn each_budget_ends_a_run_that_is_beyond_it_at_the_same_step_every_time() {
        for (budget, key) in [
            ("budget.events = 5_000", "budget.events"),
            ("budget.under_way = 1", "budget.under_way"),
            ("budget.memory_mib = 1", "budget.memory_mib"),
        ] {
            let (first, second) = (busy(budget), busy(budget));
            assert_eq!(first.verdict, Verdict::Unknown, "{key}");
            assert!(
                first.remarks.join("\n").contains(key),
                "{:?}",
                first.remarks
            );
            assert_eq!(first.digest, second.digest, "{key}");
            assert!(first.events < busy("").events, "{key}");
        }
        assert_eq!(busy("budget.events = 5_000").events, 5_000);
    }
}
