//! Reading survives anything: histories of every format, damaged in many ways.

#[path = "reading/property.rs"]
mod property;

use std::path::Path;

use knossos::format::Format;
use property::holds;

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
    samples
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
                match holds(&file, format) {
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
            holds(&noise, format);
        }
    }
    let numbers = Numbers(7);
    let bytes = |mut numbers: Numbers| (0..1 << 20).map(move |_| numbers.below(256) as u8);
    let noise: Vec<u8> = bytes(numbers).collect();
    for format in FORMATS {
        holds(&noise, format);
    }
}
