//! Objects that count: counters, banks, and a mutex, which counts to one.

use std::collections::BTreeMap;

use super::object::Simulated;
use crate::Text;
use crate::models::bank::{self, Bank};
use crate::models::counter::{self, Counter};
use crate::models::mutex::{self, Mutex};
use crate::zones::tests::random::Random;

pub(crate) struct Mutexes;

impl Simulated for Mutexes {
    type Model = Mutex;

    const NAME: &str = "mutex";

    fn model(&self) -> Mutex {
        Mutex
    }

    fn beginning(&self, random: &mut Random) -> mutex::State {
        match random.below(2) {
            0 => mutex::State::Free,
            _ => mutex::State::Held,
        }
    }

    fn ask(&self, _: u64, state: &mutex::State, random: &mut Random) -> mutex::Input {
        let is_free = *state == mutex::State::Free;
        match is_free != (random.below(8) == 0) {
            true => mutex::Input::Acquire,
            false => mutex::Input::Release,
        }
    }

    fn answer(&self, _: &mutex::State, _: &mutex::Input, _: bool) {}
}

pub(crate) struct Counters;

impl Simulated for Counters {
    type Model = Counter;

    const NAME: &str = "counter";

    fn model(&self) -> Counter {
        Counter::default()
    }

    fn model_from_anything(&self) -> Counter {
        Counter::beginning_anywhere()
    }

    fn beginning(&self, random: &mut Random) -> counter::State {
        counter::State::Is(i128::from(random.below(3)))
    }

    fn ask(&self, _: u64, _: &counter::State, random: &mut Random) -> counter::Input {
        match random.below(6) {
            0 => counter::Input::Add(-1),
            1 => counter::Input::Add(2),
            2 => counter::Input::Add(1),
            _ => counter::Input::Read,
        }
    }

    fn answer(&self, state: &counter::State, input: &counter::Input, _: bool) -> counter::Output {
        match (input, state) {
            (counter::Input::Read, counter::State::Is(count)) => {
                counter::Output::Count(i64::try_from(*count).expect("it counts little"))
            }
            _ => counter::Output::Done,
        }
    }
}

pub(crate) struct Banks;

const ACCOUNTS: [&str; 3] = ["a", "b", "c"];

impl Simulated for Banks {
    type Model = Bank;

    const NAME: &str = "bank";

    fn model(&self) -> Bank {
        Bank::new(ACCOUNTS.map(|account| (account, 5)))
    }

    fn beginning(&self, random: &mut Random) -> BTreeMap<Text, u64> {
        ACCOUNTS
            .map(|account| (account.into(), random.below(9)))
            .into()
    }

    fn ask(&self, _: u64, _: &BTreeMap<Text, u64>, random: &mut Random) -> bank::Input {
        let mut account = || Text::from(ACCOUNTS[random.below(3) as usize]);
        let (from, to) = (account(), account());
        match random.below(6) {
            0..3 => bank::Input::Transfer {
                from,
                to,
                amount: 1 + random.below(4),
            },
            3 => bank::Input::Balance(from),
            _ => bank::Input::Read,
        }
    }

    fn answer(&self, state: &BTreeMap<Text, u64>, input: &bank::Input, _: bool) -> bank::Output {
        match input {
            bank::Input::Transfer { from, amount, .. } => {
                bank::Output::Moved(state[from] >= *amount)
            }
            bank::Input::Balance(account) => bank::Output::Holds(state.get(account).copied()),
            bank::Input::Read => bank::Output::Balances(state.clone()),
        }
    }
}
