//! The state of the store.

use std::collections::BTreeMap;

use knossos::Text;
use knossos::models::kv::{Input, Op, Output};
use serde::{Deserialize, Serialize};

use crate::systems::omnipaxos::{Bug, StateMachine};

/// Keys and their values; a key that is not here is absent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Store(BTreeMap<Text, Text>);

impl Store {
    /// A key is copied only when it is new.
    fn put(&mut self, key: &Text, value: Text) {
        match self.0.get_mut(key) {
            Some(present) => *present = value,
            None => drop(self.0.insert(key.clone(), value)),
        }
    }
}

impl StateMachine for Store {
    type Command = Input;
    type Output = Output;

    fn apply(&mut self, command: &Input) -> Output {
        let Input { key, op } = command;
        match op {
            Op::Get => Output::Value(self.0.get(key).cloned()),
            Op::Put(value) => {
                self.put(key, value.clone());
                Output::Done
            }
            Op::Delete => {
                self.0.remove(key);
                Output::Done
            }
            Op::Append(suffix) => {
                let longer = self
                    .0
                    .get(key)
                    .map_or_else(|| suffix.clone(), |value| value.followed_by(suffix));
                self.put(key, longer);
                Output::Done
            }
            Op::Cas { old, new } => {
                let matches = self.0.get(key) == old.as_ref();
                match (matches, new) {
                    (true, Some(value)) => self.put(key, value.clone()),
                    (true, None) => drop(self.0.remove(key)),
                    (false, _) => {}
                }
                Output::Swapped(matches)
            }
        }
    }

    fn apply_flawed(&mut self, command: &Input, bug: Bug) -> Output {
        let Input { key, op } = command;
        match (op, bug) {
            (Op::Cas { new, .. }, Bug::CasAlwaysYes) => {
                let old = self.0.get(key).cloned();
                let new = new.clone();
                self.apply(&Input {
                    key: key.clone(),
                    op: Op::Cas { old, new },
                })
            }
            (Op::Delete, Bug::DeleteLostInSnapshot) => Output::Done,
            _ => self.apply(command),
        }
    }

    fn query(&self, command: &Input) -> Option<Output> {
        matches!(command.op, Op::Get).then(|| Output::Value(self.0.get(&command.key).cloned()))
    }
}

#[cfg(test)]
mod tests {
    use knossos::Model;
    use knossos::models::kv::KeyValue;
    use proptest::prelude::*;

    use super::*;

    fn command() -> impl Strategy<Value = Input> {
        let text = || "[ab]".prop_map(|text| Text::from(text.as_str()));
        let maybe = || prop::option::of("[ab]".prop_map(|text| Text::from(text.as_str())));
        let op = prop_oneof![
            Just(Op::Get),
            text().prop_map(Op::Put),
            Just(Op::Delete),
            text().prop_map(Op::Append),
            (maybe(), maybe()).prop_map(|(old, new)| Op::Cas { old, new }),
        ];
        ("[xy]", op).prop_map(|(key, op)| Input {
            key: key.as_str().into(),
            op,
        })
    }

    proptest! {
        #[test]
        fn the_store_answers_as_the_model_allows(commands in prop::collection::vec(command(), 0..40)) {
            let mut store = Store::default();
            let mut states = BTreeMap::from([("x", KeyValue.initial()), ("y", KeyValue.initial())]);
            for command in commands {
                let asked = store.query(&command);
                let output = store.apply(&command);
                if let Some(asked) = asked {
                    prop_assert_eq!(&asked, &output);
                }
                let state = states.get_mut(&*command.key).expect("one of two keys");
                let next = KeyValue.step(state, &command, Some(&output));
                prop_assert!(next.is_some(), "{:?} answered {:?} in {:?}", command, output, state);
                *state = next.expect("just checked");
            }
        }
    }
}
