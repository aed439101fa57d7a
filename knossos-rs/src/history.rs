//! Histories: what clients called, when, and what they saw.
//!
//! A history is a slice of [`Operation`]s in any order. Times are nanoseconds on one common
//! clock. Operation `a` precedes `b` when `a.ret < b.call`; equal end and start are concurrent.
//! Operations of one client may overlap. An operation whose outcome is unknown may take effect
//! at any moment after its call, or never. Operations known to have failed are left out.

use serde::{Deserialize, Serialize};

/// One operation of a client.
///
/// ```
/// use knossos::Operation;
///
/// let first = Operation::completed(1, "write", "done", 0, 10);
/// let second = Operation::<&str, &str>::unknown(2, "write", 10);
/// assert!(!first.precedes(&second), "they meet at 10 ns");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation<I, O> {
    /// Who called it.
    pub client: u64,
    /// What was asked.
    pub input: I,
    /// What was answered; `None` when the outcome is unknown.
    pub output: Option<O>,
    /// When it was called, in nanoseconds.
    pub call: u64,
    /// When it returned, in nanoseconds; `None` if and only if the outcome is unknown.
    pub ret: Option<u64>,
}

impl<I, O> Operation<I, O> {
    /// An operation that returned `output` at `ret`.
    ///
    /// # Panics
    ///
    /// When `ret` lies before `call`.
    #[must_use]
    pub fn completed(client: u64, input: I, output: O, call: u64, ret: u64) -> Self {
        assert!(
            call <= ret,
            "an operation returns at {ret} ns, before its call at {call} ns"
        );
        Operation {
            client,
            input,
            output: Some(output),
            call,
            ret: Some(ret),
        }
    }

    /// An operation of which nobody knows whether it took effect.
    #[must_use]
    pub fn unknown(client: u64, input: I, call: u64) -> Self {
        Operation {
            client,
            input,
            output: None,
            call,
            ret: None,
        }
    }

    /// The same operation, for a model in the words of references
    /// ([`ByReference`](crate::ByReference)).
    #[must_use]
    pub fn by_reference(&self) -> Operation<&I, &O> {
        Operation {
            client: self.client,
            input: &self.input,
            output: self.output.as_ref(),
            call: self.call,
            ret: self.ret,
        }
    }

    /// Whether this operation ended strictly before `other` was called.
    #[must_use]
    pub fn precedes(&self, other: &Self) -> bool {
        self.ret.is_some_and(|ret| ret < other.call)
    }

    /// Whether the fields agree: the outcome is known if and only if the operation returned,
    /// and it returned no earlier than it was called.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.ret.is_some() == self.output.is_some() && self.ret.is_none_or(|ret| self.call <= ret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_end_and_start_are_concurrent() {
        let first = Operation::completed(0, (), (), 0, 10);
        assert!(!first.precedes(&Operation::completed(0, (), (), 10, 20)));
        assert!(first.precedes(&Operation::completed(0, (), (), 11, 20)));
    }

    #[test]
    fn an_unknown_operation_precedes_nothing() {
        let open = Operation::<(), ()>::unknown(0, (), 0);
        assert!(!open.precedes(&Operation::completed(0, (), (), u64::MAX, u64::MAX)));
    }

    #[test]
    fn an_output_without_a_return_is_malformed() {
        let mut operation = Operation::completed(0, (), (), 0, 10);
        assert!(operation.is_well_formed());
        operation.ret = None;
        assert!(!operation.is_well_formed());
    }
}
