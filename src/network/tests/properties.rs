//! What holds in every run, whatever is done to the network.

use proptest::prelude::*;

use super::driver::{Deed, Driver, ENDPOINTS, deeds, options};
use super::trace::violation;
use crate::decision::{Decisions, Kept, Plan};
use crate::network::{Endpoint, LinkContract};

fn contract() -> impl Strategy<Value = LinkContract> {
    prop::sample::select(vec![
        LinkContract::Session,
        LinkContract::Lossy,
        LinkContract::Datagram,
    ])
}

/// Everything but the deeds that lose something.
fn is_harmless(deed: &Deed) -> bool {
    matches!(
        deed,
        Deed::Send(..) | Deed::Wait(_) | Deed::Clog(..) | Deed::Unclog(..) | Deed::Hold(..)
    )
}

fn links() -> Vec<(Endpoint, Endpoint)> {
    let from = ENDPOINTS.all();
    from.flat_map(|from| ENDPOINTS.peers(from).map(move |to| (from, to)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_run_keeps_its_contract_and_settles_into_a_network_that_delivers(
        contract in contract(),
        deeds in deeds(),
        seed: u64,
    ) {
        let mut driver = Driver::new(&options(contract), Decisions::seeded(seed));
        driver.run(&deeds).settle();
        prop_assert_eq!(violation(contract, &driver.steps), None);
        prop_assert_eq!(driver.network.in_flight(), 0);

        let before = driver.delivered().len();
        for (from, to) in links() {
            prop_assert!(driver.network.is_open(from, to));
            driver.run(&[Deed::Send(from, to)]);
        }
        driver.drain();
        prop_assert_eq!(driver.delivered().len() - before, links().len());
        prop_assert_eq!(violation(contract, &driver.steps), None);

        let counts = driver.network.counts();
        prop_assert_eq!(counts.delivered, driver.delivered().len() as u64);
        prop_assert_eq!(counts.sent + counts.duplicated, counts.delivered + counts.dropped);
    }

    #[test]
    fn the_same_seed_gives_the_same_run_to_the_nanosecond(
        contract in contract(),
        deeds in deeds(),
        seed: u64,
    ) {
        let run = || {
            let mut driver = Driver::new(&options(contract), Decisions::seeded(seed));
            driver.run(&deeds).settle();
            (driver.steps, driver.times)
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn without_breaks_cuts_and_crashes_a_session_loses_nothing_whatever_is_clogged(
        deeds in deeds(),
        seed: u64,
    ) {
        let harmless: Vec<Deed> = deeds.into_iter().filter(is_harmless).collect();
        let mut driver = Driver::new(&options(LinkContract::Session), Decisions::seeded(seed));
        driver.run(&harmless).settle();
        let counts = driver.network.counts();
        prop_assert_eq!((counts.dropped, counts.delivered), (0, counts.sent));
        prop_assert_eq!(violation(LinkContract::Session, &driver.steps), None);
    }

    #[test]
    fn boring_decisions_keep_the_contract_and_lose_nothing_that_is_under_way(
        deeds in deeds(),
    ) {
        let boring = Plan { kept: Kept::Only(Default::default()), ..Plan::default() };
        let mut driver = Driver::new(&options(LinkContract::Datagram), Decisions::planned(7, boring.clone()));
        let harmless: Vec<Deed> = deeds.iter().copied().filter(is_harmless).collect();
        driver.run(&harmless).settle();
        let counts = driver.network.counts();
        prop_assert_eq!((counts.dropped, counts.duplicated), (0, 0));

        let mut driver = Driver::new(&options(LinkContract::Session), Decisions::planned(7, boring));
        driver.run(&deeds).settle();
        prop_assert_eq!(violation(LinkContract::Session, &driver.steps), None);
    }
}
