//! The workload: about fifty requests a second in all, whoever asks.

use simulated_clock::Duration;

use crate::client::{KeyChoice, KeyOptions, LoopMode, Mix, Phase, Retry, WorkloadOptions};
use crate::decision::Dice;
use crate::units::{Probability, TimeRange};

/// How many requests a second all clients issue together, at most.
const REQUESTS_PER_SEC: u64 = 60;

pub(super) fn draw(dice: &mut Dice, suspicion: Duration) -> WorkloadOptions {
    let clients = dice.between("workload.clients", 1, 8);
    let phases = dice.between("workload.phases", 1, 3);
    let weight = |dice: &mut Dice, op: &str, most| {
        dice.between(&format!("workload.mix.{op}"), 0, most) as u32
    };
    let hot = Probability::from_ppm(dice.between("workload.hot", 100_000, 900_000) as u32);
    let retry = dice.pick(
        "workload.retry",
        &[(2, Retry::None), (1, Retry::Same), (3, Retry::Next)],
    );
    let election = suspicion.as_nanos() / 1_000_000;
    WorkloadOptions {
        clients,
        mode: if dice.chance("workload.closed", 30) {
            LoopMode::Closed
        } else {
            LoopMode::Open
        },
        phases: (0..phases)
            .map(|place| phase(dice, place, phases, clients))
            .collect(),
        keys: KeyOptions {
            count: dice.wide("workload.keys", 1, 16),
            choice: dice.pick(
                "workload.choice",
                &[
                    (1, KeyChoice::Uniform),
                    (1, KeyChoice::Zipf),
                    (1, KeyChoice::Hot(hot)),
                ],
            ),
        },
        mix: Mix {
            put: 1 + weight(dice, "put", 4),
            delete: weight(dice, "delete", 2),
            append: weight(dice, "append", 2),
            cas: weight(dice, "cas", 3),
        },
        timeout: dice.millis(
            "workload.timeout",
            2 * election.max(50),
            8 * election.max(50),
        ),
        retry,
        think: TimeRange::from_millis(20, 20 + dice.wide("workload.think", 1, 500)),
        ..WorkloadOptions::default()
    }
}

fn phase(dice: &mut Dice, place: u64, phases: u64, clients: u64) -> Phase {
    let name = |option| format!("workload.phase.{place}.{option}");
    Phase {
        duration: dice.millis(&name("duration"), 2_000 / phases, 30_000 / phases),
        requests_per_sec: dice.between(&name("rate"), 1, REQUESTS_PER_SEC / clients) as u32,
        read_ratio: Probability::from_ppm(dice.between(&name("reads"), 0, 800_000) as u32),
    }
}
