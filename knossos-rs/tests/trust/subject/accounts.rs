//! Objects that count: a bank, and a counter that may lose an increment.

use knossos::models::bank::{self, Bank};
use knossos::models::nondeterministic::{Choice, Nondeterministic};

use super::{Renamed, State, Subject, renamed, text};

/// A bank with two accounts that start alike.
pub(crate) struct Banks(Bank);

impl Banks {
    pub(crate) fn new() -> Banks {
        Banks(Bank::new([("a", 2), ("b", 2)]))
    }
}

impl Subject for Banks {
    type Model = Bank;

    fn name(&self) -> &'static str {
        "bank"
    }

    fn model(&self) -> &Bank {
        &self.0
    }

    fn inputs(&self) -> Vec<bank::Input> {
        let transfer = |from: &str, to: &str, amount| bank::Input::Transfer {
            from: from.into(),
            to: to.into(),
            amount,
        };
        vec![
            transfer("a", "b", 2),
            transfer("b", "a", 1),
            bank::Input::Balance(text("a")),
            bank::Input::Read,
        ]
    }

    fn answer(&self, state: &State<Self>, input: &bank::Input) -> bank::Output {
        match input {
            bank::Input::Transfer { from, amount, .. } => {
                bank::Output::Moved(state[from] >= *amount)
            }
            bank::Input::Balance(account) => bank::Output::Holds(state.get(account).copied()),
            bank::Input::Read => bank::Output::Balances(state.clone()),
        }
    }

    fn rename(&self, input: &bank::Input, output: Option<&bank::Output>) -> Renamed<Self> {
        let input = match input {
            bank::Input::Transfer { from, to, amount } => bank::Input::Transfer {
                from: renamed(from),
                to: renamed(to),
                amount: *amount,
            },
            bank::Input::Balance(account) => bank::Input::Balance(renamed(account)),
            bank::Input::Read => bank::Input::Read,
        };
        let output = output.map(|output| match output {
            bank::Output::Balances(balances) => bank::Output::Balances(
                balances
                    .iter()
                    .map(|(account, balance)| (renamed(account), *balance))
                    .collect(),
            ),
            other => other.clone(),
        });
        (input, output)
    }

    fn unobserved(&self) -> bank::Input {
        bank::Input::Transfer {
            from: text("nobody"),
            to: text("a"),
            amount: 1,
        }
    }
}

/// A counter that may lose an increment.
pub(crate) struct Lossy;

impl Choice for Lossy {
    type Input = bool;
    type Output = u8;
    type State = u8;

    fn initial(&self) -> Vec<u8> {
        vec![0]
    }

    fn step(&self, state: &u8, adds: &bool, output: Option<&u8>) -> Vec<u8> {
        let after = if *adds {
            vec![*state, state + 1]
        } else {
            vec![*state]
        };
        after
            .into_iter()
            .filter(|after| output.is_none_or(|seen| seen == after))
            .collect()
    }

    fn describe(&self, adds: &bool, output: Option<&u8>) -> String {
        format!("{} = {output:?}", if *adds { "add" } else { "read" })
    }
}

pub(crate) struct LossyCounters;

impl Subject for LossyCounters {
    type Model = Nondeterministic<Lossy>;

    fn name(&self) -> &'static str {
        "nondeterministic"
    }

    fn model(&self) -> &Nondeterministic<Lossy> {
        &Nondeterministic(Lossy)
    }

    fn inputs(&self) -> Vec<bool> {
        vec![true, false]
    }

    fn answer(&self, state: &State<Self>, adds: &bool) -> u8 {
        state.last().expect("a state is possible") + u8::from(*adds)
    }

    fn rename(&self, input: &bool, output: Option<&u8>) -> Renamed<Self> {
        (*input, output.copied())
    }

    fn unobserved(&self) -> bool {
        false
    }
}
