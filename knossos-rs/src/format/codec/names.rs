//! The names of operations, and which model reads them.

/// Each model that files are read with, and the names of its operations.
pub(super) const MODELS: [(&str, &[&str]); 10] = [
    (
        "kv",
        &["get", "put", "delete", "append", "cas", "read", "write"],
    ),
    ("register", &["get", "put", "read", "write"]),
    ("cas-register", &["get", "put", "cas", "read", "write"]),
    ("versioned-register", &["read", "write", "cas"]),
    ("mutex", &["acquire", "release"]),
    ("queue", &["enqueue", "dequeue", "drain"]),
    ("stack", &["push", "pop"]),
    ("set", &["add", "remove", "contains", "read"]),
    (
        "counter",
        &["add", "inc", "increment", "dec", "decrement", "read"],
    ),
    ("bank", &["transfer", "balance", "read"]),
];

/// Names of transactions.
const TRANSACTIONS: [&str; 3] = ["txn", "txn-rw", "transaction"];

/// The names that a model knows.
pub(super) fn of(model: &str) -> &'static [&'static str] {
    let known = MODELS.iter().find(|(name, _)| *name == model);
    known.map_or(&[], |(_, ops)| ops)
}

/// Whether `model` has an operation of this name.
pub(super) fn check(model: &str, op: &str) -> Result<(), String> {
    if of(model).contains(&op) {
        Ok(())
    } else {
        Err(unknown_op(op, model))
    }
}

/// What is said of an operation that `model` has not.
pub(super) fn unknown_op(op: &str, model: &str) -> String {
    let known = of(model).join(", ");
    let what = format!("`op` is {op:?}; this model knows {known}");
    if TRANSACTIONS.contains(&op) {
        return format!("{what} (transactions are not checked here)");
    }
    let others: Vec<String> = MODELS
        .iter()
        .filter(|(name, ops)| *name != model && ops.contains(&op))
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    match others.as_slice() {
        [] => what,
        [one] => format!("{what} (the model {one} reads it)"),
        [rest @ .., last] => {
            format!("{what} (the models {} and {last} read it)", rest.join(", "))
        }
    }
}

/// Whether the operation of this name reads: the value of one that ended is what it read.
pub(in crate::format) fn is_read(op: &str) -> bool {
    matches!(op, "get" | "read")
}
