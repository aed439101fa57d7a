//! Single stories of the contract, each told from start to end.

use std::collections::BTreeSet;

use simulated_clock::{Duration, Instant};

use super::driver::{Deed, Driver, ENDPOINTS, HELD, options};
use super::trace::Step;
use crate::decision::{Decisions, Distribution, Kept, Plan, Site};
use crate::network::{Endpoint, LinkContract, Network, NetworkOptions, RegionLatency, Regions};
use crate::units::Time;

const A: Endpoint = Endpoint(0);
const B: Endpoint = Endpoint(1);

/// Nothing is lost that need not be, every time is the shortest.
fn boring(contract: LinkContract) -> Driver {
    let plan = Plan {
        kept: Kept::Only(Default::default()),
        ..Plan::default()
    };
    Driver::new(&options(contract), Decisions::planned(1, plan))
}

fn millis(millis: u64) -> Deed {
    Deed::Wait(Duration::from_millis(millis))
}

fn micros(micros: u64) -> Deed {
    Deed::Wait(Duration::from_micros(micros))
}

/// The steps of one end, but for what was sent.
fn heard(driver: &Driver, by: Endpoint) -> Vec<Step> {
    let steps = driver.steps.iter().copied().filter(|step| match step {
        Step::Delivered { to, .. } => *to == by,
        Step::Up { at, .. } | Step::Lost { at, .. } => *at == by,
        _ => false,
    });
    steps.collect()
}

fn delivered(id: u64, from: Endpoint, to: Endpoint, session: u32) -> Step {
    Step::Delivered {
        id,
        from,
        to,
        session,
    }
}

#[test]
fn two_fresh_endpoints_talk_at_once_and_hear_of_no_session() {
    let mut driver = boring(LinkContract::Session);
    driver.run(&[Deed::Send(A, B), Deed::Send(B, A)]).drain();
    assert_eq!(heard(&driver, B), [delivered(1, A, B, 1)]);
    assert_eq!(heard(&driver, A), [delivered(2, B, A, 1)]);
}

#[test]
fn after_a_break_the_kept_prefix_the_loss_and_the_new_session_are_heard_in_this_order() {
    let mut driver = boring(LinkContract::Session);
    driver.run(&[Deed::Send(A, B), Deed::Break(A, B), Deed::Send(A, B)]);
    // The handshake takes 1 ms, the announcement half of one; then A is told,
    // but has not handled it, and what it sends is lost.
    driver.run(&[micros(1_600), Deed::Send(A, B), millis(1), Deed::Send(A, B)]);
    driver.drain();
    let up = Step::Up {
        at: B,
        peer: A,
        session: 2,
    };
    let lost = Step::Lost { at: B, peer: A };
    let expected = [delivered(1, A, B, 1), lost, up, delivered(4, A, B, 2)];
    assert_eq!(heard(&driver, B), expected);
    assert_eq!(driver.network.counts().dropped, 2);
}

#[test]
fn breaks_lose_nothing_everything_and_part_of_what_is_in_flight() {
    let mut kept = BTreeSet::new();
    for seed in 0..40 {
        let mut driver = Driver::new(&options(LinkContract::Session), Decisions::seeded(seed));
        driver.run(&[Deed::Send(A, B); 3]).run(&[Deed::Break(A, B)]);
        driver.drain();
        let delivered = driver.delivered();
        assert!([1, 2, 3].starts_with(&delivered), "{delivered:?}");
        kept.insert(delivered.len());
    }
    assert_eq!(kept, BTreeSet::from([0, 1, 2, 3]));
}

#[test]
fn a_session_cut_one_way_goes_on_in_the_other_and_both_are_told_at_the_heal() {
    let mut driver = boring(LinkContract::Session);
    driver.run(&[
        Deed::Cut(A, B),
        Deed::Send(A, B),
        Deed::Send(B, A),
        millis(100),
    ]);
    assert_eq!(heard(&driver, A), [delivered(2, B, A, 1)]);
    assert_eq!(heard(&driver, B), []);

    driver.run(&[Deed::Heal(A, B)]).drain();
    for (at, peer) in [(A, B), (B, A)] {
        let lost = Step::Lost { at, peer };
        let session = 2;
        assert!(heard(&driver, at).ends_with(&[lost, Step::Up { at, peer, session }]));
    }
}

#[test]
fn what_a_cut_direction_keeps_is_chosen_once_whatever_breaks_the_session_later() {
    for seed in 0..40 {
        let mut driver = Driver::new(&options(LinkContract::Session), Decisions::seeded(seed));
        driver.run(&[Deed::Send(A, B); 3]).run(&[Deed::Cut(A, B)]);
        let kept = driver.network.in_flight();
        driver.run(&[Deed::Break(A, B), Deed::Cut(B, A), Deed::Crash(A)]);
        assert_eq!(driver.network.in_flight(), kept);
        driver.drain();
        assert_eq!(driver.delivered().len(), kept);
    }
}

#[test]
fn a_cut_in_both_directions_breaks_at_once_and_heals_with_the_last_fault() {
    let mut driver = boring(LinkContract::Session);
    driver.run(&[Deed::Cut(A, B), Deed::Cut(B, A), Deed::Cut(B, A), millis(1)]);
    assert_eq!(heard(&driver, A), [Step::Lost { at: A, peer: B }]);
    driver.run(&[Deed::Heal(A, B), Deed::Heal(B, A), millis(100)]);
    assert!(!driver.network.is_open(B, A));
    assert_eq!(heard(&driver, A).len(), 1);
    driver.run(&[Deed::Heal(B, A)]).drain();
    assert_eq!(heard(&driver, A).len(), 2);
}

#[test]
fn a_crash_loses_what_is_in_flight_to_it_and_both_ends_are_told_after_the_restart() {
    let mut driver = boring(LinkContract::Session);
    driver.run(&[
        Deed::Send(A, B),
        Deed::Send(B, A),
        Deed::Crash(B),
        millis(100),
    ]);
    assert_eq!(heard(&driver, B), []);
    let lost = Step::Lost { at: A, peer: B };
    assert_eq!(heard(&driver, A), [delivered(2, B, A, 1), lost]);

    driver.run(&[Deed::Restart(B)]).drain();
    let up = |at, peer| Step::Up {
        at,
        peer,
        session: 2,
    };
    assert!(heard(&driver, B).contains(&up(B, A)));
    assert!(heard(&driver, A).contains(&up(A, B)));
    assert_eq!(driver.network.counts().dropped, 1);
}

#[test]
fn a_clog_holds_what_arrives_and_its_release_delivers_all_of_it_at_once() {
    for contract in [
        LinkContract::Session,
        LinkContract::Lossy,
        LinkContract::Datagram,
    ] {
        let mut driver = boring(contract);
        driver.run(&[Deed::Clog(A, B), Deed::Clog(A, B)]);
        driver.run(&[Deed::Send(A, B); 3]);
        driver.run(&[millis(50), Deed::Unclog(A, B), millis(50)]);
        assert_eq!(driver.network.in_flight(), 3, "one clog is left");
        driver.run(&[Deed::Unclog(A, B)]);
        let released = driver.now;
        driver.drain();
        assert_eq!(driver.delivered(), [1, 2, 3]);
        assert!(driver.times.ends_with(&[released; 3]));
    }
}

#[test]
fn a_silent_cut_loses_what_arrives_during_it_and_what_is_sent_during_it() {
    for contract in [LinkContract::Lossy, LinkContract::Datagram] {
        let mut driver = boring(contract);
        driver.run(&[
            Deed::Send(A, B),
            Deed::Cut(A, B),
            millis(5),
            Deed::Send(A, B),
        ]);
        driver.run(&[Deed::Heal(A, B), Deed::Send(A, B)]).drain();
        assert_eq!(heard(&driver, B), [delivered(3, A, B, 1)]);
        assert_eq!(driver.network.counts().dropped, 2);
    }
}

#[test]
fn a_loss_taken_away_leaves_every_other_arrival_as_it_was() {
    let arrivals = |plan: Plan| {
        let options = options(LinkContract::Datagram);
        let mut driver = Driver::new(&options, Decisions::planned(5, plan));
        driver.run(&[Deed::Send(A, B); 100]).drain();
        let steps = driver.steps.iter().zip(&driver.times);
        let arrivals: Vec<(Step, Instant)> = steps.map(|(step, time)| (*step, *time)).collect();
        arrivals
    };
    let before = arrivals(Plan::default());
    let sites = (0..50).map(|n| Site::parse(&format!("loss/r1>r2.s1.Odd/{n}")).unwrap());
    let after = arrivals(Plan {
        set: sites.map(|site| (site, 0)).collect(),
        ..Plan::default()
    });
    assert!(after.len() > before.len());
    assert!(before.iter().all(|arrival| after.contains(arrival)));
}

#[test]
fn a_client_is_as_far_from_a_replica_as_its_home_is() {
    let place = |name: &str| name.to_owned();
    let options = NetworkOptions {
        latency: Distribution::constant(Time::from_millis(1)),
        client_latency: Some(Distribution::constant(Time::from_millis(2))),
        regions: Some(Regions {
            locations: ["eu", "us", "eu"].map(place).into(),
            between: vec![RegionLatency {
                a: place("us"),
                b: place("eu"),
                latency: Distribution::constant(Time::from_millis(40)),
            }],
        }),
        ..NetworkOptions::default()
    };
    let client = ENDPOINTS.client(1);
    let took = |from, to| {
        let mut driver = Driver::new(&options, Decisions::seeded(1));
        driver.run(&[Deed::Send(from, to)]).drain();
        driver.times[1].as_nanos() / 1_000_000
    };
    assert_eq!((took(A, ENDPOINTS.replica(3)), took(A, B)), (1, 40));
    assert_eq!((took(client, A), took(B, client)), (2, 40));
    let network: Network<super::driver::Note> = Network::new(&options, ENDPOINTS, &[A]);
    assert_eq!(network.longest_delay(), Duration::from_millis(90));
}

#[test]
fn a_held_message_takes_longer_and_under_sessions_what_is_behind_it_waits() {
    let ids = |contract| {
        let mut driver = boring(contract);
        let deeds = [
            Deed::Hold(A, B),
            Deed::Send(A, B),
            Deed::Send(A, B),
            Deed::Send(A, B),
        ];
        driver.run(&deeds).drain();
        (driver.delivered(), driver.times.last().copied())
    };
    // The first of an even kind is the second.
    let (in_order, last) = ids(LinkContract::Session);
    assert_eq!(in_order, [1, 2, 3]);
    assert!(last > Some(Instant::ZERO + HELD));
    let (overtaken, _) = ids(LinkContract::Datagram);
    assert_eq!(overtaken, [1, 3, 2]);
}

#[test]
fn what_is_in_flight_is_repeated_where_links_duplicate() {
    let deeds = [Deed::Send(A, B), Deed::Send(A, B), Deed::Repeat(A, B)];
    let delivered = |contract| boring(contract).run(&deeds).drain().delivered();
    assert_eq!(delivered(LinkContract::Datagram), [1, 2, 1, 2]);
    assert_eq!(delivered(LinkContract::Session), [1, 2]);
    assert_eq!(delivered(LinkContract::Lossy), [1, 2]);
}

#[test]
fn settling_releases_what_is_held() {
    let mut driver = boring(LinkContract::Session);
    driver.run(&[
        Deed::Hold(A, B),
        Deed::Send(A, B),
        Deed::Send(A, B),
        millis(2),
    ]);
    assert_eq!(driver.delivered(), [1]);
    let now = driver.now;
    driver.settle();
    assert_eq!(driver.delivered(), [1, 2]);
    assert_eq!(driver.times.last(), Some(&now));
}
