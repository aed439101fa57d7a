//! The objects of `operations.json`, as etcd's robustness tests write them.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::text::Text;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Written {
    pub(super) client_id: u64,
    pub(super) input: Request,
    pub(super) call: u64,
    pub(super) output: Response,
    #[serde(rename = "Return")]
    pub(super) ends: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Request {
    pub(super) range: Option<Range>,
    pub(super) txn: Option<Transaction>,
    pub(super) lease_revoke: Option<Lease>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Range {
    pub(super) start: String,
    pub(super) end: String,
    pub(super) revision: i64,
}

impl Range {
    /// Whether it asks for one key as it is now.
    pub(super) fn is_of_one(&self) -> bool {
        !self.start.is_empty() && self.end.is_empty() && self.revision == 0
    }
}

#[derive(Deserialize)]
pub(super) struct Lease {
    #[serde(rename = "LeaseID", default)]
    pub(super) id: i64,
}

/// If all conditions hold, the operations of success happen at once, otherwise those of failure.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Transaction {
    conditions: Option<Vec<Condition>>,
    operations_on_success: Option<Vec<Step>>,
    operations_on_failure: Option<Vec<Step>>,
    /// The names that the parts of a transaction had before.
    conds: Option<IgnoredAny>,
    ops: Option<IgnoredAny>,
}

impl Transaction {
    pub(super) fn conditions(&self) -> &[Condition] {
        self.conditions.as_deref().unwrap_or_default()
    }

    /// What happens if the conditions hold.
    pub(super) fn on_success(&self) -> &[Step] {
        self.operations_on_success.as_deref().unwrap_or_default()
    }

    /// What happens if they do not.
    pub(super) fn on_failure(&self) -> &[Step] {
        self.operations_on_failure.as_deref().unwrap_or_default()
    }

    /// Everything that may happen.
    pub(super) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.on_success().iter().chain(self.on_failure())
    }

    /// Refuses a transaction with the names of old.
    pub(super) fn check(&self) -> Result<(), String> {
        match (&self.conds, &self.ops) {
            (None, None) => Ok(()),
            _ => Err(
                "`Txn` has `Conds` or `Ops`, as tests of etcd before 3.6 wrote it; one has \
                 `Conditions`, `OperationsOnSuccess` and `OperationsOnFailure`"
                    .to_owned(),
            ),
        }
    }
}

/// That the key was changed last in this revision (0: it is not there), or has this version.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Condition {
    pub(super) key: Text,
    #[serde(default)]
    pub(super) expected_revision: i64,
    #[serde(default)]
    pub(super) expected_version: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Step {
    #[serde(rename = "Type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) range: Range,
    put: Option<Put>,
    delete: Option<Delete>,
}

/// What a step changes.
pub(super) enum Change<'a> {
    Put(&'a Put),
    Delete(&'a Text),
}

impl Step {
    /// What it changes; `None` if it reads.
    pub(super) fn change(&self) -> Option<Change<'_>> {
        match (&*self.kind, &self.put, &self.delete) {
            ("put-operation", Some(put), _) => Some(Change::Put(put)),
            ("delete-operation", _, Some(delete)) => Some(Change::Delete(&delete.key)),
            _ => None,
        }
    }

    /// What it puts, if it does.
    pub(super) fn put(&self) -> Option<&Put> {
        match self.change() {
            Some(Change::Put(put)) => Some(put),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    pub(super) key: Text,
    #[serde(default)]
    pub(super) value: Value,
    #[serde(rename = "LeaseID", default)]
    pub(super) lease: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delete {
    key: Text,
}

/// A value, or the hash of a long one.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Value {
    value: Text,
    hash: u64,
}

impl Value {
    pub(super) fn text(&self) -> Text {
        if self.value.is_empty() && self.hash != 0 {
            return format!("hash {}", self.hash).into();
        }
        self.value.clone()
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Response {
    pub(super) range: Option<Found>,
    pub(super) txn: Option<Done>,
    error: String,
    pub(super) client_error: String,
    persisted: bool,
    partial_response: bool,
    pub(super) revision: i64,
}

impl Response {
    /// Whether its outcome is unknown.
    pub(super) fn is_unknown(&self) -> bool {
        !self.error.is_empty() || self.is_known_to_have_happened()
    }

    /// Whether it is known that it happened, and not what it answered.
    pub(super) fn is_known_to_have_happened(&self) -> bool {
        self.persisted || self.partial_response
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Found {
    #[serde(rename = "KVs")]
    pub(super) pairs: Option<Vec<Pair>>,
    /// Of a delete: how many keys it found.
    pub(super) deleted: Option<i64>,
}

impl Found {
    /// What was found of a range of one key.
    pub(super) fn pair(&self) -> Option<&Pair> {
        self.pairs.iter().flatten().next()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Pair {
    #[serde(default)]
    pub(super) key: Text,
    #[serde(default)]
    pub(super) value: Value,
    #[serde(default)]
    pub(super) mod_revision: i64,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Done {
    pub(super) failure: bool,
    results: Option<Vec<Found>>,
}

impl Done {
    pub(super) fn results(&self) -> &[Found] {
        self.results.as_deref().unwrap_or_default()
    }
}
