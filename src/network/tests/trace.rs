//! What endpoints lived through, and what the contract says of it.

use std::collections::BTreeMap;

use crate::network::{Endpoint, LinkContract};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Sent {
        id: u64,
        from: Endpoint,
        to: Endpoint,
    },
    Delivered {
        id: u64,
        from: Endpoint,
        to: Endpoint,
        session: u32,
    },
    Up {
        at: Endpoint,
        peer: Endpoint,
        session: u32,
    },
    /// What is in flight comes once more.
    Repeated {
        from: Endpoint,
        to: Endpoint,
    },
    /// The world said that the end has handled `Up`.
    Told {
        at: Endpoint,
        peer: Endpoint,
        session: u32,
    },
    Lost {
        at: Endpoint,
        peer: Endpoint,
    },
    Crashed {
        at: Endpoint,
    },
}

/// What one end knows of the session with its peer.
#[derive(Clone, Copy, Debug)]
struct End {
    announced: u32,
    /// None after the loss was heard, and in a fresh incarnation after a crash.
    current: Option<u32>,
    told: u32,
}

impl End {
    /// What two fresh endpoints know, and what one knows that crashed before
    /// it ever used the link.
    fn first(incarnation: u32) -> Self {
        Self {
            announced: 1,
            current: (incarnation == 0).then_some(1),
            told: 1,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Fate {
    from: Endpoint,
    to: Endpoint,
    /// The session and the place in it, if it was sent in one.
    place: Option<(u32, u64)>,
    incarnation: u32,
    deliveries: u32,
}

type Direction = (Endpoint, Endpoint);

#[derive(Debug, Default)]
struct Checker {
    ends: BTreeMap<Direction, End>,
    incarnations: BTreeMap<Endpoint, u32>,
    fates: BTreeMap<u64, Fate>,
    sent: BTreeMap<(Direction, u32), u64>,
    delivered: BTreeMap<(Direction, u32), u64>,
    latest: BTreeMap<Direction, u64>,
    repeats: BTreeMap<Direction, u32>,
}

/// The first thing in `steps` that the contract excludes.
pub(super) fn violation(contract: LinkContract, steps: &[Step]) -> Option<String> {
    let mut checker = Checker::default();
    steps.iter().enumerate().find_map(|(index, step)| {
        let broken = checker.step(contract, *step).err()?;
        Some(format!("step {index}, {step:?}: {broken}"))
    })
}

fn demand(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds {
        Ok(())
    } else {
        Err(otherwise.to_owned())
    }
}

impl Checker {
    fn step(&mut self, contract: LinkContract, step: Step) -> Result<(), String> {
        match step {
            Step::Sent { id, from, to } => self.sent(id, from, to),
            Step::Delivered {
                id,
                from,
                to,
                session,
            } => self.delivered(contract, id, (from, to), session)?,
            Step::Crashed { at } => {
                *self.incarnations.entry(at).or_default() += 1;
                for ((end, _), known) in &mut self.ends {
                    if *end == at {
                        known.current = None;
                    }
                }
            }
            Step::Repeated { from, to } => *self.repeats.entry((from, to)).or_default() += 1,
            _ if contract != LinkContract::Session => return Err("nobody is told".to_owned()),
            Step::Up { at, peer, session } => {
                let end = self.end(at, peer);
                demand(session > end.announced, "a session is announced once")?;
                demand(end.current.is_none(), "the last one was not lost yet")?;
                (end.announced, end.current) = (session, Some(session));
            }
            Step::Told { at, peer, session } => {
                self.end(at, peer).told = session;
            }
            Step::Lost { at, peer } => {
                let end = self.end(at, peer);
                demand(end.current.is_some(), "there was none to lose")?;
                end.current = None;
            }
        }
        Ok(())
    }

    fn incarnation(&self, at: Endpoint) -> u32 {
        self.incarnations.get(&at).copied().unwrap_or(0)
    }

    fn end(&mut self, at: Endpoint, peer: Endpoint) -> &mut End {
        let first = End::first(self.incarnation(at));
        self.ends.entry((at, peer)).or_insert(first)
    }

    fn sent(&mut self, id: u64, from: Endpoint, to: Endpoint) {
        let end = *self.end(from, to);
        let session = end.current.filter(|session| *session == end.told);
        let place = session.map(|session| {
            let sent = self.sent.entry(((from, to), session)).or_default();
            *sent += 1;
            (session, *sent)
        });
        let incarnation = self.incarnation(to);
        let fate = Fate {
            from,
            to,
            place,
            incarnation,
            deliveries: 0,
        };
        assert!(self.fates.insert(id, fate).is_none());
    }

    fn delivered(
        &mut self,
        contract: LinkContract,
        id: u64,
        direction: Direction,
        session: u32,
    ) -> Result<(), String> {
        let (from, to) = direction;
        let incarnation = self.incarnation(to);
        let fate = self.fates.get_mut(&id).ok_or("it was never sent")?;
        fate.deliveries += 1;
        let fate = *fate;
        demand((fate.from, fate.to) == direction, "it went astray")?;
        demand(
            fate.incarnation == incarnation,
            "it was for another incarnation",
        )?;
        if contract == LinkContract::Datagram {
            // Each repeat copies the copies that are in flight, too.
            let repeats = self.repeats.get(&direction).copied().unwrap_or(0);
            let most = 2u32.saturating_mul(1 << repeats.min(30));
            return demand(fate.deliveries <= most, "it came more than twice");
        }
        demand(fate.deliveries == 1, "it came twice")?;
        let latest = self.latest.entry(direction).or_default();
        demand(id > *latest, "it was overtaken")?;
        *latest = id;
        if contract == LinkContract::Session {
            let heard = self.end(to, from).current;
            demand(
                heard == Some(session),
                "the receiver has not heard of its session",
            )?;
            let (its, place) = fate.place.ok_or("it was sent between sessions")?;
            demand(its == session, "it was sent in another session")?;
            let delivered = self.delivered.entry((direction, session)).or_default();
            *delivered += 1;
            demand(*delivered == place, "one before it is missing")?;
        }
        Ok(())
    }
}

mod tests {
    use super::*;
    use LinkContract::{Datagram, Lossy, Session};

    const A: Endpoint = Endpoint(0);
    const B: Endpoint = Endpoint(1);

    fn sent(id: u64) -> Step {
        Step::Sent { id, from: A, to: B }
    }

    fn delivered(id: u64, session: u32) -> Step {
        Step::Delivered {
            id,
            from: A,
            to: B,
            session,
        }
    }

    fn lost(at: Endpoint, peer: Endpoint) -> Step {
        Step::Lost { at, peer }
    }

    fn up(at: Endpoint, peer: Endpoint) -> Step {
        let session = 2;
        Step::Up { at, peer, session }
    }

    fn told(at: Endpoint, peer: Endpoint) -> Step {
        let session = 2;
        Step::Told { at, peer, session }
    }

    #[track_caller]
    fn assert_found(contract: LinkContract, steps: &[Step], reason: &str) {
        let found = violation(contract, steps).expect("a planted violation is found");
        assert!(found.contains(reason), "{found}");
    }

    #[test]
    fn a_break_that_keeps_a_prefix_and_is_announced_satisfies_the_checker() {
        let steps = [
            sent(1),
            sent(2),
            delivered(1, 1),
            lost(B, A),
            lost(A, B),
            sent(3),
            up(A, B),
            told(A, B),
            sent(4),
            up(B, A),
            delivered(4, 2),
        ];
        assert_eq!(violation(Session, &steps), None);
    }

    #[test]
    fn messages_out_of_order_missing_or_repeated_do_not() {
        let both = [sent(1), sent(2)];
        let with = |rest: &[Step]| [&both[..], rest].concat();
        assert_found(Session, &with(&[delivered(2, 1)]), "missing");
        assert_found(
            Lossy,
            &with(&[delivered(2, 1), delivered(1, 1)]),
            "overtaken",
        );
        let again = with(&[delivered(1, 1), delivered(1, 1)]);
        assert_found(Session, &again, "came twice");
        assert_eq!(violation(Datagram, &again), None);
        let thrice = [again, vec![delivered(1, 1)]].concat();
        assert_found(Datagram, &thrice, "more than twice");
        assert_found(Datagram, &[delivered(9, 1)], "never sent");
    }

    #[test]
    fn messages_of_the_wrong_session_or_incarnation_do_not() {
        let between = [lost(A, B), sent(1), delivered(1, 1)];
        assert_found(Session, &between, "between sessions");
        let untold = [
            lost(A, B),
            lost(B, A),
            up(A, B),
            sent(1),
            up(B, A),
            delivered(1, 2),
        ];
        assert_found(Session, &untold, "between sessions");
        let unannounced = [lost(A, B), up(A, B), told(A, B), sent(1), delivered(1, 2)];
        assert_found(Session, &unannounced, "not heard");
        for contract in [Session, Lossy, Datagram] {
            let later = [sent(1), Step::Crashed { at: B }, delivered(1, 1)];
            assert_found(contract, &later, "another incarnation");
        }
    }

    #[test]
    fn announcements_that_are_repeated_or_unfounded_do_not() {
        let twice = [lost(A, B), up(A, B), lost(A, B), up(A, B)];
        assert_found(Session, &twice, "announced once");
        assert_found(Session, &[up(A, B)], "not lost yet");
        assert_found(Session, &[lost(A, B), lost(A, B)], "none to lose");
        assert_found(Lossy, &[lost(A, B)], "nobody is told");
    }
}
