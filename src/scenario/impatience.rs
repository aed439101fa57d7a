//! Timeouts that are over before what they wait for can have come.
//!
//! With them a system may answer nothing although nothing fails, and no patience helps: no leader
//! stands whose followers answer heartbeats later than an election timeout, and a follower that
//! asks for a `Prepare` again before the last one can have brought it in line is synchronised anew
//! (`replica/omnipaxos/patience.rs`).

use simulated_clock::Duration;

use super::Scenario;

/// How often a message and its answer go to and fro before a follower is in line.
const TRIPS: u64 = 2;

impl Scenario {
    /// The settings with which a system may not work although nothing fails: what is so, why that
    /// matters, and what to do; nothing where timeouts are long enough.
    pub(crate) fn impatience(&self) -> Option<String> {
        let trip = self.trip_between_replicas();
        let cluster = &self.cluster;
        let heartbeats = ("election_ticks", cluster.election_ticks, trip);
        let synchronised = trip.saturating_mul(TRIPS);
        let resends = ("resend_ticks", cluster.resend_ticks, synchronised);
        let too_late = [
            (
                heartbeats,
                "no leader stands, whose followers answer too late",
            ),
            (
                resends,
                "a follower asks to be synchronised again before it can have been",
            ),
        ];
        let tick = cluster.tick;
        let mut too_late = too_late
            .into_iter()
            .filter(|((_, ticks, needed), _)| tick.0.saturating_mul(*ticks) < *needed);
        let ((key, ticks, needed), what) = too_late.next()?;
        Some(format!(
            "the settings can be why: cluster.{key} is over after {}, and a message between \
             replicas and its answer take up to {trip}, so that {what}; set it to {} or more, or \
             let messages be faster",
            tick.0.saturating_mul(ticks),
            needed.as_nanos().div_ceil(tick.as_nanos().max(1)),
        ))
    }

    /// The longest that a message between replicas and its answer take.
    fn trip_between_replicas(&self) -> Duration {
        let far = self.network.regions.iter();
        let far = far.flat_map(|regions| &regions.between);
        let near = [&self.network.latency].into_iter();
        let all = near.chain(far.map(|pair| &pair.latency));
        let latency = all.map(|latency| latency.longest()).max().unwrap_or(0);
        let once = Duration::from_nanos(latency).saturating_add(self.longest_wait_to_be_sent());
        once.saturating_mul(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn impatience(keys: &str) -> Option<String> {
        let text = format!("network.latency = {{ shape = {{ constant = \"30ms\" }} }}\n{keys}\n");
        let scenario = Scenario::parse("hasty", &text);
        scenario
            .unwrap_or_else(|error| panic!("{error}"))
            .impatience()
    }

    fn says(keys: &str, parts: &[&str]) {
        let said = impatience(keys).unwrap_or_else(|| panic!("{keys} is too short"));
        for part in parts {
            assert!(said.contains(part), "{part} is not in: {said}");
        }
    }

    #[test]
    fn a_resend_timeout_is_long_enough_from_twice_a_message_and_its_answer_on() {
        assert_eq!(impatience("cluster.resend_ticks = 12"), None);
        says(
            "cluster.resend_ticks = 11",
            &[
                "over after 110ms",
                "take up to 60ms",
                "set it to 12 or more",
            ],
        );
        let taken = "cluster.resend_ticks = 12\ncluster.take_outgoing = { every = \"9ms\" }";
        says(taken, &["take up to 78."]);
    }

    #[test]
    fn an_election_timeout_is_long_enough_from_a_message_and_its_answer_on() {
        assert_eq!(impatience("cluster.election_ticks = 6"), None);
        says(
            "cluster.election_ticks = 5\ncluster.resend_ticks = 1",
            &[
                "cluster.election_ticks is over after 50ms",
                "no leader stands",
                "to 6 or more",
            ],
        );
    }

    #[test]
    fn the_usual_settings_have_patience() {
        assert_eq!(Scenario::default().impatience(), None);
    }
}
