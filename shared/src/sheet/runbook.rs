//! 運転手順書 (Art. 24(3)) on paper: for the day on which nothing else can be read.

use super::page::Pages;
use crate::{calendar::Day, text::one_line};
use serde::{Deserialize, Serialize};

/// What a line of a runbook is, for whoever sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// 見出し.
    Heading,
    /// A paragraph.
    Text,
    /// The beginning of a step or of an item of a list, with its number or dot.
    Item,
    /// A line of a command.
    Command,
    /// A line of what a command answers.
    Answer,
    /// A row of a table.
    Row,
}

impl LineKind {
    const fn letter(self) -> char {
        match self {
            Self::Heading => 'h',
            Self::Text => 'p',
            Self::Item => 'i',
            Self::Command => 'c',
            Self::Answer => 'a',
            Self::Row => 'r',
        }
    }
}

/// A line of a runbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookLine {
    /// What it is.
    pub kind: LineKind,
    /// How many lists it stands in.
    pub depth: u8,
    /// What it says.
    pub text: String,
}

/// A runbook on paper.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookSheet {
    /// 「手順書 4　第2版」.
    pub number: String,
    /// The day on which it was last read through.
    pub date: Option<Day>,
    /// What it is for.
    pub name: String,
    /// Version, review, rehearsal, articles: a line each.
    pub facts: Vec<String>,
    /// Its text.
    pub lines: Vec<RunbookLine>,
}

impl RunbookSheet {
    /// What such a sheet is called.
    pub const TITLE: &'static str = "運転手順書";

    /// The sheet as it is printed. Each line of the text begins with a letter for its kind and a digit for its depth.
    pub fn split(&self) -> Pages {
        let mut pages = Pages::new(Self::TITLE);
        pages.line("number", one_line(&self.number));
        pages.line("name", one_line(&self.name));
        pages.lines("facts", self.facts.iter().map(|fact| one_line(fact)).collect());
        let body = self.lines.iter().map(|line| {
            let text = line.text.replace(['\n', '\t'], " ");
            format!("{}{}{text}", line.kind.letter(), line.depth.min(9))
        });
        pages.lines("body", body.collect());
        pages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_kind_depth_and_spaces() {
        let line = |kind, depth, text: &str| RunbookLine { kind, depth, text: text.into() };
        let sheet = RunbookSheet {
            lines: vec![line(LineKind::Item, 1, "1. 確かめる"), line(LineKind::Command, 1, "  aws s3 ls")],
            ..RunbookSheet::default()
        };
        assert_eq!(sheet.split().front.lines("body"), ["i11. 確かめる", "c1  aws s3 ls"]);
    }
}
