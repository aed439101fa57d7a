//! The cluster: replicas, quorums, timeouts, batches, snapshots, and their disks
//! and clocks.

use simulated_clock::Duration;

use super::Environment;
use super::dice::Dice;
use crate::network::NetworkOptions;
use crate::replica::omnipaxos::{
    ClusterOptions, MissedTicks, Quorum, Snapshots, StartSignal, TakeOutgoing,
};
use crate::scenario::ClockQuality;
use crate::storage::{DiskOptions, Durability};
use crate::units::Time;

pub(super) fn draw(dice: &mut Dice, system: &str, network: &NetworkOptions) -> ClusterOptions {
    let replicas = dice.pick(
        "cluster.replicas",
        &[(1, 2), (5, 3), (1, 4), (3, 5), (1, 7)],
    );
    let take_outgoing = take_outgoing(dice);
    let wanted = dice.millis("cluster.election_timeout", 30, 400);
    let timeout = wanted.0.max(patience(network, take_outgoing));
    let election_ticks = dice.between("cluster.election_ticks", 3, 15);
    let tick = Time(Duration::from_micros(
        (timeout.as_nanos() / election_ticks / 1_000).max(2_000),
    ));
    let priority = |dice: &mut Dice, replica| {
        dice.between(&format!("cluster.priority.{replica}"), 0, 3) as u32
    };
    ClusterOptions {
        system: system.to_owned(),
        replicas,
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
        ..ClusterOptions::default()
    }
}

/// Heartbeats have time to be answered, twice over: no leader stands whose
/// followers are slower than its election timeout.
fn patience(network: &NetworkOptions, take_outgoing: TakeOutgoing) -> Duration {
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

pub(super) fn disk(dice: &mut Dice, environment: Environment) -> DiskOptions {
    let contract = match environment {
        Environment::Promised => Durability::Durable,
        Environment::Unlimited => dice.pick(
            "disk.contract",
            &[
                (2, Durability::Durable),
                (1, Durability::Unsynced),
                (1, Durability::Amnesia),
            ],
        ),
    };
    DiskOptions {
        contract,
        write_latency: if dice.chance("disk.slow", 60) {
            dice.micros("disk.write_latency", 1, 200)
        } else {
            Time::default()
        },
        unsynced_writes: dice.wide("disk.unsynced_writes", 1, 64) as u32,
    }
}

pub(super) fn clock_quality(dice: &mut Dice) -> ClockQuality {
    dice.pick(
        "clock.quality",
        &[
            (1, ClockQuality::High),
            (1, ClockQuality::Medium),
            (1, ClockQuality::Low),
        ],
    )
}
