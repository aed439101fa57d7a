//! A browser without a screen, and what a page looks like to it.

use std::path::PathBuf;

use serde_json::Value;

use super::chromium::headless;

/// What a script in the page finds out, and does.
const PROBE: &str = include_str!("probe.js");

/// Without a screen nobody knows when a frame is due: from its start the page gets its frames
/// from the probe, and never waits for one of the browser's.
const FRAMES: &str = "<script>
window.framesDue = [];
window.requestAnimationFrame = (draw) => window.framesDue.push(draw);
</script>";

/// What the reader's system prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

/// Opens the page and asks it; `None`, and a word about it, where there is no browser.
pub(crate) fn probe(name: &str, page: &str, scheme: Scheme, width: u32) -> Option<Value> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let name = format!("picture-{}-{name}-{scheme:?}-{width}", std::process::id());
    let file = folder.join(format!("{name}.html"));
    let profile = folder.join(&name);
    let framed = page.replacen("<main>", &format!("{FRAMES}<main>"), 1);
    assert_ne!(framed, page, "the page has a main part");
    let probed = framed.replace("</body>", &format!("<script>\n{PROBE}\n</script></body>"));
    assert_ne!(probed, framed, "the page has a body");
    std::fs::write(&file, probed).expect("the page can be written");
    let preferred = match scheme {
        Scheme::Dark => 0,
        Scheme::Light => 1,
    };
    let output = headless(&profile)?
        .arg("--hide-scrollbars")
        .arg(format!("--window-size={width},900"))
        .arg(format!("--blink-settings=preferredColorScheme={preferred}"))
        .arg(format!("file://{}", file.display()))
        .output()
        .expect("the browser starts");
    let dom = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    let answer = dom
        .split_once("<script id=\"probe\" type=\"application/json\">")
        .and_then(|(_, after)| after.split_once("</script>"));
    let Some((answer, _)) = answer else {
        panic!("{name}: the page did not answer\n{errors}");
    };
    // What is left after a failure shows why.
    let _ = std::fs::remove_dir_all(&profile);
    let _ = std::fs::remove_file(&file);
    Some(serde_json::from_str(answer).expect("the answer is JSON"))
}
