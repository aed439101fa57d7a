//! OmniPaxos-KV: a key-value store, the main system under test.
//!
//! Commands and results are those of the checker's key-value model, so that a
//! history is judged exactly as it was made.

mod store;
mod workload;

pub use store::Store;
pub use workload::KvWorkload;

use knossos::models::kv::{Input, KeyValue, Output};
use serde_json::Value;

use super::omnipaxos::Service;
use crate::client::Record;

/// The key-value store as a system under test.
#[derive(Clone, Copy, Debug)]
pub struct Kv;

impl Service for Kv {
    const NAME: &'static str = "kv";
    type Machine = Store;
    type Workload = KvWorkload;
    type Model = KeyValue;

    const HAS_FLAWS: bool = true;

    fn model() -> KeyValue {
        KeyValue
    }

    fn history_line(record: &Record<Input, Output>) -> Value {
        workload::history_line(record)
    }
}
