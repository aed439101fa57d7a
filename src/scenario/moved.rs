//! Keys that were once in another table: each is refused with its new place.

use super::Place::Key;
use super::{ErrorSource, ScenarioError};

/// What `[cluster]` held of the tuning of services over OmniPaxos, up to version 0.1.1.
const TUNING: [&str; 17] = [
    "quorum",
    "tick",
    "election_ticks",
    "resend_ticks",
    "flush_ticks",
    "batch_size",
    "buffer_size",
    "priorities",
    "initial_leader",
    "start_signal",
    "leader_wait",
    "missed_ticks",
    "reads",
    "dedup",
    "snapshots",
    "take_outgoing",
    "switches",
];

/// The first key of a scenario that has moved. What is no TOML at all has none.
///
/// # Errors
/// That key, and its new place.
pub(super) fn refuse(source: &ErrorSource<'_>) -> Result<(), ScenarioError> {
    let Ok(file) = source.text.parse::<toml::Table>() else {
        return Ok(());
    };
    let inner = |table: Option<&toml::Table>, key: &str| table?.get(key)?.as_table().cloned();
    let mut scenario = Some(file);
    for step in source.prefix {
        let Key(key) = step else { return Ok(()) };
        scenario = inner(scenario.as_ref(), key);
    }
    let Some(cluster) = inner(scenario.as_ref(), "cluster") else {
        return Ok(());
    };
    let moved = cluster
        .iter()
        .find_map(|(key, value)| Some((key, new_place(key, value)?)));
    moved.map_or(Ok(()), |(key, place)| {
        Err(source.wrong(
            &[Key("cluster"), Key(key)],
            format!("has moved: write {place}"),
        ))
    })
}

/// What is written today for a key that was in `[cluster]`.
fn new_place(key: &str, value: &toml::Value) -> Option<String> {
    match key {
        "planted" => Some(format!("planted = {value} in the table [selftest]")),
        "storage" if value.as_str() == Some("memory") => {
            Some("contract = \"amnesia\" in the table [disk]".to_owned())
        }
        "storage" => {
            Some("nothing: disks are durable unless the table [disk] says else".to_owned())
        }
        "switches" => Some("the switches themselves in the table [system]".to_owned()),
        _ if TUNING.contains(&key) => Some(format!("{key} = {value} in the table [system]")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::Scenario;

    #[test]
    fn a_key_in_its_old_place_is_refused_with_its_new_one() {
        for (old, new) in [
            ("tick = \"5ms\"", "tick = \"5ms\" in the table [system]"),
            (
                "quorum = { read = 3, write = 2 }",
                "quorum = { read = 3, write = 2 } in the table [system]",
            ),
            (
                "planted = \"local-get\"",
                "planted = \"local-get\" in the table [selftest]",
            ),
            (
                "storage = \"memory\"",
                "contract = \"amnesia\" in the table [disk]",
            ),
            (
                "switches = { fast = true }",
                "the switches themselves in the table [system]",
            ),
        ] {
            let text = format!("[cluster]\nreplicas = 3\n{old}\n");
            let error = Scenario::parse("old", &text)
                .expect_err("it has moved")
                .to_string();
            assert!(error.starts_with("old:3: cluster."), "{error}");
            assert!(error.contains(new), "{error}");
        }
    }
}
