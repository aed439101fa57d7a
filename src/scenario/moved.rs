//! Keys that were once in another table: each is refused with its new place.

use crate::units::Place::{self, Key};

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

/// The keys of a file that have moved, each with its new place; tables are called as in the file.
pub(super) fn found(
    text: &str,
    prefix: &[Place<'_>],
    name: impl Fn(&str) -> String,
) -> Vec<(String, String)> {
    let Ok(file) = text.parse() else {
        return Vec::new();
    };
    let keys = cluster(&file, prefix).into_iter().flatten();
    let moved = keys.filter_map(|(key, value)| Some((key.clone(), advice(key, value, &name)?)));
    moved.collect()
}

/// The table that held them, of the scenario in a file.
fn cluster<'a>(file: &'a toml::Table, prefix: &[Place<'_>]) -> Option<&'a toml::Table> {
    let mut table = file;
    for step in prefix {
        let Key(key) = step else { return None };
        table = table.get(*key)?.as_table()?;
    }
    table.get("cluster")?.as_table()
}

/// What is written today for a key that was in `[cluster]`; tables are called as in its file.
fn advice(key: &str, value: &toml::Value, table: impl Fn(&str) -> String) -> Option<String> {
    let (system, disk) = (table("system"), table("disk"));
    Some(match key {
        "planted" => format!(
            "has moved: write planted = {value} in the table {}",
            table("selftest")
        ),
        "storage" if value.as_str() == Some("memory") => {
            format!("has moved: write contract = \"amnesia\" in the table {disk}")
        }
        "storage" => format!(
            "is no key any more: remove it; disks keep what they hold unless contract in the \
             table {disk} says otherwise"
        ),
        "switches" => format!("has moved: write the switches themselves in the table {system}"),
        _ if TUNING.contains(&key) => format!(
            "is no key of {} any more: services over OmniPaxos take {key} = {value} in the table \
             {system}",
            table("cluster")
        ),
        _ => return None,
    })
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

    #[test]
    fn the_first_of_several_in_the_file_is_named() {
        let text = "[cluster]\ntick = \"5ms\"\nbatch_size = 3\n";
        let error = Scenario::parse("old", text).expect_err("they have moved");
        assert_eq!((error.line, error.key.as_str()), (Some(2), "cluster.tick"));
    }

    #[test]
    fn what_no_table_takes_is_not_advised() {
        let text = "[cluster]\ntick = nan\n";
        let error = Scenario::parse("old", text).expect_err("it is no number");
        assert!(error.message.starts_with("nan is no number"), "{error}");
    }

    #[test]
    fn a_disk_that_was_durable_needs_no_key() {
        let text = "[cluster]\nstorage = \"disk\"\n";
        let error = Scenario::parse("old", text).expect_err("it is gone");
        assert!(error.message.contains("remove it"), "{error}");
    }
}
