//! Kinds of files that people have: each is read as what it says, or refused with a sentence
//! that says what stands there.

mod etcd;
mod etcd_runs;
mod etcd_transactions;
mod events;
mod failures;
mod json;
mod kv_logs;
mod logs;

use knossos::format::{Codec, Contents, read};
use knossos::models::cas_register::{self, CasRegister, Input, Output};
use knossos::{Limits, Operation, Verdict, check};

type Operations = Vec<Operation<cas_register::Input, cas_register::Output>>;

fn history(text: &str) -> Contents<CasRegister> {
    read(&CasRegister, text.as_bytes(), None).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn operations(text: &str) -> Operations {
    history(text).operations
}

fn problem<C: Codec>(codec: &C, text: &str) -> String {
    let contents = read(codec, text.as_bytes(), None);
    contents.map(|_| ()).expect_err(text).to_string()
}

fn is_linearizable(operations: &Operations) -> bool {
    check(&CasRegister, operations, None, &Limits::none()).verdict == Verdict::Consistent
}

fn write(client: u64, value: &str, call: u64) -> Operation<Input, Output> {
    let input = Input::Write(value.into());
    Operation::completed(client, input, Output::Done, call, call + 10)
}

fn sees(client: u64, value: &str, call: u64) -> Operation<Input, Output> {
    let output = Output::Value(Some(value.into()));
    Operation::completed(client, Input::Read, output, call, call + 10)
}
