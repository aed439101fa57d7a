//! How long clients waited although the system could have served them.
//!
//! The clock runs while a request is outstanding at a replica that reaches a
//! quorum, and starts again with every completion. While no such request is
//! outstanding it stands at zero: nobody waits in vain.

use simulated_clock::{Duration, Instant};

/// Measures the longest unavailability.
#[derive(Debug)]
pub(super) struct Availability {
    /// Requests outstanding at each replica.
    outstanding: Vec<u64>,
    /// Whether each replica reaches a quorum, itself included, in both directions.
    connected: Vec<bool>,
    waiting_since: Option<Instant>,
    longest: Duration,
}

impl Availability {
    pub(super) fn new(replicas: u64) -> Self {
        Self {
            outstanding: vec![0; replicas as usize],
            connected: vec![true; replicas as usize],
            waiting_since: None,
            longest: Duration::ZERO,
        }
    }

    pub(super) fn issued(&mut self, now: Instant, replica: u64) {
        self.outstanding[replica as usize - 1] += 1;
        self.update(now);
    }

    /// A request at `replica` is over without having completed.
    pub(super) fn given_up(&mut self, now: Instant, replica: u64) {
        let outstanding = &mut self.outstanding[replica as usize - 1];
        debug_assert!(*outstanding > 0, "what is given up was outstanding");
        *outstanding -= 1;
        self.update(now);
    }

    /// A request at `replica` completed: the system serves.
    pub(super) fn completed(&mut self, now: Instant, replica: u64) {
        self.close(now);
        self.waiting_since = None;
        self.given_up(now, replica);
    }

    /// Links, crashes or pauses changed who reaches a quorum.
    pub(super) fn connectivity(&mut self, now: Instant, connected: Vec<bool>) {
        debug_assert_eq!(connected.len(), self.connected.len(), "one per replica");
        self.connected = connected;
        self.update(now);
    }

    fn update(&mut self, now: Instant) {
        let mut replicas = self.outstanding.iter().zip(&self.connected);
        if replicas.any(|(outstanding, connected)| *outstanding > 0 && *connected) {
            self.waiting_since.get_or_insert(now);
        } else {
            self.waiting_since = None;
        }
    }

    fn close(&mut self, now: Instant) {
        if let Some(since) = self.waiting_since {
            self.longest = self.longest.max(now.saturating_since(since));
        }
    }

    /// The longest wait, one that still goes on at `now` included.
    pub(super) fn longest(&mut self, now: Instant) -> Duration {
        self.close(now);
        self.longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Instant {
        Instant::ZERO + Duration::from_millis(millis)
    }

    #[test]
    fn only_waiting_at_a_connected_replica_counts() {
        let mut availability = Availability::new(2);
        availability.connectivity(at(0), vec![true, false]);
        availability.issued(at(0), 2);
        assert_eq!(
            availability.longest(at(100)),
            Duration::ZERO,
            "replica 2 reaches nobody"
        );
        availability.issued(at(100), 1);
        availability.completed(at(130), 1);
        assert_eq!(availability.longest(at(500)), Duration::from_millis(30));
    }

    #[test]
    fn a_wait_that_never_ends_counts_up_to_the_end() {
        let mut availability = Availability::new(1);
        availability.issued(at(10), 1);
        assert_eq!(availability.longest(at(50)), Duration::from_millis(40));
    }
}
