//! Parts checked on several threads get the verdict that one thread gives them.

use std::num::NonZeroUsize;

use knossos::models::kv::{Input, KeyValue, Op, Output};
use knossos::{Limits, Operation, Reason, Verdict, check, check_on_threads};

/// Puts of two values over and over, and gets, on `keys` keys; with the last get of key
/// `stale` of a value never put.
fn history(keys: u64, stale: Option<u64>) -> Vec<Operation<Input, Output>> {
    let mut history = Vec::new();
    for key in 0..keys {
        let input = |op| Input {
            key: key.to_string().into(),
            op,
        };
        for time in 0..50 {
            let value = (time % 2).to_string();
            let seen = match stale {
                Some(stale) if stale == key && time == 49 => "2".to_owned(),
                _ => value.clone(),
            };
            let put = input(Op::Put(value.as_str().into()));
            history.push(Operation::completed(
                key,
                put,
                Output::Done,
                time * 10,
                time * 10 + 5,
            ));
            let seen = Output::Value(Some(seen.into()));
            history.push(Operation::completed(
                key,
                input(Op::Get),
                seen,
                time * 10 + 6,
                time * 10 + 9,
            ));
        }
    }
    history
}

#[test]
fn many_threads_agree_with_one() {
    for threads in [1, 2, 5] {
        let threads = NonZeroUsize::new(threads).unwrap();
        for stale in [None, Some(0), Some(19)] {
            let history = history(20, stale);
            let alone = check(&KeyValue, &history, None, &Limits::none());
            let report = check_on_threads(&KeyValue, &history, None, &Limits::none(), threads);
            assert_eq!(report.verdict, alone.verdict);
            assert_eq!((report.partitions, report.operations), (20, 2_000));
        }
    }
}

#[test]
fn threads_keep_to_the_steps_of_all_together() {
    let threads = NonZeroUsize::new(3).unwrap();
    let limits = Limits {
        steps: Some(300),
        ..Limits::none()
    };
    let report = check_on_threads(&KeyValue, &history(20, None), None, &limits, threads);
    let Verdict::Unknown {
        reason: Reason::Steps,
        progress,
    } = report.verdict
    else {
        panic!("{report:?}");
    };
    assert!(report.steps <= 310, "{} steps", report.steps);
    assert_eq!(progress.partitions, 20);
}
