//! Operations of unknown outcome of which nobody knows where they take effect: a lock that may
//! have been released, by whoever held it.

use super::random::Random;
use crate::search::tests::oracle::is_linearizable;
use crate::{Footprint, Leaves, Limits, Model, Operation, Verdict, check};

/// A lock, free or held by a client.
#[derive(Clone, Copy, Debug)]
struct Lock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    Acquire(u64),
    Release(u64),
}

/// An acquire was granted, a release gave it back; or neither.
type Done = bool;

impl Model for Lock {
    type Input = Ask;
    type Output = Done;
    type State = Option<u64>;

    fn initial(&self) -> Option<u64> {
        None
    }

    fn step(&self, holder: &Option<u64>, ask: &Ask, done: Option<&Done>) -> Option<Option<u64>> {
        let (can, after) = match ask {
            Ask::Acquire(client) => (holder.is_none(), Some(*client)),
            Ask::Release(client) => (*holder == Some(*client), None),
        };
        let fits = done.is_none_or(|done| *done == can);
        fits.then_some(if can { after } else { *holder })
    }

    fn describe(&self, ask: &Ask, done: Option<&Done>) -> String {
        format!("{ask:?} = {done:?}")
    }

    /// As little as is true: a release of unknown outcome tells only what it leaves.
    fn footprint(&self, ask: &Ask, done: Option<&Done>) -> Footprint<Option<u64>> {
        let (needs, leaves) = match (ask, done) {
            (_, Some(false)) => (None, Leaves::Same),
            (Ask::Acquire(client), Some(true)) => (Some(None), Leaves::Always(Some(*client))),
            (Ask::Release(client), Some(true)) => (Some(Some(*client)), Leaves::Always(None)),
            (Ask::Acquire(client), None) => (None, Leaves::Sometimes(Some(*client))),
            (Ask::Release(_), None) => (None, Leaves::Sometimes(None)),
        };
        Footprint { needs, leaves }
    }
}

/// Asked one after the other; then some answers are lost and some are changed.
fn history(random: &mut Random) -> Vec<Operation<Ask, Done>> {
    let count = 1 + random.below(7);
    let mut holder = None;
    let mut operations = Vec::new();
    for number in 0..count {
        let client = 1 + random.below(3);
        let ask = match random.below(2) {
            0 => Ask::Acquire(client),
            _ => Ask::Release(client),
        };
        let fate = random.below(8);
        let before = holder;
        if fate > 0 {
            holder = Lock.step(&before, &ask, None).expect("always possible");
        }
        let done = match fate {
            0 | 1 => None,
            2 => Some(random.below(2) == 0),
            _ => Some(holder != before),
        };
        let call = 3 * number - random.below(3 * number.min(2) + 1);
        let ret = call + 1 + random.below(6);
        operations.push(Operation {
            client: number,
            input: ask,
            output: done,
            call,
            ret: done.map(|_| ret),
        });
    }
    operations
}

fn verdict(history: &[Operation<Ask, Done>]) -> Verdict {
    check(&Lock, history, None, &Limits::none()).verdict
}

#[test]
fn a_lock_that_may_have_been_released_can_be_granted_again() {
    let (first, again) = (Ask::Acquire(1), Ask::Acquire(3));
    let granted = |ask, call| Operation::completed(1, ask, true, call, call + 1);
    let lost = Operation::unknown(1, Ask::Release(1), 3);
    let history = [granted(first, 1), lost, granted(again, 5)];
    assert_eq!(verdict(&history), Verdict::Consistent);
}

#[test]
fn locks_get_the_verdict_of_brute_force() {
    let mut random = Random(7);
    let (mut consistent, mut violations) = (0, 0);
    for _ in 0..20_000 {
        let history = history(&mut random);
        let expected = is_linearizable(&Lock, &history);
        match verdict(&history) {
            Verdict::Consistent => assert!(expected, "{history:#?}"),
            Verdict::Violation(_) => assert!(!expected, "{history:#?}"),
            Verdict::Unknown { .. } => panic!("no limit was set: {history:#?}"),
        }
        consistent += u64::from(expected);
        violations += u64::from(!expected);
    }
    assert!(
        consistent > 3_000 && violations > 3_000,
        "{consistent} {violations}"
    );
}
