//! The page around the data: one file, without anything from elsewhere.

use super::data::Data;

/// The parts of the page.
const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPTS: [&str; 3] = [
    include_str!("page/layout.js"),
    include_str!("page/draw.js"),
    include_str!("page/page.js"),
];

/// The page that shows the data.
pub(super) fn render(data: &Data) -> String {
    let json = serde_json::to_string(data).expect("plain data becomes JSON");
    let parts = [
        ("title", escape_html(&data.title)),
        ("style", STYLE.trim_end().to_owned()),
        ("data", escape_json(&json)),
        ("script", SCRIPTS.join("\n").trim_end().to_owned()),
    ];
    // In one pass, so that nothing in a part is taken for a place.
    let mut page = String::with_capacity(PAGE.len() + STYLE.len() + json.len() + 65_536);
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").expect("a place ends");
        let part = parts.iter().find(|(other, _)| *other == name);
        page.push_str(before);
        page.push_str(&part.expect("every place has its part").1);
        rest = after;
    }
    page.push_str(rest);
    page
}

/// Text as the content of an HTML element.
fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// JSON as the content of a script element, which no text in it can end.
fn escape_json(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}
