use proptest::prelude::*;

use super::*;

/// What ten streams answer to five questions each, asked in the given order.
fn answers(decisions: &mut Decisions, order: &[usize]) -> Vec<Vec<u64>> {
    let mut streams: Vec<_> = (0..10)
        .map(|scope| decisions.stream("test", scope.to_string()))
        .collect();
    let mut answers = vec![Vec::new(); 10];
    for &stream in order {
        answers[stream].push(decisions.below(&mut streams[stream], 1 << 40));
    }
    answers
}

proptest! {
    #[test]
    fn taking_one_site_away_leaves_all_other_answers(
        seed: u64,
        order in prop::collection::vec(0usize..10, 1..60),
        removed in 0usize..10,
    ) {
        let whole = answers(&mut Decisions::seeded(seed), &order);
        let without: Vec<_> = order.iter().copied().filter(|stream| *stream != removed).collect();
        let rest = answers(&mut Decisions::seeded(seed), &without);
        for stream in (0..10).filter(|stream| *stream != removed) {
            prop_assert_eq!(&whole[stream], &rest[stream]);
        }
    }

    #[test]
    fn keeping_what_was_recorded_replays_every_answer(
        seed: u64,
        order in prop::collection::vec(0usize..10, 1..60),
    ) {
        let mut recording = Decisions::seeded(seed);
        recording.start_recording();
        let first = answers(&mut recording, &order);
        let sites = recording.recorded().iter().map(|answered| answered.site.clone()).collect();
        let plan = Plan { kept: Kept::Only(sites), set: Default::default() };
        prop_assert_eq!(first, answers(&mut Decisions::planned(seed, plan), &order));
    }

    #[test]
    fn making_one_site_boring_changes_that_site_alone(
        seed: u64,
        order in prop::collection::vec(0usize..10, 1..60),
        choice: prop::sample::Index,
    ) {
        let mut recording = Decisions::seeded(seed);
        recording.start_recording();
        let first = answers(&mut recording, &order);
        let mut sites: std::collections::BTreeSet<_> =
            recording.recorded().iter().map(|answered| answered.site.clone()).collect();
        let boring = choice.get(&sites.iter().cloned().collect::<Vec<_>>()).clone();
        sites.remove(&boring);
        let kept = Kept::Only(sites.into_iter().collect());
        let plan = Plan { kept, set: Default::default() };
        let second = answers(&mut Decisions::planned(seed, plan), &order);
        let differing: usize = first.iter().flatten().zip(second.iter().flatten())
            .filter(|(a, b)| a != b).count();
        prop_assert_eq!(differing, 1, "only {} became boring", boring);
    }
}

#[test]
fn an_answer_set_by_hand_wins_and_one_out_of_range_is_a_no_op() {
    let site = |n| Site::parse(&format!("test/0/{n}")).unwrap();
    let plan = Plan {
        kept: Kept::All,
        set: [(site(0), 3), (site(1), 99)].into(),
    };
    let mut decisions = Decisions::planned(1, plan);
    let mut stream = decisions.stream("test", "0");
    assert_eq!(decisions.below(&mut stream, 6), 3);
    assert_eq!(decisions.below(&mut stream, 6), 0);
}

#[test]
fn other_seeds_other_kinds_and_other_scopes_give_other_answers() {
    let draw = |seed, kind, scope| {
        let mut decisions = Decisions::seeded(seed);
        let mut stream = decisions.stream(kind, scope);
        decisions.below(&mut stream, u64::MAX)
    };
    let base = draw(1, "loss", "a");
    assert_ne!(base, draw(2, "loss", "a"));
    assert_ne!(base, draw(1, "latency", "a"));
    assert_ne!(base, draw(1, "loss", "b"));
}

#[test]
fn a_site_that_is_named_and_not_asked_stays_unasked() {
    let site = |text| Site::parse(text).expect("it is a site");
    let plan = Plan {
        kept: Kept::Only([site("loss/a/0"), site("loss/a/7")].into_iter().collect()),
        set: [(site("loss/b/0"), 1)].into(),
    };
    let mut decisions = Decisions::planned(42, plan);
    let mut stream = decisions.stream("loss", "a");
    decisions.below(&mut stream, 6);
    let unasked: Vec<_> = decisions
        .unasked()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(unasked, ["loss/a/7", "loss/b/0"]);
}
