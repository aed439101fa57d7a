//! Histories to draw.

use knossos::models::kv::{Input, KeyValue, Op, Output};
use knossos::{Operation, OperationOf};

/// A text that would run if it were taken for anything but text.
pub(crate) const EVIL: &str = "</script><script>window.ran=true</script><img src=x \
                               onerror='window.ran=true'>\"'&lt;";

type KvOperation = OperationOf<KeyValue>;

fn put(client: u64, value: &str, call: u64, ret: u64) -> KvOperation {
    let (key, op) = ("k".into(), Op::Put(value.into()));
    Operation::completed(client, Input { key, op }, Output::Done, call, ret)
}

fn get(client: u64, value: &str, call: u64, ret: u64) -> KvOperation {
    let (key, op) = ("k".into(), Op::Get);
    let output = Output::Value(Some(value.into()));
    Operation::completed(client, Input { key, op }, output, call, ret)
}

/// A small one with a stale read, an open operation, and something later.
pub(crate) fn stale_read() -> Vec<KvOperation> {
    let (key, op) = ("k".into(), Op::Put("lost".into()));
    vec![
        put(1, EVIL, 0, 10),
        put(2, "b", 20, 30),
        Operation::unknown(4, Input { key, op }, 25),
        get(3, EVIL, 40, 50),
        get(1, "b", 60, 70),
    ]
}

/// Operations of three clients that overlap.
pub(crate) fn consistent() -> Vec<KvOperation> {
    let round = |round: u64| {
        let at = round * 30;
        let value = round.to_string();
        [
            put(1, &value, at, at + 20),
            get(2, &value, at + 5, at + 25),
            get(3, &value, at + 10, at + 28),
        ]
    };
    (0..40).flat_map(round).collect()
}

/// Many operations of 64 clients, one after the other, and a read of the first at the end.
pub(crate) fn large() -> Vec<KvOperation> {
    let one = |number: u64| {
        put(
            number % 64,
            &number.to_string(),
            number * 1_000,
            number * 1_000 + 900,
        )
    };
    let mut history: Vec<KvOperation> = (0..20_000).map(one).collect();
    history.push(get(7, "3", 20_000_000, 20_000_500));
    history
}
