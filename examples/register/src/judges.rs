//! A check of the register's own: what it promises beyond being linearizable.

use std::collections::BTreeMap;

use omnisim::prelude::*;

use crate::Register;

/// The name of the check, as scenarios and reports have it.
pub(crate) const ONE_ANSWER: &str = "one_answer";

/// Whoever asks again hears the same answer, wherever they ask.
///
/// Linearizability does not demand it: a client takes one answer, and later ones change nothing.
#[derive(Debug, Default)]
pub(crate) struct OneAnswer {
    /// Who answered a request first, and the digest of the answer.
    first: BTreeMap<RequestId, (ReplicaId, u64)>,
    /// How often two answers to one request were compared.
    compared: u64,
}

impl Judge<Register> for OneAnswer {
    fn checks(&self) -> &'static [&'static str] {
        &[ONE_ANSWER]
    }

    fn sees(&self) -> Kinds {
        Kinds::of(&[Kind::Replied])
    }

    fn observe(&mut self, seen: &Seen<'_, ()>, judgement: &mut Judgement) {
        let &Observation::Replied { request, reply, .. } = seen.observation else {
            return;
        };
        let Some(&(before, answer)) = self.first.get(&request) else {
            self.first.insert(request, (seen.replica, reply));
            return;
        };
        self.compared += 1;
        if answer != reply {
            let (replicas, message) = (
                vec![before, seen.replica],
                format!(
                    "replica {} answers {request} otherwise than replica {before} did",
                    seen.replica
                ),
            );
            let violation = Violation::safety(ONE_ANSWER, Cause::Own, seen.at, replicas, message);
            judgement.violated(violation.shown_by([request]));
        }
    }

    fn judge(&mut self, _: &EndOfRun<'_, Register>, judgement: &mut Judgement) {
        judgement.evaluated(ONE_ANSWER, self.compared);
    }
}
