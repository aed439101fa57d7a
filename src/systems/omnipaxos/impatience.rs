//! Timeouts that are over before what they wait for can have come.
//!
//! With them a system may answer nothing although nothing fails, and no patience helps: no leader
//! stands whose followers answer heartbeats later than an election timeout, and a follower that
//! asks for a `Prepare` again before the last one can have brought it in line is synchronised anew
//! (`profile.rs`).

use simulated_clock::Duration;

use super::tuning::Tuning;
use crate::scenario::Scenario;

/// How often a message and its answer go to and fro before a follower is in line.
const TRIPS: u64 = 2;

impl Tuning {
    /// The settings with which a service may not work although nothing fails, where messages wait
    /// up to `sends_every` to be sent: what is so, why that matters, and what to do; nothing where
    /// timeouts are long enough.
    pub(super) fn impatience(&self, scenario: &Scenario, sends_every: Duration) -> Option<String> {
        let waits = scenario.clock.slowest(sends_every);
        let trip = longest_latency(scenario).saturating_add(waits);
        let trip = trip.saturating_mul(2);
        let heartbeats = ("election_ticks", self.election_ticks, trip);
        let synchronised = trip.saturating_mul(TRIPS);
        let resends = ("resend_ticks", self.resend_ticks, synchronised);
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
        let lasts = |ticks: u64| self.tick.0.saturating_mul(ticks);
        let mut too_late = too_late
            .into_iter()
            .filter(|((_, ticks, needed), _)| lasts(*ticks) < *needed);
        let ((key, ticks, needed), what) = too_late.next()?;
        Some(format!(
            "the settings can be why: system.{key} is over after {}, and a message between \
             replicas and its answer take up to {trip}, so that {what}; set it to {} or more, or \
             let messages be faster",
            lasts(ticks),
            needed.as_nanos().div_ceil(self.tick.as_nanos().max(1)),
        ))
    }
}

/// The longest that a message between replicas is on its way.
fn longest_latency(scenario: &Scenario) -> Duration {
    let far = scenario.network.regions.iter();
    let far = far.flat_map(|regions| &regions.between);
    let near = [&scenario.network.latency].into_iter();
    let all = near.chain(far.map(|pair| &pair.latency));
    Duration::from_nanos(all.map(|latency| latency.longest()).max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::omnipaxos::ReplicaOptions;

    fn impatience(keys: &str) -> Option<String> {
        let text = format!("network.latency = {{ shape = {{ constant = \"30ms\" }} }}\n{keys}\n");
        let scenario = Scenario::parse("hasty", &text).unwrap_or_else(|error| panic!("{error}"));
        let options = ReplicaOptions::of(&scenario).unwrap_or_else(|error| panic!("{error}"));
        options.profile(&scenario).impatience
    }

    fn says(keys: &str, parts: &[&str]) {
        let said = impatience(keys).unwrap_or_else(|| panic!("{keys} is too short"));
        for part in parts {
            assert!(said.contains(part), "{part} is not in: {said}");
        }
    }

    #[test]
    fn a_resend_timeout_is_long_enough_from_twice_a_message_and_its_answer_on() {
        assert_eq!(impatience("system.resend_ticks = 12"), None);
        says(
            "system.resend_ticks = 11",
            &[
                "over after 110ms",
                "take up to 60ms",
                "set it to 12 or more",
            ],
        );
        let taken = "system.resend_ticks = 12\nsystem.take_outgoing = { every = \"9ms\" }";
        says(taken, &["take up to 78."]);
    }

    #[test]
    fn an_election_timeout_is_long_enough_from_a_message_and_its_answer_on() {
        assert_eq!(impatience("system.election_ticks = 6"), None);
        says(
            "system.election_ticks = 5\nsystem.resend_ticks = 1",
            &[
                "system.election_ticks is over after 50ms",
                "no leader stands",
                "to 6 or more",
            ],
        );
    }

    #[test]
    fn the_usual_settings_have_patience() {
        let usual = Scenario::default();
        let options = ReplicaOptions::of(&usual).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(options.profile(&usual).impatience, None);
    }
}
