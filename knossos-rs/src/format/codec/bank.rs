//! The bank: `transfer` of `{:from :to :amount}`, `balance` of an account, `read` of all.

use std::collections::BTreeMap;

use super::value::{datum, text};
use super::words::Words;
use super::{Line, answer};
use crate::format::datum::Datum;
use crate::models::bank::{Bank, Input, Output};
use crate::text::Text;

impl Words for Bank {
    const NAME: &'static str = "bank";

    fn asked(&self, line: &Line) -> Result<Option<Input>, String> {
        Ok(Some(match &*line.op {
            "transfer" => transfer(&line.input)?,
            "balance" => Input::Balance(text(&line.input, "in")?),
            "read" => Input::Read,
            _ => return Ok(None),
        }))
    }

    fn answered(&self, input: &Input, line: &Line, output: &Datum) -> Result<Output, String> {
        match input {
            Input::Transfer { .. } => answer::is_ok(output).map(Output::Moved).ok_or_else(|| {
                format!(
                    "`out` is {output}; a transfer answers {{\"ok\":true}}, or {{\"ok\":false}} \
                     if it was refused"
                )
            }),
            Input::Balance(_) => match output.get("value") {
                Some(Datum::Null) => Ok(Output::Holds(None)),
                Some(held) => amount(held, "out.value").map(|held| Output::Holds(Some(held))),
                None => Err(format!(
                    "`out` is {output}; a balance answers {{\"value\":...}}"
                )),
            },
            Input::Read => Ok(match answer::seen_datum(&line.op, output)? {
                Some(seen) => Output::Balances(balances(seen, "out.value")?),
                None => Output::Unseen,
            }),
        }
    }

    fn ask(&self, input: &Input) -> (&'static str, Datum) {
        match input {
            Input::Transfer { from, to, amount } => (
                "transfer",
                Datum::Map(vec![
                    ("from".into(), datum(from)),
                    ("to".into(), datum(to)),
                    ("amount".into(), Datum::Number((*amount).into())),
                ]),
            ),
            Input::Balance(account) => ("balance", datum(account)),
            Input::Read => ("read", Datum::Null),
        }
    }

    fn answer(&self, _: &Input, output: &Output) -> Datum {
        match output {
            Output::Moved(moved) => Datum::entry("ok", *moved),
            Output::Holds(held) => {
                let held = held.as_ref().map_or(Datum::Null, number);
                Datum::entry("value", held)
            }
            Output::Balances(seen) => Datum::entry("value", render_balances(seen)),
            Output::Unseen => answer::unseen(),
        }
    }

    fn holding(&self, state: &Datum) -> Result<Self::State, String> {
        balances(state, "the value")
    }

    fn held(&self, state: &Self::State) -> Option<Datum> {
        Some(render_balances(state))
    }
}

fn number(number: &u64) -> Datum {
    Datum::Number((*number).into())
}

fn render_balances(balances: &BTreeMap<Text, u64>) -> Datum {
    let entries = balances.iter();
    Datum::Map(
        entries
            .map(|(name, held)| (name.clone(), number(held)))
            .collect(),
    )
}

/// Which balances the accounts have: `{account balance}`, the names of accounts being texts.
fn balances(seen: &Datum, field: &str) -> Result<BTreeMap<Text, u64>, String> {
    let Datum::Map(entries) = seen else {
        return Err(format!(
            "`{field}` is {seen}; it must be a map of accounts and what they hold"
        ));
    };
    if let Some(name) = seen.repeated_name() {
        return Err(format!(
            "`{field}` is {seen}; the account {name:?} is in it twice, and can hold one balance"
        ));
    }
    let entry = |(name, held): &(Text, Datum)| Ok((name.clone(), amount(held, field)?));
    let balances: BTreeMap<Text, u64> = entries.iter().map(entry).collect::<Result<_, String>>()?;
    let total = balances
        .values()
        .try_fold(0_u64, |total, held| total.checked_add(*held));
    match total {
        Some(_) => Ok(balances),
        None => Err(format!(
            "`{field}` is {seen}; all together must fit into 64 bits"
        )),
    }
}

fn transfer(asked: &Datum) -> Result<Input, String> {
    let part = |name: &str| {
        asked.get(name).ok_or_else(|| {
            format!("`in` is {asked}; a transfer takes {{\"from\":...,\"to\":...,\"amount\":...}}")
        })
    };
    Ok(Input::Transfer {
        from: text(part("from")?, "in.from")?,
        to: text(part("to")?, "in.to")?,
        amount: amount(part("amount")?, "in.amount")?,
    })
}

fn amount(datum: &Datum, field: &str) -> Result<u64, String> {
    let found = match datum {
        Datum::Number(number) => number.as_u64(),
        _ => None,
    };
    found.ok_or_else(|| {
        format!(
            "`{field}` is {datum}; an amount is an integer from 0 to {}",
            u64::MAX
        )
    })
}
