//! Faults: a subset of their kinds, each with a rate, durations and stability of
//! its own.

use crate::decision::Dice;
use crate::nemesis::{Cue, FaultKind, FaultRate, NemesisOptions, TargetedRate, Whom};
use crate::network::LinkContract;
use crate::scenario::Scenario;
use crate::system::SystemInfo;
use crate::units::{Probability, Time};

pub(super) fn draw(dice: &mut Dice, scenario: &Scenario, info: &SystemInfo) -> NemesisOptions {
    let links = scenario.network.contract;
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
        hold: rate("hold", 5_000),
        repeat: rate("repeat", 3_000).filter(|_| links == LinkContract::Datagram),
        session_breaks: rate("session_break", 500).filter(|_| links == LinkContract::Session),
        crash: rate("crash", 5_000),
        crash_at_write: rate("crash_at_write", 2_000),
        pause: rate("pause", 3_000),
        slow: rate("slow", 3_000),
        slow_disk: rate("slow_disk", 3_000),
        disk_error: rate("disk_error", 2_000),
        clock_step: rate("clock_step", 2_000),
        clock_lie: rate("clock_lie", 2_000),
        actions: Vec::new(),
        targeted: Vec::new(),
    };
    if quiet {
        return options;
    }
    NemesisOptions {
        actions: (info.tuning.draw_actions)(dice, scenario),
        targeted: targeted(dice, info.cues, 12),
        ..options
    }
}

/// For some cues, with so many percent for each, one kind of fault that follows.
pub(super) fn targeted(dice: &mut Dice, cues: &[(&str, u64)], percent: u32) -> Vec<TargetedRate> {
    let mut aims = Vec::new();
    for (cue, most) in cues {
        let option = |option: &str| format!("nemesis.targeted.{cue}.{option}");
        let drawn = TargetedRate {
            on: Cue::new(*cue),
            kind: dice.pick(&option("kind"), &AIMED),
            whom: dice.pick(
                &option("whom"),
                &[(3, Whom::Leader), (2, Whom::Speaker), (1, Whom::Other)],
            ),
            chance: Probability::from_ppm(dice.wide(&option("chance"), 200, *most) as u32),
            lasts: dice.range(&option("for"), 5, 1_000),
            within: if dice.chance(&option("late"), 50) {
                dice.micros(&option("within"), 10, 20_000)
            } else {
                Time::default()
            },
            stability: dice.millis(&option("stability"), 50, 5_000),
            may_miss: true,
        };
        aims.extend(dice.chance(&option("on"), percent).then_some(drawn));
    }
    aims
}

/// What may follow a cue: what strikes a replica or one of its links.
const AIMED: [(u64, FaultKind); 8] = [
    (3, FaultKind::Isolate),
    (3, FaultKind::Crash),
    (2, FaultKind::CrashAtWrite),
    (1, FaultKind::OneWay),
    (1, FaultKind::Cut),
    (2, FaultKind::Hold),
    (1, FaultKind::Clog),
    (1, FaultKind::Pause),
];

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
