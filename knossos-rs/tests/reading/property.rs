//! What holds of reading any bytes at all; shared with the fuzzer.

use knossos::format::{Codec, Format, ReadError, edn, json_lines, read};
use knossos::models::bank::Bank;
use knossos::models::cas_register::CasRegister;
use knossos::models::counter::Counter;
use knossos::models::keyed::Keyed;
use knossos::models::kv::KeyValue;
use knossos::models::mutex::Mutex;
use knossos::models::queue::Queue;
use knossos::models::register::Register;
use knossos::models::set::Set;
use knossos::models::stack::Stack;
use knossos::models::versioned_register::VersionedRegister;

/// How many models there are to read with.
pub(crate) const MODELS: usize = 12;

/// Reads the bytes with every model; panics unless the answer makes sense. Tells whether some
/// model could read them.
pub(crate) fn holds(bytes: &[u8], format: Option<Format>) -> bool {
    let read_by: Vec<bool> = (0..MODELS)
        .map(|model| holds_with(model, bytes, format))
        .collect();
    read_by.contains(&true)
}

/// The same with one model, by its number.
pub(crate) fn holds_with(model: usize, bytes: &[u8], format: Option<Format>) -> bool {
    match model % MODELS {
        0 => holds_for(&KeyValue, bytes, format),
        1 => holds_for(&Register, bytes, format),
        2 => holds_for(&CasRegister, bytes, format),
        3 => holds_for(&VersionedRegister, bytes, format),
        4 => holds_for(&Mutex, bytes, format),
        5 => holds_for(&Queue, bytes, format),
        6 => holds_for(&Stack, bytes, format),
        7 => holds_for(&Set, bytes, format),
        8 => holds_for(&Counter::default(), bytes, format),
        9 => holds_for(&Bank::new([("0", 10), ("1", 0)]), bytes, format),
        10 => holds_for(&Keyed::new(Set), bytes, format),
        _ => holds_for(&Keyed::new(Queue).with_pairs(true), bytes, format),
    }
}

/// A history is well formed and survives being written and read; a mistake is told in one line
/// of bounded length, at a line of the file.
fn holds_for<C: Codec>(codec: &C, bytes: &[u8], format: Option<Format>) -> bool {
    let contents = match read(codec, bytes, format) {
        Ok(contents) => contents,
        Err(ReadError::Line { line, problem }) => {
            let lines = bytes.split(|byte| *byte == b'\n').count();
            assert!((1..=lines).contains(&line), "line {line} of {lines}");
            assert!(
                problem.len() <= 2_000 && problem.lines().count() == 1,
                "{problem:?}"
            );
            return false;
        }
        Err(error) => panic!("bytes can be read: {error}"),
    };
    let mut history = contents.operations;
    assert!(history.iter().all(|operation| operation.is_well_formed()));
    history.sort_by_key(|operation| operation.call);

    let mut file = Vec::new();
    json_lines::write(codec, &history, &mut file).expect("memory can be written");
    let again = json_lines::read(codec, &file[..]).expect("what was written is right");
    assert!(again == history, "JSON lines lose something");

    let mut file = Vec::new();
    // Some times and clients do not fit EDN.
    if edn::write(codec, &history, &mut file).is_ok() {
        let again = read(codec, &file[..], Some(Format::Edn)).expect("what was written is right");
        assert!(again.operations == history, "EDN loses something");
    }
    true
}
