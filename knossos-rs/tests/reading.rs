//! Reading survives anything: histories of every format, damaged in many ways.

#[path = "reading/property.rs"]
mod property;

use std::ops::Range;
use std::path::Path;

use knossos::format::Format;
use property::{MODELS, holds, holds_with};

/// All formats, and none: then the content tells.
const FORMATS: [Option<Format>; 7] = [
    None,
    Some(Format::JsonLines),
    Some(Format::JsonEvents),
    Some(Format::EtcdOperations),
    Some(Format::Edn),
    Some(Format::JepsenLog),
    Some(Format::KvLog),
];

/// The models of keys and registers, by their numbers.
const CELLS: Range<usize> = 0..3;

/// How many damaged files are read for each of the samples.
const DAMAGED_PER_SAMPLE: usize = 400;

/// What damage brings in: what the readers look for, in the wrong places.
const PIECES: [&[u8]; 24] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b"\"",
    b"\\",
    b";",
    b"#",
    b"#_",
    b":",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"null",
    b"nil",
    b":nemesis",
    b"-1",
    b"1e999",
    b"18446744073709551615",
    b"jepsen.util - ",
    b":key ",
];

/// A generator of numbers without any claim but to be the same each time (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound.max(1)
    }
}

/// The files that are distributed with the tests, the shorter part of each, and others.
fn samples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/histories");
    let names = [
        "jepsen_etcd_002.log",
        "jepsen_etcd_040.jsonl",
        "kv_c01-ok.jsonl",
    ];
    let mut samples: Vec<Vec<u8>> = names
        .iter()
        .map(|name| {
            let whole = std::fs::read(folder.join(name)).expect("the sample is there");
            let short: Vec<_> = whole
                .split_inclusive(|byte| *byte == b'\n')
                .take(25)
                .collect();
            short.concat()
        })
        .collect();
    let events: [&[u8]; 4] = [
        b"[{:type :invoke, :f :cas, :value [\"k\" [nil 2]], :process 0, :time 1}
            {:type :info, :f :start, :process :nemesis, :time 2}
            #jepsen.history.Op{:type :ok, :f :cas, :value [\"k\" [nil 2]], :process 0, :time 3}
            {:type :invoke, :f :write, :value [7 \"a\\\"b\"], :process 1, :client 9, :time 3}
            {:type :invoke, :f :read, :value [:k nil], :process 0, :time 4} ; comment
            {:type :ok, :f :read, :value [:k 1.5e3], :process 0, :out {:value \\a}, :time 4}]\n",
        b"{:process 1, :type :invoke, :f :append, :key \"5\", :value \"x 1 0 y\"}
          {:process 1, :type :ok, :f :append, :key \"5\", :value \"x 1 0 y\"}
          {:process 1, :type :invoke, :f :get, :key \"5\", :value nil}
          {:process 1, :type :ok, :f :get, :key \"5\", :value \"\"}\n",
        b"[{\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"value\":3,\"time\":1},
           {\"process\":\"nemesis\",\"type\":\"info\",\"f\":\"start\",\"value\":null},
           {\"process\":0,\"type\":\"ok\",\"f\":\"write\",\"value\":3,\"time\":2}]",
        b"4\t:invoke\t:write\t2\n4\t:ok\t:write\t2\n1\t:invoke\t:cas\t[2 5]\n1\t:fail\t:cas\t[2 5]\t:timeout\n",
    ];
    samples.extend(events.map(<[u8]>::to_vec));
    samples.extend(objects());
    samples.push(etcd());
    samples
}

/// Events of every kind of object.
fn objects() -> Vec<Vec<u8>> {
    let of = |operations: &[(&str, &str, &str)]| {
        let events = operations
            .iter()
            .enumerate()
            .map(|(process, (op, asked, told))| {
                format!(
                    "{{:process {process}, :type :invoke, :f :{op}, :value {asked}}}
                 {{:process {process}, :type :ok, :f :{op}, :value {told}}}\n"
                )
            });
        events.collect::<String>().into_bytes()
    };
    vec![
        of(&[
            ("write", "[1 7]", "[1 7]"),
            ("cas", "[2 [7 8]]", "[2 [7 8]]"),
            ("read", "nil", "[2 8]"),
        ]),
        of(&[("acquire", "nil", "nil"), ("release", "nil", "nil")]),
        of(&[
            ("enqueue", "1", "1"),
            ("dequeue", "nil", "1"),
            ("drain", "nil", "[2 3]"),
        ]),
        of(&[
            ("push", "\"a\"", "\"a\""),
            ("pop", "nil", "\"a\""),
            ("pop", "nil", "nil"),
        ]),
        of(&[
            ("add", "1", "1"),
            ("remove", "1", "1"),
            ("read", "nil", "#{1 2}"),
        ]),
        of(&[
            ("add", "-1", "-1"),
            ("inc", "nil", "nil"),
            ("dec", "2", "2"),
            ("read", "nil", "9"),
        ]),
        of(&[
            (
                "transfer",
                "{:from 0, :to 1, :amount 3}",
                "{:from 0, :to 1, :amount 3}",
            ),
            ("read", "nil", "{0 7, 1 3}"),
        ]),
        of(&[
            ("enqueue", "[1 2]", "[1 2]"),
            ("dequeue", "[1 nil]", "[1 2]"),
            ("drain", "[1 nil]", "[1 [2]]"),
        ]),
    ]
}

/// Operations of etcd: a range, transactions with and without a condition, and a lease.
fn etcd() -> Vec<u8> {
    let put = r#"{"Type":"put-operation","Put":{"Key":"x","Value":{"Value":"7"},"LeaseID":5}}"#;
    let pair = r#"{"Key":"x","Value":{"Value":"7"},"ModRevision":2}"#;
    let line = |input: &str, call: u64, output: &str| {
        let ends = call + 5;
        format!(
            r#"{{"ClientId":1,"Input":{{{input}}},"Call":{call},"Output":{{{output}}},"Return":{ends}}}
"#
        )
    };
    let range = r#""Range":{"Start":"x","End":"","Revision":0}"#;
    let change = format!(
        r#""Txn":{{"Conditions":[{{"Key":"x","ExpectedRevision":2}}],"OperationsOnSuccess":[{put}],"OperationsOnFailure":null}}"#
    );
    let lines = [
        line(
            &format!(r#""Txn":{{"OperationsOnSuccess":[{put}]}}"#),
            10,
            r#""Txn":{"Results":[{}]},"Revision":2"#,
        ),
        line(
            range,
            20,
            &format!(r#""Range":{{"KVs":[{pair}]}},"Revision":2"#),
        ),
        line(
            &change,
            30,
            r#""Txn":{"Failure":true,"Results":null},"Revision":2"#,
        ),
        line(&change, 40, r#""Error":"timed out""#),
        line(r#""LeaseRevoke":{"LeaseID":5}"#, 50, r#""LeaseRevoke":{}"#),
    ];
    lines.concat().into_bytes()
}

/// Damages a file in one to four places.
fn damage(file: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(4) {
        let from = numbers.below(file.len());
        let to = (from + numbers.below(40)).min(file.len());
        match numbers.below(6) {
            0 => file.truncate(from),
            1 => drop(file.drain(from..to)),
            2 => {
                let piece = file[from..to].to_vec();
                let place = numbers.below(file.len());
                file.splice(place..place, piece);
            }
            3 => {
                let piece = PIECES[numbers.below(PIECES.len())];
                file.splice(from..from, piece.iter().copied());
            }
            4 => {
                let piece = PIECES[numbers.below(PIECES.len())];
                file.splice(from..to, piece.iter().copied());
            }
            _ if from < file.len() => file[from] ^= 1 << numbers.below(8),
            _ => {}
        }
    }
}

/// Reads with the models of cells, and with one of the others.
fn holds_with_some(file: &[u8], format: Option<Format>, numbers: &mut Numbers) -> bool {
    let other = CELLS.end + numbers.below(MODELS - CELLS.end);
    let read_by: Vec<bool> = CELLS
        .chain([other])
        .map(|model| holds_with(model, file, format))
        .collect();
    read_by.contains(&true)
}

#[test]
fn damaged_histories_are_read_or_refused_with_a_line_and_a_short_message() {
    let mut numbers = Numbers(0x5eed);
    let (mut whole, mut refused) = (0, 0);
    for sample in samples() {
        assert!(holds(&sample, None), "the sample itself is a history");
        for _ in 0..DAMAGED_PER_SAMPLE {
            let mut file = sample.clone();
            damage(&mut file, &mut numbers);
            for format in FORMATS {
                match holds_with_some(&file, format, &mut numbers) {
                    true => whole += 1,
                    false => refused += 1,
                }
            }
        }
    }
    // Damage that always or never shows would test only one half.
    assert!(
        whole > 500 && refused > 500,
        "{whole} read, {refused} refused"
    );
}

#[test]
fn nesting_repetition_and_noise_end_soon_and_in_bounded_memory() {
    let repeated = |piece: &[u8]| piece.repeat(100_000);
    for noise in [
        repeated(b"["),
        repeated(b"{"),
        repeated(b"{:a "),
        repeated(b"#a "),
        repeated(b"#_"),
        repeated(b"{\"in\":["),
        repeated(b"\""),
        repeated(b"\\"),
        repeated(b"\n"),
        repeated(b";\n"),
        repeated(b"jepsen.util - 1 "),
        repeated(b"{:process 0 :type :invoke :f :read :value "),
    ] {
        for format in FORMATS {
            for model in CELLS {
                holds_with(model, &noise, format);
            }
        }
    }
    let numbers = Numbers(7);
    let bytes = |mut numbers: Numbers| (0..1 << 20).map(move |_| numbers.below(256) as u8);
    let noise: Vec<u8> = bytes(numbers).collect();
    for format in FORMATS {
        holds(&noise, format);
    }
}

#[test]
fn every_model_reads_some_of_the_samples() {
    for model in 0..MODELS {
        let read = |sample: &Vec<u8>| holds_with(model, sample, None);
        assert!(samples().iter().any(read), "model {model}");
    }
}
