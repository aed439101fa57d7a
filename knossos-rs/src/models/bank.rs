//! The bank: accounts that money moves between, and reads that see all of them at once.
//!
//! Every operation may touch several accounts, so the bank is one part: the invariant that a
//! read of all balances adds up cannot be checked account by account.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Footprint, Leaves, Model};
use crate::text::Text;

/// A bank with the balances that everything starts with. No balance ever falls below zero.
///
/// ```
/// use knossos::models::bank::{Bank, Input, Output};
/// use knossos::{Limits, Operation, Verdict, check};
///
/// let bank = Bank::new([("alice", 10), ("bob", 0)]);
/// let pay = Input::Transfer { from: "alice".into(), to: "bob".into(), amount: 7 };
/// let torn = Output::Balances([("alice".into(), 3), ("bob".into(), 0)].into());
/// let history = [
///     Operation::completed(1, pay, Output::Moved(true), 0, 100),
///     Operation::completed(2, Input::Read, torn, 10, 20),
/// ];
/// let report = check(&bank, &history, None, &Limits::none());
/// assert!(matches!(report.verdict, Verdict::Violation(_)), "seven are missing");
/// ```
#[derive(Clone, Debug)]
pub struct Bank {
    balances: BTreeMap<Text, u64>,
}

impl Bank {
    /// A bank with these accounts; there are no others.
    ///
    /// # Panics
    ///
    /// When all balances together exceed `u64::MAX`, so that a transfer could overflow.
    #[must_use]
    pub fn new<'a>(balances: impl IntoIterator<Item = (&'a str, u64)>) -> Bank {
        let balances: BTreeMap<Text, u64> = balances
            .into_iter()
            .map(|(account, balance)| (account.into(), balance))
            .collect();
        let total = balances
            .values()
            .try_fold(0_u64, |total, balance| total.checked_add(*balance));
        assert!(total.is_some(), "the balances together fit into 64 bits");
        Bank { balances }
    }
}

/// An operation on the accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Move money, if there is enough of it and both accounts exist.
    Transfer {
        /// The account that pays.
        from: Text,
        /// The account that is paid; may be the same.
        to: Text,
        /// How much.
        amount: u64,
    },
    /// What does this account hold?
    Balance(Text),
    /// What do all accounts hold?
    Read,
}

/// What an operation answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// Of a transfer: whether the money moved.
    Moved(bool),
    /// Of a balance; `None`: there is no such account.
    Holds(Option<u64>),
    /// Of a read.
    Balances(BTreeMap<Text, u64>),
    /// Of a read of which nobody knows what it saw.
    Unseen,
}

impl Model for Bank {
    type Input = Input;
    type Output = Output;
    type State = BTreeMap<Text, u64>;

    fn initial(&self) -> Self::State {
        self.balances.clone()
    }

    fn step(
        &self,
        state: &Self::State,
        input: &Input,
        output: Option<&Output>,
    ) -> Option<Self::State> {
        match (input, output) {
            (Input::Balance(_) | Input::Read, None) | (Input::Read, Some(Output::Unseen)) => {
                Some(state.clone())
            }
            (Input::Balance(account), Some(Output::Holds(held))) => {
                (state.get(account) == held.as_ref()).then(|| state.clone())
            }
            (Input::Read, Some(Output::Balances(seen))) => (seen == state).then(|| state.clone()),
            (Input::Transfer { from, to, amount }, None | Some(Output::Moved(_))) => {
                let after = transferred(state, from, to, *amount);
                let possible = output.is_none_or(|seen| *seen == Output::Moved(after.is_some()));
                possible.then(|| after.unwrap_or_else(|| state.clone()))
            }
            (_, Some(_)) => None,
        }
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        let question = match input {
            Input::Transfer { from, to, amount } => {
                format!("transfer {amount} from {from:?} to {to:?}")
            }
            Input::Balance(account) => format!("balance {account:?}"),
            Input::Read => "read".to_owned(),
        };
        match output {
            None => format!("{question} (outcome unknown)"),
            Some(Output::Moved(true)) => format!("{question} = moved"),
            Some(Output::Moved(false)) => format!("{question} = refused"),
            Some(Output::Holds(None)) => format!("{question} = no such account"),
            Some(Output::Holds(Some(held))) => format!("{question} = {held}"),
            Some(Output::Balances(seen)) => format!("{question} = {seen:?}"),
            Some(Output::Unseen) => format!("{question} = not known"),
        }
    }

    fn footprint(&self, input: &Input, output: Option<&Output>) -> Footprint<Self::State> {
        let (needs, leaves) = match (input, output) {
            (Input::Read, Some(Output::Balances(seen))) => (Some(seen.clone()), Leaves::Same),
            (Input::Balance(_) | Input::Read, _)
            | (Input::Transfer { .. }, Some(Output::Moved(false))) => (None, Leaves::Same),
            _ => (None, Leaves::Anything),
        };
        Footprint { needs, leaves }
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of_val(state) + state.len() * 2 * size_of::<(Text, u64)>()
    }
}

/// The balances after the transfer, unless it is refused.
fn transferred(
    state: &BTreeMap<Text, u64>,
    from: &Text,
    to: &Text,
    amount: u64,
) -> Option<BTreeMap<Text, u64>> {
    let left = state.get(from)?.checked_sub(amount)?;
    state.get(to)?;
    let mut after = state.clone();
    after.insert(from.clone(), left);
    *after.get_mut(to).expect("both accounts exist") += amount;
    Some(after)
}
