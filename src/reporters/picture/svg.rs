//! Draws a layout as an SVG image.

use std::fmt::{self, Write};

use super::layout::{Arrow, Bar, Down, Layout, Place};
use super::style::{HEADS, LEGEND, STYLE};
use crate::world::TraceLine;

const ROW: usize = 20;
const TOP: usize = 100;
const BARS: usize = 92;
const BAR: usize = 9;
const LANE: usize = 58;
const GAP: usize = 28;
/// How many characters of a line are drawn; its tooltip has all of them.
const WORDS_MAX: usize = 96;
const WORDS: usize = 700;

pub(super) fn draw(title: &str, layout: &Layout<'_>) -> String {
    let mut page = Page {
        layout,
        lanes_from: BARS + layout.columns() * (BAR + 3) + GAP,
        svg: String::new(),
    };
    // A string takes everything that is written to it.
    let Ok(()) = page.draw(title) else {
        unreachable!("a string cannot be full")
    };
    page.svg
}

struct Page<'a> {
    layout: &'a Layout<'a>,
    /// Where the first lane is.
    lanes_from: usize,
    svg: String,
}

impl Page<'_> {
    fn draw(&mut self, title: &str) -> fmt::Result {
        let footer = self.footer();
        let width = self.width();
        let height = self.y(2 * self.layout.rows.len()) + ROW * (1 + footer.len());
        writeln!(
            self.svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{}\">\n<style>\n{STYLE}</style>\n{HEADS}",
            Escaped(title)
        )?;
        writeln!(
            self.svg,
            "<text class=\"title\" x=\"14\" y=\"26\">{}</text>",
            Escaped(title)
        )?;
        self.legend()?;
        for bar in &self.layout.bars {
            self.bar(bar)?;
        }
        self.lanes()?;
        for down in &self.layout.downs {
            self.down(*down)?;
        }
        for (row, line) in self.layout.rows.iter().enumerate() {
            self.row(row, line)?;
        }
        for arrow in &self.layout.arrows {
            self.arrow(*arrow)?;
        }
        for (row, words) in footer.iter().enumerate() {
            let y = self.y(2 * (self.layout.rows.len() + 1 + row));
            writeln!(
                self.svg,
                "<text class=\"bad\" x=\"14\" y=\"{y}\">{}</text>",
                Escaped(words)
            )?;
        }
        self.svg.write_str("</svg>\n")
    }

    /// What is wrong, in lines that fit the page.
    fn footer(&self) -> Vec<String> {
        let most = (self.width() - 28) * 2 / 15;
        let mut lines = Vec::new();
        for violation in self.layout.violations {
            let mut line = violation.who.clone();
            for word in violation.what.split(' ') {
                if line.len() + 1 + word.len() > most {
                    lines.push(std::mem::replace(&mut line, " ".repeat(3)));
                }
                line.push(' ');
                line.push_str(word);
            }
            lines.push(line);
        }
        lines
    }

    fn width(&self) -> usize {
        self.words_from() + WORDS
    }

    fn legend(&mut self) -> fmt::Result {
        let mut x = 14;
        for (class, words) in LEGEND {
            let (y, end) = (46, x + 26);
            if matches!(class, "bar" | "mark") {
                writeln!(
                    self.svg,
                    "<rect class=\"{class}\" x=\"{x}\" y=\"{}\" width=\"26\" height=\"{BAR}\" rx=\"3\"/>",
                    y - BAR / 2
                )?;
            } else {
                writeln!(
                    self.svg,
                    "<line class=\"{class}\" x1=\"{x}\" y1=\"{y}\" x2=\"{end}\" y2=\"{y}\" marker-end=\"url(#{class})\"/>"
                )?;
            }
            writeln!(
                self.svg,
                "<text class=\"time\" x=\"{}\" y=\"{}\">{words}</text>",
                end + 8,
                y + 4
            )?;
            x = end + 8 * words.len() + 16;
        }
        Ok(())
    }

    fn x(&self, lane: usize) -> usize {
        self.lanes_from + lane * LANE
    }

    fn y(&self, place: Place) -> usize {
        TOP + place * ROW / 2
    }

    fn words_from(&self) -> usize {
        self.x(self.layout.lanes.len()) - LANE / 2 + GAP
    }

    fn bar(&mut self, bar: &Bar<'_>) -> fmt::Result {
        let (x, top, bottom) = (
            BARS + bar.column * (BAR + 3),
            self.y(bar.first),
            self.y(bar.last),
        );
        writeln!(
            self.svg,
            "<rect class=\"bar\" x=\"{x}\" y=\"{top}\" width=\"{BAR}\" height=\"{}\" rx=\"3\"><title>{}</title></rect>",
            bottom - top,
            Escaped(bar.words)
        )
    }

    fn lanes(&mut self) -> fmt::Result {
        let (top, bottom) = (TOP - ROW / 2, self.y(2 * self.layout.rows.len()));
        for (lane, who) in self.layout.lanes.iter().enumerate() {
            let x = self.x(lane);
            writeln!(
                self.svg,
                "<text class=\"name\" x=\"{x}\" y=\"{}\">{who}</text>\
                 <line class=\"lane\" x1=\"{x}\" y1=\"{top}\" x2=\"{x}\" y2=\"{bottom}\"/>",
                top - 8
            )?;
        }
        Ok(())
    }

    fn down(&mut self, down: Down) -> fmt::Result {
        let (x, top, bottom) = (self.x(down.lane), self.y(down.first), self.y(down.last));
        for class in ["down", "gone"] {
            writeln!(
                self.svg,
                "<line class=\"{class}\" x1=\"{x}\" y1=\"{top}\" x2=\"{x}\" y2=\"{bottom}\"/>"
            )?;
        }
        Ok(())
    }

    /// The time, if it is a new one, a dot in the lane, and the words.
    fn row(&mut self, row: usize, line: &TraceLine) -> fmt::Result {
        let (y, words_from) = (self.y(2 * row), self.words_from());
        let class = if line.who == "nemesis" {
            "fault"
        } else {
            "words"
        };
        let shade = match class {
            "fault" => Some("row"),
            _ => line.is_marked.then_some("mark"),
        };
        if let Some(shade) = shade {
            writeln!(
                self.svg,
                "<rect class=\"{shade}\" x=\"0\" y=\"{}\" width=\"{}\" height=\"{ROW}\"/>",
                y - ROW / 2,
                self.width()
            )?;
        }
        let is_new_time = row == 0 || self.layout.rows[row - 1].at != line.at;
        if is_new_time {
            let micros = line.at.as_nanos() / 1_000;
            writeln!(
                self.svg,
                "<text class=\"time\" x=\"14\" y=\"{}\">{}.{:06}</text>",
                y + 4,
                micros / 1_000_000,
                micros % 1_000_000
            )?;
        }
        if let Some(lane) = self.layout.lanes.iter().position(|lane| *lane == line.who) {
            let x = self.x(lane);
            writeln!(
                self.svg,
                "<circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"3\"/>"
            )?;
        }
        let words = format!("{:<3} {}", line.who, line.what.trim_start());
        let cut: String = words.chars().take(WORDS_MAX).collect();
        let rest = if cut.len() < words.len() { "…" } else { "" };
        writeln!(
            self.svg,
            "<text class=\"{class}\" x=\"{words_from}\" y=\"{}\"><title>{}</title>{}{rest}</text>",
            y + 4,
            Escaped(&words),
            Escaped(&cut)
        )
    }

    fn arrow(&mut self, arrow: Arrow) -> fmt::Result {
        let (x1, y1) = (self.x(arrow.from.0), self.y(arrow.from.1));
        let (mut x2, mut y2) = (self.x(arrow.to.0), self.y(arrow.to.1));
        let is_client = |lane: usize| self.layout.lanes[lane].starts_with('c');
        let class = match arrow {
            Arrow { is_lost: true, .. } => "lost",
            Arrow { from, to, .. } if is_client(from.0) || is_client(to.0) => "client",
            _ => "peer",
        };
        if arrow.is_lost {
            // It comes most of the way, and never to a lane.
            (x2, y2) = ((x1 + 3 * x2) / 4, (y1 + 3 * y2) / 4);
        }
        writeln!(
            self.svg,
            "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" \
             marker-end=\"url(#{class})\"/>"
        )
    }
}

/// Text as XML takes it.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '&' => f.write_str("&amp;"),
            '"' => f.write_str("&quot;"),
            other if other.is_control() => f.write_str(" "),
            other => f.write_char(other),
        })
    }
}
