//! As much of XML as a report needs: elements, attributes and text, escaped.

use std::fmt::Write as _;

/// An element: what it holds is either other elements or text.
#[derive(Clone, Debug)]
pub(super) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    held: Vec<Element>,
    text: String,
}

impl Element {
    /// An empty one.
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            held: Vec::new(),
            text: String::new(),
        }
    }

    /// The same with one more attribute.
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.attributes.push((name, value.to_owned()));
        self
    }

    /// The same with one more element in it.
    pub(super) fn holding(mut self, element: Self) -> Self {
        self.push(element);
        self
    }

    /// The same with this text in it.
    pub(super) fn saying(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    /// Puts an element in it.
    pub(super) fn push(&mut self, element: Self) {
        self.held.push(element);
    }

    /// A document of which it is the root.
    pub(super) fn document(&self) -> String {
        let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        self.write(&mut text, 0);
        text
    }

    fn write(&self, text: &mut String, depth: usize) {
        let (indent, name) = ("  ".repeat(depth), self.name);
        let _ = write!(text, "{indent}<{name}");
        for (name, value) in &self.attributes {
            let _ = write!(text, " {name}=\"{}\"", escaped(value, true));
        }
        if self.held.is_empty() && self.text.is_empty() {
            text.push_str("/>\n");
            return;
        }
        if self.held.is_empty() {
            let _ = writeln!(text, ">{}</{name}>", escaped(&self.text, false));
            return;
        }
        text.push_str(">\n");
        for element in &self.held {
            element.write(text, depth + 1);
        }
        let _ = writeln!(text, "{indent}</{name}>");
    }
}

/// Text as it may stand in a document. Line breaks in attributes would be read as blanks; what
/// XML 1.0 cannot hold at all is replaced.
fn escaped(text: &str, in_attribute: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' if in_attribute => escaped.push_str("&quot;"),
            '\n' | '\t' if in_attribute => {
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            '\r' => escaped.push_str("&#13;"),
            '\n' | '\t' => escaped.push(c),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_xml_is_escaped() {
        let element = Element::new("a")
            .with("b", "1 < 2 & \"3\" > 'x'\nnext\tone")
            .saying("</a> & \"]]>\"\n\u{1b}[31m\u{0}\r");
        assert_eq!(
            element.document(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <a b=\"1 &lt; 2 &amp; &quot;3&quot; &gt; 'x'&#10;next&#9;one\">\
             &lt;/a&gt; &amp; \"]]&gt;\"\n\u{fffd}[31m\u{fffd}&#13;</a>\n"
        );
    }

    #[test]
    fn elements_in_elements_stand_below_them() {
        let inner = Element::new("b").holding(Element::new("c").saying("d"));
        let element = Element::new("a").holding(inner).holding(Element::new("e"));
        let text = element.document();
        let lines: Vec<_> = text.lines().skip(1).collect();
        assert_eq!(
            lines,
            ["<a>", "  <b>", "    <c>d</c>", "  </b>", "  <e/>", "</a>"]
        );
    }
}
