//! How a swarm draws the tuning of a service over OmniPaxos, and what its operators do.

use simulated_clock::Duration;

use super::tuning::{MissedTicks, Quorum, Snapshots, StartSignal, TakeOutgoing, Tuning};
use crate::decision::Dice;
use crate::nemesis::ActionRate;
use crate::network::NetworkOptions;
use crate::scenario::Scenario;
use crate::system::draw_replicas;
use crate::units::{OpenTable, Time};

/// Draws the replicas and their tuning.
pub(super) fn draw(dice: &mut Dice, scenario: &mut Scenario) {
    let replicas = draw_replicas(dice);
    let tuning = tuning(dice, replicas, &scenario.network);
    scenario.cluster.replicas = replicas;
    scenario.system = OpenTable::of(&tuning);
}

fn tuning(dice: &mut Dice, replicas: u64, network: &NetworkOptions) -> Tuning {
    let take_outgoing = take_outgoing(dice);
    let wanted = dice.millis("cluster.election_timeout", 30, 400);
    let timeout = wanted.0.max(shortest_timeout(network, take_outgoing));
    let election_ticks = dice.between("cluster.election_ticks", 3, 15);
    let tick = Time(Duration::from_micros(
        (timeout.as_nanos() / election_ticks / 1_000).max(2_000),
    ));
    let priority = |dice: &mut Dice, replica| {
        dice.between(&format!("cluster.priority.{replica}"), 0, 3) as u32
    };
    Tuning {
        quorum: quorum(dice, replicas),
        tick,
        election_ticks,
        resend_ticks: dice.wide("cluster.resend_ticks", 2, 40),
        flush_ticks: dice.wide("cluster.flush_ticks", 1, 10),
        batch_size: if dice.chance("cluster.batches", 30) {
            dice.wide("cluster.batch_size", 2, 50) as u32
        } else {
            1
        },
        buffer_size: dice.wide("cluster.buffer_size", 1, 256) as u32,
        priorities: if dice.chance("cluster.priorities", 25) {
            (1..=replicas)
                .map(|replica| priority(dice, replica))
                .collect()
        } else {
            Vec::new()
        },
        initial_leader: dice
            .chance("cluster.initial_leader.on", 25)
            .then(|| dice.between("cluster.initial_leader", 1, replicas)),
        start_signal: StartSignal::None,
        missed_ticks: if dice.chance("cluster.burst", 30) {
            MissedTicks::Burst
        } else {
            MissedTicks::Collapse
        },
        dedup: true,
        snapshots: snapshots(dice),
        take_outgoing,
        ..Tuning::default()
    }
}

/// Heartbeats have time to be answered, twice over: no leader stands whose
/// followers are slower than its election timeout.
fn shortest_timeout(network: &NetworkOptions, take_outgoing: TakeOutgoing) -> Duration {
    let slowest = Duration::from_nanos(network.latency.longest());
    let waits = match take_outgoing {
        TakeOutgoing::Every(period) => period.0,
        TakeOutgoing::EachEvent | TakeOutgoing::Batch => Duration::ZERO,
    };
    (slowest + waits) * 4
}

fn take_outgoing(dice: &mut Dice) -> TakeOutgoing {
    let period = dice.millis("cluster.take_outgoing.every", 1, 10);
    dice.pick(
        "cluster.take_outgoing",
        &[
            (6, TakeOutgoing::EachEvent),
            (2, TakeOutgoing::Batch),
            (2, TakeOutgoing::Every(period)),
        ],
    )
}

/// Quorums of which any two of different kinds meet, as the library demands.
fn quorum(dice: &mut Dice, replicas: u64) -> Option<Quorum> {
    if replicas < 3 || !dice.chance("cluster.flexible_quorum", 20) {
        return None;
    }
    let write = dice.between("cluster.quorum.write", 2, replicas / 2 + 1);
    let least = (replicas + 1 - write).max(write);
    let read = dice.between("cluster.quorum.read", least, replicas);
    Some(Quorum { read, write })
}

fn snapshots(dice: &mut Dice) -> Snapshots {
    let every = dice.wide("cluster.snapshots.every", 5, 500);
    dice.pick(
        "cluster.snapshots",
        &[
            (7, Snapshots::Off),
            (1, Snapshots::Sync),
            (2, Snapshots::Every(every)),
        ],
    )
}

/// Draws what operators do.
pub(super) fn draw_actions(dice: &mut Dice, scenario: &Scenario) -> Vec<ActionRate> {
    let tuning = scenario.system.read::<Tuning>().unwrap_or_default();
    [
        ("try_become_leader", None),
        ("set_priority", Some(3)),
        (tuning.compacting_action(), None),
    ]
    .into_iter()
    .filter_map(|(action, value_up_to)| {
        let every = dice.millis(&format!("nemesis.action.{action}.every"), 500, 15_000);
        dice.chance(&format!("nemesis.action.{action}.on"), 25)
            .then(|| ActionRate {
                action: action.to_owned(),
                every,
                value_up_to,
            })
    })
    .collect()
}
