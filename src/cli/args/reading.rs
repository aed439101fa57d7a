//! How history files are read.

use clap::ValueEnum;

/// The formats of history files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum InputFormat {
    /// Operations in JSON: one on each line, in one array, or in any other layout. Their times,
    /// call and ret, are whole nanoseconds.
    JsonLines,
    /// The events of a Jepsen history in JSON, in any layout.
    JsonEvents,
    /// A Jepsen history in EDN: events as maps or vectors.
    Edn,
    /// The log of a Jepsen run, with lines of jepsen.util or jepsen.print, or its history.txt.
    #[value(alias = "history-txt")]
    JepsenLog,
    /// Events in EDN with a :key, where each key begins with "" and none is ever absent.
    KvLog,
    /// The operations.json that etcd's robustness tests leave; a folder holds those of one run.
    EtcdOperations,
}

impl From<InputFormat> for knossos::format::Format {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::JsonLines => Self::JsonLines,
            InputFormat::JsonEvents => Self::JsonEvents,
            InputFormat::Edn => Self::Edn,
            InputFormat::JepsenLog => Self::JepsenLog,
            InputFormat::KvLog => Self::KvLog,
            InputFormat::EtcdOperations => Self::EtcdOperations,
        }
    }
}

/// What a compare-and-set means that failed and says no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FailedCas {
    /// It did not happen, whatever the reason.
    DidNotHappen,
    /// It was evaluated, and did not match: so porcupine reads old logs of etcd.
    DidNotMatch,
}

impl From<FailedCas> for knossos::format::FailedCas {
    fn from(failed: FailedCas) -> Self {
        match failed {
            FailedCas::DidNotHappen => Self::DidNotHappen,
            FailedCas::DidNotMatch => Self::DidNotMatch,
        }
    }
}
