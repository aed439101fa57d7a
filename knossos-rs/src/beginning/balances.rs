//! The balances that a bank may have begun with.
//!
//! A read of all accounts tells them, except for the transfers that came before it: those that had
//! returned did, and those that were open may have.

use std::collections::{BTreeMap, BTreeSet};

use super::any_beginning::AnyBeginning;
use crate::model::OperationOf;
use crate::models::bank::{Bank, Input, Output};
use crate::text::Text;

/// How many balances are tried, at most.
const STATES_MAX: usize = 64;

/// Balances that may fall below zero on the way.
type Sheet = BTreeMap<Text, i128>;

/// The balances to try; `None` if nothing tells them, or they are too many.
fn balances(operations: &[&OperationOf<Bank>]) -> Option<Vec<BTreeMap<Text, u64>>> {
    let reads = operations.iter().filter_map(|operation| {
        let Some(Output::Balances(seen)) = &operation.output else {
            return None;
        };
        let ret = operation.ret.filter(|_| operation.input == Input::Read)?;
        Some((ret, operation.call, seen))
    });
    let (ret, call, seen) = reads.min_by_key(|(ret, ..)| *ret)?;
    let sheet = seen
        .iter()
        .map(|(account, held)| (account.clone(), i128::from(*held)));
    let mut sheets = BTreeSet::from([sheet.collect::<Sheet>()]);
    for operation in operations.iter().filter(|operation| operation.call <= ret) {
        let Input::Transfer { from, to, amount } = &operation.input else {
            continue;
        };
        if !matches!(operation.output, None | Some(Output::Moved(true))) {
            continue;
        }
        let undone = sheets
            .iter()
            .filter_map(|sheet| undone(sheet, from, to, *amount));
        let undone: BTreeSet<Sheet> = undone.collect();
        let is_before = operation.ret.is_some_and(|ret| ret < call);
        if is_before {
            sheets = undone;
        } else {
            sheets.extend(undone);
        }
        if sheets.len() > STATES_MAX {
            return None;
        }
    }
    let mut found: Vec<_> = sheets.iter().filter_map(in_the_black).collect();
    if found.is_empty() {
        // What was read is impossible, whatever the bank began with.
        found.push(BTreeMap::new());
    }
    Some(found)
}

/// The balances before a transfer, where both accounts exist.
fn undone(after: &Sheet, from: &Text, to: &Text, amount: u64) -> Option<Sheet> {
    let mut before = after.clone();
    *before.get_mut(from)? += i128::from(amount);
    *before.get_mut(to)? -= i128::from(amount);
    Some(before)
}

/// The balances, if a bank may begin with them.
fn in_the_black(sheet: &Sheet) -> Option<BTreeMap<Text, u64>> {
    let total: i128 = sheet.values().sum();
    u64::try_from(total).ok()?;
    let balances = sheet.iter().map(|(account, held)| {
        let held = u64::try_from(*held).ok()?;
        Some((account.clone(), held))
    });
    balances.collect()
}

impl AnyBeginning for Bank {
    type Anywhere = Self;

    fn listed(&self, operations: &[&OperationOf<Self>]) -> Option<Vec<Self::State>> {
        balances(operations)
    }
}
