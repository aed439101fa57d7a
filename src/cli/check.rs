//! `omnisim check`: verdicts on histories, from our runs or from a real cluster.

use std::io::BufReader;
use std::path::Path;

use knossos::format::{Codec, ReadError, json_lines};
use knossos::models::{cas_register::CasRegister, kv::KeyValue, register::Register};
use knossos::{Limits, Report, Verdict};
use serde_json::json;

use super::Exit;
use super::args::{CheckArgs, Consistency, Format, Model};
use super::scenarios::print;
use super::stopwatch::Stopwatch;

pub(super) fn check(options: &CheckArgs) -> Result<Exit, Exit> {
    let mut exit = Exit::OK;
    for history in &options.histories {
        let result = match options.model {
            Model::Kv => check_one(&KeyValue, history, options),
            Model::Register => check_one(&Register, history, options),
            Model::CasRegister => check_one(&CasRegister, history, options),
        };
        match result {
            Ok(end) => exit = exit.worse(end),
            // The other histories still get their verdict.
            Err(error) => {
                say!("error: {}", error.message);
                exit = exit.worse(error.silent());
            }
        }
    }
    Ok(exit)
}

fn check_one<M: Codec>(model: &M, path: &Path, options: &CheckArgs) -> Result<Exit, Exit> {
    let file = path.display().to_string();
    let reading = Stopwatch::start();
    let open = std::fs::File::open(path).map_err(|error| Exit::usage(unreadable(&file, &error)))?;
    let history = json_lines::read(model, BufReader::new(open)).map_err(|error| match error {
        ReadError::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Exit::usage(format!("{file}: is not UTF-8 text"))
        }
        ReadError::Io(error) if error.kind() == std::io::ErrorKind::IsADirectory => {
            Exit::usage(format!("{file}: is a folder, not a history"))
        }
        ReadError::Io(error) => Exit::io(format!("{file}: {error}")),
        ReadError::Line { line, problem } => Exit::usage(format!("{file}:{line}: {problem}")),
    })?;
    let read_ns = reading.nanos();
    let limits = Limits {
        time: options.time_limit,
        ..Limits::none()
    };
    let checking = Stopwatch::start();
    let report = knossos::check(model, &history, None, &limits);
    let wall_ns = checking.nanos();
    let Consistency::Linearizable = options.consistency;

    let lines = |places: &[usize]| -> Vec<String> {
        places
            .iter()
            .map(|place| {
                let operation = &history[*place];
                let what = model.describe(&operation.input, operation.output.as_ref());
                let ends = operation.ret.map_or_else(
                    || "never returned".to_owned(),
                    |ret| format!("returned {ret}"),
                );
                format!(
                    "client {}: {what}, called {}, {ends}",
                    operation.client, operation.call
                )
            })
            .collect()
    };
    match options.format {
        Format::Json => print(&format!(
            "{}\n",
            object(&file, options, &report, wall_ns, read_ns, &lines)
        ))?,
        Format::Text => print(&sentence(&file, &report, &lines))?,
    }
    Ok(match report.verdict {
        Verdict::Consistent => Exit::OK,
        Verdict::Violation(_) => Exit::VIOLATION,
        Verdict::Unknown { .. } => Exit::INCOMPLETE,
    })
}

fn unreadable(file: &str, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => format!("{file}: there is no such file"),
        _ => format!("{file}: {error}"),
    }
}

fn object(
    file: &str,
    options: &CheckArgs,
    report: &Report,
    wall_ns: u64,
    read_ns: u64,
    lines: &impl Fn(&[usize]) -> Vec<String>,
) -> serde_json::Value {
    let (verdict, violation) = match &report.verdict {
        Verdict::Consistent => ("consistent", None),
        Verdict::Unknown { .. } => ("unknown", None),
        Verdict::Violation(violation) => (
            "violation",
            Some(json!({
                "key": violation.partition,
                "message": violation.message,
                "operations": lines(&violation.excerpt),
            })),
        ),
    };
    let model = match options.model {
        Model::Kv => "kv",
        Model::Register => "register",
        Model::CasRegister => "cas-register",
    };
    json!({
        "file": file,
        "model": model,
        "consistency": "linearizable",
        "verdict": verdict,
        "operations": report.operations,
        "keys": report.partitions,
        "clients": report.clients,
        "wall_ns": wall_ns,
        "read_ns": read_ns,
        "violation": violation,
    })
}

fn sentence(file: &str, report: &Report, lines: &impl Fn(&[usize]) -> Vec<String>) -> String {
    let size = format!(
        "{} operations, {} keys, {} clients",
        report.operations, report.partitions, report.clients
    );
    match &report.verdict {
        Verdict::Consistent => format!("{file}: linearizable ({size})\n"),
        Verdict::Unknown { progress, .. } => format!(
            "{file}: unknown, the time limit was reached ({size}); {} of {} keys are decided\n",
            progress.partitions_decided, progress.partitions
        ),
        Verdict::Violation(violation) => {
            let mut text = format!(
                "{file}: NOT linearizable ({size})\n  {}\n",
                violation.message
            );
            for line in lines(&violation.excerpt) {
                text.push_str(&format!("    {line}\n"));
            }
            text
        }
    }
}
