//! Two builds on the same seeds: which verdicts differ, and where the first run parts.

use std::path::Path;

use crate::arguments;
use crate::common::{Folder, Said, omnisim, scenario_path};

fn compare(out: &Folder, against: &Path, more: &[&str]) -> Said {
    let scenario = scenario_path("smoke/quiet");
    let mut arguments = arguments!["hunt", scenario, "--seeds", "0..6"].to_vec();
    arguments.extend(arguments![
        "--quiet",
        "--out",
        out.path(),
        "--against",
        against
    ]);
    arguments.extend(more.iter().map(Into::into));
    omnisim(arguments)
}

/// Another omnisim, that is this one but for what `sed` does to what it prints.
#[cfg(unix)]
fn other_program(out: &Folder, sed: &str) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let omnisim = env!("CARGO_BIN_EXE_omnisim");
    let script = format!("#!/bin/sh\n'{omnisim}' \"$@\" | sed -e '{sed}'\n");
    let path = out.write("other", &script);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))
        .expect("it can be made a program");
    path
}

#[test]
fn a_build_does_not_differ_from_itself() {
    let out = Folder::new();
    let said = compare(&out, Path::new(env!("CARGO_BIN_EXE_omnisim")), &[]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let none = "0 of 6 runs took other steps; 0 have another verdict\n";
    assert_eq!(said.out, none);
}

#[cfg(unix)]
#[test]
fn another_verdict_is_told_and_where_the_run_parts() {
    let out = Folder::new();
    let broken = r#"s/"verdict":"pass"/"verdict":"violation"/; s/"violations":\[\]/"violations":[{"check":"agreement"}]/"#;
    let sed = format!(r#"/"seed":3,/ {{ {broken}; s/"digest":"0x/"digest":"0y/ }}; s/ r2 /R2 /"#);
    let said = compare(&out, &other_program(&out, &sed), &[]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let told = "1 of 6 runs took other steps; 1 have another verdict\n  \
                quiet seed 3: pass here, violation of agreement there\n\
                first divergence: quiet seed 3, after ";
    assert!(said.out.starts_with(told), "{}", said.out);
    assert!(
        said.out.contains("\n  here   ") && said.out.contains("R2"),
        "{}",
        said.out
    );
    let json = compare(&out, &other_program(&out, &sed), &["--format", "json"]);
    let line: serde_json::Value = serde_json::from_str(json.out.trim()).expect("one line");
    assert_eq!(line["verdict"], "pass");
    assert_eq!(line["against"]["checks"][0], "agreement");
}

#[cfg(unix)]
#[test]
fn a_build_whose_checks_differ_took_the_same_steps() {
    let out = Folder::new();
    let sed = r#"/"seed":3,/ s/"verdict":"pass"/"verdict":"violation"/"#;
    let said = compare(&out, &other_program(&out, sed), &[]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let told = "0 of 6 runs took other steps; 1 have another verdict\n";
    assert!(said.out.starts_with(told), "{}", said.out);
    assert!(!said.out.contains("divergence"), "{}", said.out);
}

#[cfg(unix)]
#[test]
fn a_program_that_prints_no_run_is_refused() {
    let out = Folder::new();
    for program in ["/bin/true", "/bin/false"] {
        let said = compare(&out, Path::new(program), &[]);
        assert_eq!(said.code, Some(2), "{said:?}");
        said.complains(&[program]);
    }
}

#[cfg(unix)]
#[test]
fn a_program_that_refuses_what_it_is_to_replay_did_not_take_other_steps() {
    use std::os::unix::fs::PermissionsExt;
    let out = Folder::new();
    let omnisim = env!("CARGO_BIN_EXE_omnisim");
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = replay ]; then echo 'error: no such system' >&2; exit 2; fi\n\
         '{omnisim}' \"$@\" | sed -e 's/\"digest\":\"0x/\"digest\":\"0y/'\n"
    );
    let path = out.write("other", &script);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let said = compare(&out, &path, &[]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["cannot take what is compared: error: no such system"]);
}

#[test]
fn what_a_build_printed_before_will_do_and_what_it_leaves_out_is_said() {
    let out = Folder::new();
    let scenario = scenario_path("smoke/quiet");
    let printed = omnisim(arguments![
        "hunt",
        scenario,
        "--seeds",
        "0..5",
        "--format",
        "json",
        "--quiet",
        "--out",
        out.path()
    ]);
    let report = out.write("before.jsonl", &printed.out);
    let said = compare(&out, &report, &[]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(said.out.starts_with("0 of 5 runs"), "{}", said.out);
    said.complains(&["says nothing of 1 of these runs"]);
}

#[test]
fn what_is_neither_a_program_nor_a_report_is_refused_with_its_name() {
    let out = Folder::new();
    let noise = out.write("noise.txt", "no program\n");
    let broken = out.write("broken.jsonl", "{\"seed\":1}\n");
    let missing = out.path().join("missing");
    for (against, reason) in [
        (noise, "--against takes another omnisim"),
        (broken, "broken.jsonl:1: is no run"),
        (missing, "No such file"),
    ] {
        let said = compare(&out, &against, &[]);
        assert_eq!(said.code, Some(2), "{said:?}");
        said.complains(&[reason]);
    }
}
