//! Runs of a small etcd: whatever is asked of it, what is read has no violation; and where all
//! of it could be read, one that takes no notice of conditions has.

use std::collections::BTreeMap;

use knossos::format::{Contents, read};
use knossos::models::kv::KeyValue;
use knossos::{Limits, Verdict, check};
use proptest::prelude::*;
use serde_json::{Value, json};

const KEYS: [&str; 3] = ["x", "y", "z"];

/// What one client asks.
#[derive(Clone, Debug)]
struct Asked {
    /// A key, and which of the revisions it had is expected: 0 is the last.
    conditions: Vec<(usize, usize)>,
    success: Vec<Act>,
    failure: Vec<Act>,
    /// How long it is under way before and after it happens.
    around: (u64, u64),
    fate: Fate,
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Put(usize),
    Delete(usize),
    Range(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Answered,
    /// It happened, and nobody heard of it.
    Lost,
    /// It never happened.
    Dropped,
}

fn acts(most: usize) -> impl Strategy<Value = Vec<Act>> {
    let act = (0..3_usize, 0..KEYS.len()).prop_map(|(act, key)| match act {
        0 => Act::Put(key),
        1 => Act::Delete(key),
        _ => Act::Range(key),
    });
    prop::collection::vec(act, 0..=most)
}

fn asked(most: usize) -> impl Strategy<Value = Asked> {
    let condition = (0..KEYS.len(), prop_oneof![3 => Just(0), 1 => 1..3_usize]);
    let fate =
        prop_oneof![6 => Just(Fate::Answered), 1 => Just(Fate::Lost), 1 => Just(Fate::Dropped)];
    (
        prop::collection::vec(condition, 0..=most),
        acts(most),
        acts(most),
        (0..40_u64, 0..40_u64),
        fate,
    )
        .prop_map(|(conditions, success, failure, around, fate)| Asked {
            conditions,
            success,
            failure,
            around,
            fate,
        })
}

/// What a key holds, and in which revision it was changed last.
type Store = BTreeMap<usize, (String, u64)>;

/// An etcd, which may take no notice of conditions.
struct Etcd {
    store: Store,
    /// The revisions that each key had, 0 where it was not there.
    past: BTreeMap<usize, Vec<u64>>,
    revision: u64,
    values: u64,
    lines: String,
    heeds_conditions: bool,
    /// Whether it took no notice of a condition that did not hold.
    has_overlooked: bool,
}

impl Etcd {
    fn new(heeds_conditions: bool) -> Etcd {
        Etcd {
            store: Store::new(),
            past: (0..KEYS.len()).map(|key| (key, vec![0])).collect(),
            revision: 1,
            values: 0,
            lines: String::new(),
            heeds_conditions,
            has_overlooked: false,
        }
    }

    fn revision_of(&self, key: usize) -> u64 {
        self.store.get(&key).map_or(0, |(_, revision)| *revision)
    }

    /// The acts with their values, as they are written.
    fn written(&mut self, acts: &[Act]) -> Vec<(Act, String, Value)> {
        let one = |act: &Act| {
            self.values += 1;
            let value = self.values.to_string();
            let step = match act {
                Act::Put(key) => json!({
                    "Type": "put-operation",
                    "Put": { "Key": KEYS[*key], "Value": { "Value": value } },
                }),
                Act::Delete(key) => json!({
                    "Type": "delete-operation", "Delete": { "Key": KEYS[*key] },
                }),
                Act::Range(key) => json!({
                    "Type": "range-operation", "Range": { "Start": KEYS[*key] },
                }),
            };
            (*act, value, step)
        };
        acts.iter().map(one).collect()
    }

    fn ask(&mut self, client: usize, at: u64, asked: &Asked) {
        let expected = |(key, back): &(usize, usize)| {
            let past = &self.past[key];
            (*key, past[(past.len() - 1).saturating_sub(*back)])
        };
        let conditions: Vec<(usize, u64)> = asked.conditions.iter().map(expected).collect();
        let holds = conditions
            .iter()
            .all(|(key, revision)| self.revision_of(*key) == *revision);
        let (success, failure) = (self.written(&asked.success), self.written(&asked.failure));
        self.has_overlooked |= !holds && !self.heeds_conditions;
        let steps = if holds || !self.heeds_conditions {
            &success
        } else {
            &failure
        };
        let results = match asked.fate {
            Fate::Dropped => Vec::new(),
            Fate::Answered | Fate::Lost => self.happen(steps),
        };
        let output = match asked.fate {
            Fate::Answered => json!({
                "Txn": { "Failure": self.heeds_conditions && !holds, "Results": results },
                "Revision": self.revision,
            }),
            Fate::Lost | Fate::Dropped => json!({ "Error": "timed out" }),
        };
        let written = |steps: &[(Act, String, Value)]| -> Vec<Value> {
            steps.iter().map(|(.., step)| step.clone()).collect()
        };
        let conditions: Vec<Value> = conditions
            .iter()
            .map(|(key, revision)| json!({ "Key": KEYS[*key], "ExpectedRevision": revision }))
            .collect();
        let line = json!({
            "ClientId": client,
            "Input": { "Type": "txn", "Txn": {
                "Conditions": conditions,
                "OperationsOnSuccess": written(&success),
                "OperationsOnFailure": written(&failure),
            } },
            "Call": at - asked.around.0,
            "Output": output,
            "Return": at + asked.around.1,
        });
        self.lines.push_str(&format!("{line}\n"));
    }

    fn happen(&mut self, steps: &[(Act, String, Value)]) -> Vec<Value> {
        let revision = self.revision + 1;
        let mut is_changed = false;
        let mut one = |(act, value, _): &(Act, String, Value)| match act {
            Act::Put(key) => {
                is_changed = true;
                self.store.insert(*key, (value.clone(), revision));
                json!({ "KVs": null, "Deleted": 0 })
            }
            Act::Delete(key) => {
                let found = self.store.remove(key).is_some();
                is_changed |= found;
                json!({ "KVs": null, "Deleted": u8::from(found) })
            }
            Act::Range(key) => {
                let pairs = self.store.get(key).map(|(value, revision)| {
                    json!({
                        "Key": KEYS[*key], "Value": { "Value": value }, "ModRevision": revision,
                    })
                });
                json!({ "KVs": pairs.into_iter().collect::<Vec<_>>(), "Deleted": 0 })
            }
        };
        let results = steps.iter().map(&mut one).collect();
        for key in 0..KEYS.len() {
            let now = self.revision_of(key);
            let past = self.past.get_mut(&key).expect("all keys are there");
            if past.last() != Some(&now) {
                past.push(now);
            }
        }
        self.revision += u64::from(is_changed);
        results
    }

    fn contents(&self) -> Contents<KeyValue> {
        let text = self.lines.as_bytes();
        read(&KeyValue, text, None).unwrap_or_else(|error| panic!("{error}\n{}", self.lines))
    }
}

/// A run in which one thing happens after another, 10 apart, though they overlap.
fn run(all: &[Asked], heeds_conditions: bool) -> Etcd {
    let mut etcd = Etcd::new(heeds_conditions);
    for (place, asked) in all.iter().enumerate() {
        etcd.ask(place, 100 + 10 * place as u64, asked);
    }
    etcd
}

fn verdict(contents: &Contents<KeyValue>) -> Verdict {
    check(&KeyValue, &contents.operations, None, &Limits::none()).verdict
}

proptest! {
    #[test]
    fn what_is_read_of_a_run_of_etcd_has_no_violation(
        all in prop::collection::vec(asked(2), 1..14),
    ) {
        let etcd = run(&all, true);
        let contents = etcd.contents();
        prop_assert_eq!(verdict(&contents), Verdict::Consistent, "{}", etcd.lines);
        prop_assert_eq!(contents.left_out.revisions, 0, "{}", etcd.lines);
    }

    #[test]
    fn conditions_on_the_key_that_is_changed_are_read_as_a_whole_and_held_to(
        all in prop::collection::vec((0..KEYS.len(), 0..3_usize, any::<bool>(), any::<bool>()), 1..14),
    ) {
        let all: Vec<Asked> = all.into_iter().map(on_one_key).collect();
        let right = run(&all, true);
        let contents = right.contents();
        prop_assert_eq!(contents.left_out.transactions, 0, "{}", right.lines);
        prop_assert_eq!(verdict(&contents), Verdict::Consistent, "{}", right.lines);

        let wrong = run(&all, false);
        let contents = wrong.contents();
        prop_assert_eq!(contents.left_out.transactions, 0, "{}", wrong.lines);
        let is_found = matches!(verdict(&contents), Verdict::Violation(_));
        prop_assert_eq!(is_found, wrong.has_overlooked, "{}", wrong.lines);
    }
}

/// A change under a condition on the same key, answered before the next one is asked.
fn on_one_key((key, back, deletes, reads): (usize, usize, bool, bool)) -> Asked {
    let change = if deletes {
        Act::Delete(key)
    } else {
        Act::Put(key)
    };
    let other = if reads {
        vec![Act::Range(key)]
    } else {
        Vec::new()
    };
    Asked {
        conditions: vec![(key, back)],
        success: vec![change],
        failure: other,
        around: (2, 2),
        fate: Fate::Answered,
    }
}
