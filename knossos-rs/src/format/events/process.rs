//! Who an event is of.
//!
//! A process can be anything: a number, a keyword, a string. It is a client unless it is the
//! nemesis. Clients are numbers to the checker, so that those with names get numbers, which no
//! process of the file has.

use std::collections::BTreeMap;

use crate::format::datum::Datum;
use crate::text::Text;

/// The number from which on processes with names are counted, for as long as a file is read: no
/// number of a file is as large.
const NAMED_FROM: u64 = 1 << 63;

/// The same for operations of which the file does not say whose they are.
const NAMELESS_FROM: u64 = NAMED_FROM + (1 << 62);

/// Who an event is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Process {
    /// A client.
    Number(u64),
    /// A client with a name.
    Named(Text),
    /// The nemesis, under whatever name.
    Nemesis(Text),
    /// The event does not say.
    Missing,
}

impl Process {
    /// The process of a field.
    pub(super) fn of(field: Option<Datum>) -> Process {
        let name = match field {
            None | Some(Datum::Null) => return Process::Missing,
            Some(Datum::Number(number)) => match number.as_u64().filter(|it| *it < NAMED_FROM) {
                Some(number) => return Process::Number(number),
                None => number.to_string().into(),
            },
            Some(Datum::Text(name)) => name,
            Some(other) => other.to_string().into(),
        };
        if name.to_ascii_lowercase().contains("nemesis") {
            Process::Nemesis(name)
        } else {
            Process::Named(name)
        }
    }
}

/// The numbers of clients.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// The largest number of the file.
    largest: Option<u64>,
    named: BTreeMap<Text, u64>,
    nameless: u64,
    /// Those without a name that have nothing to do.
    idle: Vec<u64>,
}

impl Numbers {
    /// Takes note of a number of the file.
    pub(super) fn admit(&mut self, number: u64) {
        self.largest = self.largest.max(Some(number));
    }

    /// The number of the client of this name, for now.
    pub(super) fn of(&mut self, name: &Text) -> u64 {
        if let Some(number) = self.named.get(name) {
            return *number;
        }
        let number = NAMED_FROM + self.named.len() as u64;
        self.named.insert(name.clone(), number);
        number
    }

    /// Whether a client of this name was there before.
    pub(super) fn knows(&self, name: &Text) -> bool {
        self.named.contains_key(name)
    }

    /// A number for an operation of which the file does not say whose it is.
    pub(super) fn nobody(&mut self) -> u64 {
        self.idle.pop().unwrap_or_else(|| {
            self.nameless += 1;
            NAMELESS_FROM + self.nameless - 1
        })
    }

    /// A process has nothing to do: one without a name can be given again.
    pub(super) fn release(&mut self, number: u64) {
        if number >= NAMELESS_FROM {
            self.idle.push(number);
        }
    }

    /// Whether some number was given here.
    pub(super) fn any(&self) -> bool {
        self.nameless > 0 || !self.named.is_empty()
    }

    /// The number that stays: those given here come after all of the file.
    pub(super) fn last(&self, number: u64) -> u64 {
        let next = self.largest.map_or(0, |largest| largest + 1);
        match number {
            NAMELESS_FROM.. => next + self.named.len() as u64 + (number - NAMELESS_FROM),
            NAMED_FROM.. => next + (number - NAMED_FROM),
            number => number,
        }
    }

    /// A process in words.
    pub(super) fn name(&self, number: u64) -> String {
        if number < NAMED_FROM {
            return number.to_string();
        }
        let mut entries = self.named.iter();
        let name = entries.find(|(_, known)| **known == number);
        name.map_or_else(|| "without a name".to_owned(), |(name, _)| name.to_string())
    }

    /// The names of clients, by the numbers that stay.
    pub(super) fn names(&self) -> BTreeMap<u64, Text> {
        let entries = self.named.iter();
        entries
            .map(|(name, number)| (self.last(*number), name.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_process_is_a_client_unless_it_is_the_nemesis() {
        let named = |name: &str| Process::Named(name.into());
        for (field, process) in [
            (json!(3), Process::Number(3)),
            (json!(-1), named("-1")),
            (json!(u64::MAX), named("18446744073709551615")),
            (json!("3"), named("3")),
            (json!(":writer"), named(":writer")),
            (json!(["n1", 2]), named("[\"n1\",2]")),
            (json!(":nemesis"), Process::Nemesis(":nemesis".into())),
            (json!("Nemesis 2"), Process::Nemesis("Nemesis 2".into())),
            (json!(null), Process::Missing),
        ] {
            assert_eq!(Process::of(Some(field.clone().into())), process, "{field}");
        }
    }

    #[test]
    fn names_get_numbers_after_all_those_of_the_file() {
        let mut numbers = Numbers::default();
        let (writer, nobody) = (numbers.of(&":writer".into()), numbers.nobody());
        numbers.admit(7);
        assert_eq!(numbers.of(&":writer".into()), writer);
        numbers.release(nobody);
        assert_eq!(numbers.nobody(), nobody);
        assert_eq!([7, writer, nobody].map(|it| numbers.last(it)), [7, 8, 9]);
        assert_eq!(numbers.names(), BTreeMap::from([(8, ":writer".into())]));
    }
}
