//! What a search finds broken.

/// What is broken; nothing happens after that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Broken {
    /// An invariant of one replica, or it panicked.
    Invariant(u32),
    /// A replica decided another log up to this index than was decided under the same number.
    Agreement { replica: u8, log: u16, index: u32 },
    /// The clients' history.
    Linearizability,
    /// The two judges of it differ.
    Judges,
    /// Not everything is decided when nothing fails any more.
    Unsettled(u32),
    /// Code under test panicked outside of any replica.
    Beside(u32),
    /// Code under test does not return.
    Hang,
    /// An earlier search ended while this was under way; nobody knows what it breaks.
    Suspect,
}
