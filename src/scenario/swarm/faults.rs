//! Faults: a subset of their kinds, each with a rate, durations and stability of
//! its own.

use super::dice::Dice;
use crate::nemesis::{ActionRate, FaultRate, NemesisOptions};
use crate::network::{LinkContract, NetworkOptions};
use crate::replica::omnipaxos::{ClusterOptions, Snapshots};
use crate::units::Time;

pub(super) fn draw(
    dice: &mut Dice,
    cluster: &ClusterOptions,
    network: &NetworkOptions,
) -> NemesisOptions {
    let quiet = dice.chance("nemesis.quiet", 4);
    let busy = dice.between("nemesis.kinds", 15, 70) as u32;
    let mut rate = |kind: &str, longest| rate(dice, kind, busy, longest).filter(|_| !quiet);
    let options = NemesisOptions {
        start_after: Time::default(),
        partition: rate("partition", 3_000),
        isolate: rate("isolate", 3_000),
        one_way: rate("one_way", 3_000),
        cut: rate("cut", 3_000),
        clog: rate("clog", 5_000),
        session_breaks: rate("session_break", 500)
            .filter(|_| network.contract == LinkContract::Session),
        crash: rate("crash", 5_000),
        crash_at_write: rate("crash_at_write", 2_000),
        pause: rate("pause", 3_000),
        slow: rate("slow", 3_000),
        slow_disk: rate("slow_disk", 3_000),
        disk_error: rate("disk_error", 2_000),
        clock_step: rate("clock_step", 2_000),
        clock_lie: rate("clock_lie", 2_000),
        actions: Vec::new(),
    };
    let actions = if quiet {
        Vec::new()
    } else {
        actions(dice, cluster)
    };
    NemesisOptions { actions, ..options }
}

fn rate(dice: &mut Dice, kind: &str, percent: u32, longest_ms: u64) -> Option<FaultRate> {
    let option = |option: &str| format!("nemesis.{kind}.{option}");
    let drawn = FaultRate {
        every: dice.millis(&option("every"), 300, 15_000),
        lasts: dice.range(&option("for"), 5, longest_ms / 3),
        stability: if dice.chance(&option("stable"), 50) {
            dice.millis(&option("stability"), 50, 5_000)
        } else {
            Time::default()
        },
    };
    dice.chance(&option("on"), percent).then_some(drawn)
}

fn actions(dice: &mut Dice, cluster: &ClusterOptions) -> Vec<ActionRate> {
    let compact = match cluster.snapshots {
        Snapshots::Off => "trim",
        Snapshots::Sync | Snapshots::Every(_) => "snapshot",
    };
    [
        ("try_become_leader", None),
        ("set_priority", Some(3)),
        (compact, None),
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
