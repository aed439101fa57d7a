//! The state of one client: its open operations and whom it asks.

use simulated_clock::EventHandle;

use super::options::Retry;
use super::workload::{Chooser, Workload};
use crate::decision::{Decisions, Stream};
use crate::observation::{ClientId, ReplicaId, RequestId};
use crate::replica::{Reply, Request};
use crate::units::Probability;

/// A client.
#[derive(Debug)]
pub struct Client<W: Workload> {
    /// Its global number.
    pub id: ClientId,
    /// The replica that it belongs to.
    pub home: ReplicaId,
    /// What it asks.
    pub workload: W,
    sequence_next: u64,
    /// The questions of the next operation, once its time is drawn.
    next: Option<Stream>,
    /// In the order of their numbers: rarely more than a few.
    open: Vec<Open>,
    retry: Retry,
    replicas: u64,
}

#[derive(Debug)]
struct Open {
    sequence: u64,
    record: usize,
    attempt: u32,
    target: ReplicaId,
    timer: Option<EventHandle>,
    retry: Retry,
}

/// A request on its way to a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The command.
    pub id: RequestId,
    /// Which attempt of it.
    pub attempt: u32,
    /// Whom it is sent to.
    pub target: ReplicaId,
    /// Where the history has the operation.
    pub record: usize,
    /// Every command below is over.
    pub low_water: u64,
}

impl Issued {
    /// The request with its command.
    pub fn request<C>(&self, command: C) -> Request<C> {
        Request {
            id: self.id,
            attempt: self.attempt,
            low_water: self.low_water,
            command,
        }
    }
}

/// A reply that ended an open operation.
#[derive(Debug)]
pub struct Completion {
    /// Where the history has the operation.
    pub record: usize,
    /// The timer that is no longer needed.
    pub timer: Option<EventHandle>,
    /// Whom the last attempt asked.
    pub target: ReplicaId,
}

/// What a client does about an operation that was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnTimeout {
    /// It asks again.
    Retry(Issued),
    /// It gives up.
    Abandon {
        /// Where the history has the operation.
        record: usize,
    },
    /// It was answered in the meantime.
    Nothing,
}

impl<W: Workload> Client<W> {
    /// A client with its workload, asking its home first.
    pub fn new(id: ClientId, home: ReplicaId, workload: W, retry: Retry, replicas: u64) -> Self {
        assert!(
            (1..=replicas).contains(&home),
            "a client's home is a replica"
        );
        Self {
            id,
            home,
            workload,
            sequence_next: 1,
            next: None,
            open: Vec::new(),
            retry,
            replicas,
        }
    }

    /// How long to wait before the next operation, from `min` to `max`.
    pub fn gap(&mut self, decisions: &mut Decisions, min: u64, max: u64) -> u64 {
        decisions.between(self.questions(decisions), min, max)
    }

    /// The command of the next operation; `None` where shrinking took it away,
    /// and its number is used up.
    pub fn choose(&mut self, decisions: &mut Decisions, reads: Probability) -> Option<W::Command> {
        self.questions(decisions);
        let stream = self.next.as_mut().expect("its questions were just made");
        let mut chooser = Chooser::new(decisions, stream);
        if !chooser.is_issued() {
            self.skip();
            return None;
        }
        let read = chooser.chance(reads.ppm());
        Some(self.workload.next(read, &mut chooser))
    }

    /// The next number is used up without an operation.
    pub fn skip(&mut self) {
        self.sequence_next += 1;
        self.next = None;
    }

    /// The questions of the next operation: kept from when its time is drawn
    /// until it is issued.
    fn questions(&mut self, decisions: &Decisions) -> &mut Stream {
        self.next
            .get_or_insert_with(|| Chooser::stream(decisions, self.id, self.sequence_next))
    }

    /// The last attempts of all open operations.
    pub fn open(&self) -> impl Iterator<Item = Issued> {
        (0..self.open.len()).map(|place| self.issued(place))
    }

    /// Whether an operation is open.
    pub fn is_waiting(&self) -> bool {
        !self.open.is_empty()
    }

    /// Opens the next operation, sent to `target`, recorded at `record`.
    /// Probes are retried in their own way.
    pub fn issue(&mut self, record: usize, target: ReplicaId, retry: Option<Retry>) -> Issued {
        let sequence = self.sequence_next;
        self.sequence_next += 1;
        self.next = None;
        self.open.push(Open {
            sequence,
            record,
            attempt: 1,
            target,
            timer: None,
            retry: retry.unwrap_or(self.retry),
        });
        self.issued(self.open.len() - 1)
    }

    /// Remembers the timer that ends the current attempt.
    ///
    /// # Panics
    /// If the operation is not open.
    pub fn set_timer(&mut self, id: RequestId, timer: EventHandle) {
        let place = self.find(id.sequence);
        self.open[place.expect("only open operations have timers")].timer = Some(timer);
    }

    /// An answer arrived. `None`: it came late, for an abandoned or completed operation.
    pub fn complete<O>(&mut self, reply: &Reply<O>) -> Option<Completion> {
        debug_assert_eq!(
            reply.id.client, self.id,
            "a reply reaches the client that it is for"
        );
        let open = self.open.remove(self.find(reply.id.sequence)?);
        Some(Completion {
            record: open.record,
            timer: open.timer,
            target: open.target,
        })
    }

    /// Whom the last attempt of an open operation asked.
    pub fn target_of(&self, sequence: u64) -> Option<ReplicaId> {
        Some(self.open[self.find(sequence)?].target)
    }

    /// An attempt was not answered in time.
    pub fn time_out(&mut self, sequence: u64, attempt: u32) -> OnTimeout {
        match self.find(sequence) {
            Some(place) if self.open[place].attempt == attempt => self.give_up_attempt(place),
            _ => OnTimeout::Nothing,
        }
    }

    /// The session with `replica` broke: what it owed will not come. The
    /// operations that a client retries elsewhere or abandons, with their timers.
    pub fn lose_session(&mut self, replica: ReplicaId) -> Vec<(OnTimeout, Option<EventHandle>)> {
        let lost: Vec<_> = self
            .open
            .iter()
            .filter(|open| open.target == replica && open.retry != Retry::Same)
            .map(|open| (open.sequence, open.timer))
            .collect();
        lost.into_iter()
            .map(|(sequence, timer)| {
                let place = self.find(sequence).expect("it was just found open");
                (self.give_up_attempt(place), timer)
            })
            .collect()
    }

    fn give_up_attempt(&mut self, place: usize) -> OnTimeout {
        let open = &mut self.open[place];
        match open.retry {
            Retry::None => {
                let record = self.open.remove(place).record;
                return OnTimeout::Abandon { record };
            }
            Retry::Same => {}
            Retry::Next => open.target = open.target % self.replicas + 1,
        }
        open.attempt += 1;
        open.timer = None;
        OnTimeout::Retry(self.issued(place))
    }

    fn issued(&self, place: usize) -> Issued {
        let open = &self.open[place];
        Issued {
            id: RequestId {
                client: self.id,
                sequence: open.sequence,
            },
            attempt: open.attempt,
            target: open.target,
            record: open.record,
            low_water: self.open[0].sequence,
        }
    }

    /// Where among the open operations one is, if it is still open.
    fn find(&self, sequence: u64) -> Option<usize> {
        self.open
            .binary_search_by_key(&sequence, |open| open.sequence)
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::WorkloadOptions;

    struct Nothing;

    impl Workload for Nothing {
        type Command = ();
        type Output = ();

        fn new(_: ClientId, _: &WorkloadOptions) -> Self {
            Self
        }

        fn next(&mut self, _: bool, _: &mut Chooser<'_>) {}

        fn probe(&mut self, _: u64) {}
    }

    fn reply(sequence: u64) -> Reply<()> {
        Reply {
            id: RequestId {
                client: 1,
                sequence,
            },
            attempt: 1,
            position: None,
            output: (),
        }
    }

    #[test]
    fn the_low_water_mark_follows_the_oldest_open_operation() {
        let mut client = Client::new(1, 1, Nothing, Retry::None, 3);
        assert_eq!(client.issue(0, 1, None).low_water, 1);
        assert_eq!(client.issue(1, 1, None).low_water, 1);
        assert!(client.complete(&reply(1)).is_some());
        assert_eq!(client.issue(2, 1, None).low_water, 2);
    }

    #[test]
    fn a_retrying_client_asks_the_next_replica_and_a_late_answer_still_counts() {
        let mut client = Client::new(1, 3, Nothing, Retry::Next, 3);
        client.issue(0, 3, None);
        let OnTimeout::Retry(again) = client.time_out(1, 1) else {
            panic!("it retries")
        };
        assert_eq!((again.target, again.attempt), (1, 2));
        assert_eq!(
            client.time_out(1, 1),
            OnTimeout::Nothing,
            "that attempt is over"
        );
        assert!(client.complete(&reply(1)).is_some());
        assert!(client.complete(&reply(1)).is_none());
    }

    #[test]
    fn an_abandoned_operation_stays_unknown_when_an_answer_comes_late() {
        let mut client = Client::new(1, 1, Nothing, Retry::None, 3);
        client.issue(7, 1, None);
        assert_eq!(client.time_out(1, 1), OnTimeout::Abandon { record: 7 });
        assert!(client.complete(&reply(1)).is_none());
    }

    #[test]
    fn a_lost_session_ends_the_attempts_that_went_through_it() {
        let mut client = Client::new(1, 1, Nothing, Retry::None, 3);
        client.issue(0, 1, None);
        client.issue(1, 2, None);
        let lost = client.lose_session(1);
        assert_eq!(lost, vec![(OnTimeout::Abandon { record: 0 }, None)]);
        assert!(client.is_waiting());
    }
}
