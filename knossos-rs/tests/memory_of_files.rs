//! What reading and checking a file takes, as the allocator counts it. One test, as the counter
//! is global.

use std::io::{BufReader, Read};

use knossos::format::json_lines;
use knossos::models::kv::KeyValue;
use knossos::{Limits, Verdict, check};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const OPERATIONS: u64 = 100_000;

/// A gigabyte for a million.
const BYTES_PER_OPERATION_MAX: usize = 1_000;

/// A file that is made while it is read: puts of distinct values and gets by 64 clients.
struct Lines {
    next: u64,
    line: Vec<u8>,
    keys: u64,
}

impl Lines {
    /// Client and times of an operation: 64 are open at once, and take effect when called.
    fn line(&self) -> String {
        let (number, keys) = (self.next, self.keys);
        let (client, call, ret) = (number % 64, number * 10, number * 10 + 635);
        let key = number / 2 % keys;
        let act = if number % 2 == 0 {
            format!(r#""op":"put","in":"value {number}","out":{{"ok":true}}"#)
        } else {
            let before = number - 1;
            format!(r#""op":"get","in":null,"out":{{"value":"value {before}"}}"#)
        };
        format!(
            "{{\"client\":{client},\"key\":\"key {key}\",{act},\"call\":{call},\"ret\":{ret}}}\n"
        )
    }
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.line.is_empty() && self.next < OPERATIONS {
            self.line = self.line().into_bytes();
            self.next += 1;
        }
        let count = self.line.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.line[..count]);
        self.line.drain(..count);
        Ok(count)
    }
}

#[test]
fn a_file_takes_less_than_a_gigabyte_for_a_million_operations() {
    for keys in [1, 100] {
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let lines = Lines {
            next: 0,
            line: Vec::new(),
            keys,
        };
        let history = json_lines::read(&KeyValue, BufReader::new(lines)).expect("a history");
        assert_eq!(history.len() as u64, OPERATIONS);
        let report = check(&KeyValue, &history, None, &Limits::none());
        assert_eq!(report.verdict, Verdict::Consistent);
        assert_eq!(report.partitions as u64, keys);
        let used = (ALLOCATOR.peak_usage() - before) / history.len();
        println!("{keys} keys: {used} bytes for an operation");
        assert!(
            used <= BYTES_PER_OPERATION_MAX,
            "{used} bytes for an operation"
        );
    }
}
