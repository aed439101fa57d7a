//! Bounded traffic: what replicas send in answer to one request, timer or piece of news is bounded.
//!
//! A correct protocol sends so many messages for each thing that somebody asks of it, and then
//! is silent. One that answers messages with more messages sends without end: over links that
//! repeat messages, or of its own accord. No finite run can prove that, so this is judged only
//! where a run has used up a budget, and only by a bound that no protocol comes near.

use simulated_clock::Instant;

use super::{Cause, Violation};

/// The name of the check.
pub(super) const NAME: &str = "bounded_traffic";

/// What each replica may send for one thing that is asked, beside one message per entry of the log.
const SENT_FOR_ONE: u64 = 1_000;

/// What was sent in the last stretch of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// When the stretch began.
    pub since: Instant,
    /// Requests, timers, faults and news of sessions in it: all that may make replicas send,
    /// but messages.
    pub asked: u64,
    /// Messages sent in it.
    pub sent: u64,
    /// How many replicas there are.
    pub replicas: u64,
    /// How many entries are decided.
    pub decided: u64,
    /// Messages under way at its beginning and at its end.
    pub under_way: (u64, u64),
    /// How many messages of each kind are under way at its end, the most frequent first.
    pub kinds: Vec<(&'static str, u64)>,
}

impl Traffic {
    /// More than this is never sent for what was asked.
    fn bound(&self) -> u64 {
        let for_one = self.decided.saturating_add(SENT_FOR_ONE);
        // What was asked just before the stretch began is answered in it, too.
        let asked = self.asked.saturating_add(1);
        for_one.saturating_mul(self.replicas).saturating_mul(asked)
    }
}

/// Is more sent than anybody asked for?
pub fn bounded_traffic(at: Instant, traffic: &Traffic) -> Option<Violation> {
    if traffic.sent <= traffic.bound() {
        return None;
    }
    let kinds: Vec<_> = traffic
        .kinds
        .iter()
        .take(3)
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    let (before, after) = traffic.under_way;
    let asked = match traffic.asked {
        0 => "nobody asked for anything".to_owned(),
        1 => "there was 1 request or timer".to_owned(),
        asked => format!("there were {asked} requests and timers"),
    };
    let message = format!(
        "replicas send without end: {} messages since {}, while {asked}; {after} are under way, \
         {before} were: {}",
        traffic.sent,
        traffic.since,
        kinds.join(", "),
    );
    let cause = Cause::TrafficWithoutEnd;
    Some(Violation::liveness(NAME, cause, at, Vec::new(), message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traffic(asked: u64, sent: u64) -> Traffic {
        Traffic {
            since: Instant::from_nanos(7_000),
            asked,
            sent,
            replicas: 3,
            decided: 0,
            under_way: (40, 90_000),
            kinds: vec![("AcceptSync", 60_000), ("Accepted", 30_000)],
        }
    }

    #[test]
    fn messages_that_beget_messages_are_told_with_their_kinds() {
        let violation = bounded_traffic(Instant::from_nanos(9_000), &traffic(1, 100_000));
        let message = violation.expect("far more than anybody asked for").message;
        assert!(message.contains("100000 messages since 7us"), "{message}");
        assert!(
            message.contains("while there was 1 request or timer"),
            "{message}"
        );
        assert!(
            message.ends_with("90000 are under way, 40 were: 60000 AcceptSync, 30000 Accepted"),
            "{message}"
        );
    }

    #[test]
    fn much_that_is_sent_for_much_that_is_asked_is_no_violation() {
        assert_eq!(
            bounded_traffic(Instant::ZERO, &traffic(1_000, 100_000)),
            None
        );
    }

    #[test]
    fn a_log_that_is_sent_entry_by_entry_is_no_violation() {
        let whole_log = Traffic {
            decided: 60_000,
            ..traffic(1, 100_000)
        };
        assert_eq!(bounded_traffic(Instant::ZERO, &whole_log), None);
    }
}
