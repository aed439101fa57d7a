//! Links: their contract, how long messages take, what gets lost.

use super::environment::Environment;
use crate::decision::Dice;
use crate::decision::{Distribution, Shape, Tail};
use crate::network::{LinkContract, NetworkOptions};
use crate::units::{Probability, Time};

pub(super) fn draw(dice: &mut Dice, environment: Environment) -> NetworkOptions {
    let contract = match environment {
        Environment::Promised => LinkContract::Session,
        Environment::Unlimited => dice.pick(
            "network.contract",
            &[
                (1, LinkContract::Session),
                (1, LinkContract::Lossy),
                (1, LinkContract::Datagram),
            ],
        ),
    };
    let chance = |dice: &mut Dice, option: &str| {
        if dice.chance(&format!("{option}.on"), 60) {
            Probability::from_ppm(dice.wide(option, 100, 300_000) as u32)
        } else {
            Probability::NEVER
        }
    };
    let never = Probability::NEVER;
    let is_datagram = contract == LinkContract::Datagram;
    let is_lossy = contract != LinkContract::Session;
    NetworkOptions {
        contract,
        latency: latency(dice, "network.latency"),
        client_latency: dice
            .chance("network.client_latency.on", 30)
            .then(|| latency(dice, "network.client_latency")),
        loss: if is_lossy {
            chance(dice, "network.loss")
        } else {
            never
        },
        duplicate: if is_datagram {
            chance(dice, "network.duplicate")
        } else {
            never
        },
        reorder: if is_datagram {
            chance(dice, "network.reorder")
        } else {
            never
        },
        reorder_by: dice.millis("network.reorder_by", 1, 200),
        handshake: dice.range("network.handshake", 1, 100),
        ..NetworkOptions::default()
    }
}

/// Most networks are fast; one in eight is slow, up to a mean of 100 ms.
fn latency(dice: &mut Dice, option: &str) -> Distribution {
    let longest = if dice.chance(&format!("{option}.slow"), 12) {
        100_000
    } else {
        5_000
    };
    let mean = dice.micros(&format!("{option}.mean"), 50, longest);
    let least = Time::from_micros(dice.between(&format!("{option}.least"), 10, 200));
    let most = Time(least.0 + mean.0 * 2);
    let sigma_thousandths = dice.between(&format!("{option}.sigma"), 100, 700) as u32;
    let shape = dice.pick(
        &format!("{option}.shape"),
        &[
            (1, Shape::Constant(mean)),
            (
                3,
                Shape::Uniform {
                    min: least,
                    max: most,
                },
            ),
            (3, Shape::Exponential { min: least, mean }),
            (
                1,
                Shape::LogNormal {
                    median: mean,
                    sigma_thousandths,
                },
            ),
        ],
    );
    let tail = dice.chance(&format!("{option}.tail"), 30).then(|| Tail {
        probability: Probability::from_ppm(
            dice.wide(&format!("{option}.tail.chance"), 100, 10_000) as u32,
        ),
        up_to: Time(most.0 + dice.millis(&format!("{option}.tail.up_to"), 10, 100).0),
    });
    Distribution { shape, tail }
}
