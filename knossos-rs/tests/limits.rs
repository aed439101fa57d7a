//! A check keeps to its limits even where one move has more alternatives than
//! there is time for.

use knossos::models::kv::{Input, KeyValue, Op, Output};
use knossos::{Limits, Operation, Reason, Verdict, check};

#[test]
fn many_appends_of_unknown_outcome_and_an_impossible_read_end_at_the_step_limit() {
    let mut history: Vec<_> = (0..40)
        .map(|client| {
            let input = Input {
                key: "a".into(),
                op: Op::Append(format!("{client};").into()),
            };
            Operation::unknown(client, input, 0)
        })
        .collect();
    let read = Input {
        key: "a".into(),
        op: Op::Get,
    };
    let seen = Output::Value(Some("nothing that was written".into()));
    history.push(Operation::completed(99, read, seen, 10, 20));

    let limits = Limits {
        steps: Some(2_000),
        ..Limits::none()
    };
    let report = check(&KeyValue, &history, None, &limits);
    let ends = match report.verdict {
        // A smarter search may see that nobody wrote what was read.
        Verdict::Violation(_) => true,
        Verdict::Unknown { reason, .. } => reason == Reason::Steps,
        Verdict::Consistent => false,
    };
    assert!(ends, "{report:?}");
    assert!(report.steps <= 2_100, "{} steps", report.steps);
}
