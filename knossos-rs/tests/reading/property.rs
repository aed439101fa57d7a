//! What holds of reading any bytes at all; shared with the fuzzer.

use knossos::format::{Codec, Format, ReadError, edn, json_lines, read};
use knossos::models::cas_register::CasRegister;
use knossos::models::kv::KeyValue;
use knossos::models::register::Register;

/// Reads the bytes with every model; panics unless the answer makes sense. Tells whether some
/// model could read them.
pub(crate) fn holds(bytes: &[u8], format: Option<Format>) -> bool {
    let read_by = [
        holds_for(&KeyValue, bytes, format),
        holds_for(&Register, bytes, format),
        holds_for(&CasRegister, bytes, format),
    ];
    read_by.contains(&true)
}

/// A history is well formed and survives being written and read; a mistake is told in one line
/// of bounded length, at a line of the file.
fn holds_for<C: Codec>(codec: &C, bytes: &[u8], format: Option<Format>) -> bool {
    let contents = match read(codec, bytes, format) {
        Ok(contents) => contents,
        Err(ReadError::Io(error)) => panic!("bytes can be read: {error}"),
        Err(ReadError::Line { line, problem }) => {
            let lines = bytes.split(|byte| *byte == b'\n').count();
            assert!((1..=lines).contains(&line), "line {line} of {lines}");
            assert!(
                problem.len() <= 2_000 && problem.lines().count() == 1,
                "{problem:?}"
            );
            return false;
        }
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
