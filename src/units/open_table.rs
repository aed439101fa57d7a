//! A table whose keys are known only where it is read.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::KeyError;
use super::reading::{Strict, read_toml};
use super::writing::as_json_value;

/// A table of keys that only the code under test knows: `[system]`, `[workload.own]`.
///
/// ```
/// use omnisim::scenario::Scenario;
/// use omnisim::systems::omnipaxos::Tuning;
///
/// let scenario = Scenario::parse("example", "[system]\nbatch_size = 5").unwrap();
/// let tuning: Tuning = scenario.system.read().unwrap();
/// assert_eq!(tuning.batch_size, 5);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct OpenTable(Map<String, Value>);

impl OpenTable {
    /// The table that says what differs from the usual options.
    ///
    /// # Panics
    /// If the options cannot be written as a table.
    pub fn of<T: Serialize + Default>(options: &T) -> Self {
        let table = |options: &T| match as_json_value(options) {
            Ok(Value::Object(table)) => table,
            other => panic!("options are a table, and these are {other:?}"),
        };
        let usual = table(&T::default());
        let mut own = table(options);
        own.retain(|key, value| !value.is_null() && usual.get(key) != Some(value));
        Self(own)
    }

    /// The options that the table gives.
    ///
    /// # Errors
    /// The key that is unknown or has a wrong value, and what would be right.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, KeyError> {
        T::deserialize(Strict(&Value::Object(self.0.clone()))).or_else(|_| self.read_as_text())
    }

    /// The same by way of text, in which a mistake has a place.
    fn read_as_text<T: DeserializeOwned>(&self) -> Result<T, KeyError> {
        let text = toml::to_string(&self.0).map_err(|_| self.unwritable())?;
        read_toml(&text).map_err(|mistake| KeyError::new(mistake.key(&text), mistake.message))
    }

    /// The first key whose value no file can hold: nothing, which is what becomes of `nan` in a
    /// table made by a program.
    fn unwritable(&self) -> KeyError {
        let alone = |value: &Value| toml::Value::try_from(value).is_err();
        let mut keys = self.0.iter().filter(|(_, value)| alone(value));
        let key = keys.next().map_or("", |(key, _)| key);
        let message = "its value cannot be written in a file: give it a finite number, or leave \
                       it out";
        KeyError::new(key, message)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The table with another value for a key.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Options {
        fast: bool,
        sizes: Vec<u64>,
    }

    fn table(text: &str) -> OpenTable {
        toml::from_str(text).expect("it is a table")
    }

    #[test]
    fn it_holds_what_differs_from_the_usual_and_reads_back_as_it_was() {
        let options = Options {
            fast: true,
            ..Options::default()
        };
        let table = OpenTable::of(&options);
        assert_eq!(
            toml::to_string(&table).expect("it is plain"),
            "fast = true\n"
        );
        assert_eq!(table.read(), Ok(options));
        assert!(OpenTable::of(&Options::default()).is_empty());
    }

    #[test]
    fn a_value_that_no_file_can_hold_is_named_with_its_key() {
        for (value, says) in [
            (Value::from(f64::NAN), "cannot be written in a file"),
            (Value::from(u64::MAX), "is out of range"),
        ] {
            let table = OpenTable::default().with("fast", value);
            let error = table.read::<Options>().expect_err("no file has it");
            assert_eq!(error.key, "fast", "{error}");
            assert!(error.message.contains(says), "{error}");
        }
    }

    #[test]
    fn a_wrong_key_or_value_is_named_with_what_would_be_right() {
        for (text, key, says) in [
            ("slow = true", "slow", "expected `fast` or `sizes`"),
            ("fast = 7", "fast", "expected true or false"),
            (
                "fast = true\nsizes = [1, -2]",
                "sizes",
                "a whole number from 0 to 9223372036854775807",
            ),
        ] {
            let error = table(text).read::<Options>().expect_err("it is wrong");
            assert_eq!(error.key, key, "{error}");
            assert!(error.message.contains(says), "{error}");
        }
    }
}
