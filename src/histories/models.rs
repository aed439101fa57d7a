//! What each model reads: the table of `check --list-models`.

use serde_json::{Value, json};

use super::{HistoryModel, Model, name_of};

/// A row of the table.
struct Row {
    model: Model,
    operations: &'static str,
    values: &'static str,
    initial: &'static str,
}

const fn row(
    model: Model,
    operations: &'static str,
    values: &'static str,
    initial: &'static str,
) -> Row {
    Row {
        model,
        operations,
        values,
        initial,
    }
}

const ROWS: [Row; 10] = [
    row(
        Model::Kv,
        "get (read), put (write), delete, append, cas",
        "any value; a cas takes [old new]; in events [key value], or [key old new]",
        "every key is absent",
    ),
    row(
        Model::Register,
        "get (read), put (write)",
        "any value; nil is nothing",
        "nothing",
    ),
    row(
        Model::CasRegister,
        "get (read), put (write), cas",
        "any value; nil is nothing; a cas takes [old new]",
        "nothing",
    ),
    row(
        Model::VersionedRegister,
        "read, write, cas",
        "[version value], [version [old new]]; a version is that after a change, nil if not known",
        "nothing, version 0",
    ),
    row(Model::Mutex, "acquire, release", "none", "free (or held)"),
    row(
        Model::Queue,
        "enqueue, dequeue, drain",
        "any value; a dequeue answers nil if the queue was empty, a drain a list",
        "empty; otherwise a list, the first comes first",
    ),
    row(
        Model::Stack,
        "push, pop",
        "any value; a pop answers nil if the stack was empty",
        "empty; otherwise a list, the top comes last",
    ),
    row(
        Model::Set,
        "add, remove, contains, read",
        "an element; a read answers a list or a set of all",
        "empty; otherwise a list",
    ),
    row(
        Model::Counter,
        "add, inc (increment), dec (decrement), read",
        "integers; inc and dec without a value are by 1",
        "0",
    ),
    row(
        Model::Bank,
        "transfer, balance, read",
        "{:from a, :to b, :amount 5}; a read answers a map of all accounts; none falls below 0",
        "must be given: --initial '{\"a\":10,\"b\":0}'",
    ),
];

/// The table for people, with the program's own models first.
pub(crate) fn table(own: &[HistoryModel]) -> String {
    let own = own.iter();
    let mut text: String = own
        .map(|model| format!("{}\n  operations  {}\n", model.name(), model.operations()))
        .collect();
    for row in &ROWS {
        text.push_str(&format!(
            "{}\n  operations  {}\n  values      {}\n  initial     {}\n",
            name_of(row.model),
            row.operations,
            row.values,
            row.initial
        ));
    }
    text.push_str("Every model but kv can be kept once for each key.\n");
    text
}

/// The table for programs: one object per model and line.
pub(crate) fn objects(own: &[HistoryModel]) -> Vec<Value> {
    let own = own.iter();
    let own = own.map(|model| json!({ "model": model.name(), "operations": model.operations() }));
    let object = |row: &Row| {
        json!({
            "model": name_of(row.model),
            "operations": row.operations,
            "values": row.values,
            "initial": row.initial,
        })
    };
    own.chain(ROWS.iter().map(object)).collect()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;
    use knossos::format::Codec;
    use knossos::models::bank::Bank;
    use knossos::models::cas_register::CasRegister;
    use knossos::models::counter::Counter;
    use knossos::models::kv::KeyValue;
    use knossos::models::mutex::Mutex;
    use knossos::models::queue::Queue;
    use knossos::models::register::Register;
    use knossos::models::set::Set;
    use knossos::models::stack::Stack;
    use knossos::models::versioned_register::VersionedRegister;

    use super::*;

    fn knows(model: Model, op: &str) -> Result<(), String> {
        match model {
            Model::Kv => KeyValue.knows(op),
            Model::Register => Register.knows(op),
            Model::CasRegister => CasRegister.knows(op),
            Model::VersionedRegister => VersionedRegister.knows(op),
            Model::Mutex => Mutex.knows(op),
            Model::Queue => Queue.knows(op),
            Model::Stack => Stack.knows(op),
            Model::Set => Set.knows(op),
            Model::Counter => Counter::default().knows(op),
            Model::Bank => Bank::new([]).knows(op),
        }
    }

    #[test]
    fn every_model_is_listed_with_the_operations_that_it_reads() {
        for model in Model::value_variants() {
            let row = ROWS.iter().find(|row| row.model == *model);
            let row = row.unwrap_or_else(|| panic!("{model:?} is not listed"));
            for op in row.operations.split([',', ' ', '(', ')']) {
                assert!(op.is_empty() || knows(*model, op).is_ok(), "{model:?} {op}");
            }
            assert!(knows(*model, "fly").is_err());
        }
        assert_eq!(objects(&[]).len(), Model::value_variants().len());
        assert!(table(&[]).contains("acquire, release"));
    }
}
