//! From a runbook's Markdown to the lines of its sheet.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use shared::{
    evidence::runbook::Runbook,
    sheet::{LineKind, RunbookLine, RunbookSheet, Sheet},
};

/// A runbook as a sheet.
pub fn sheet(book: &Runbook) -> Sheet {
    let rehearsed = book.rehearsed_on.map_or_else(|| "なし".to_owned(), |day| day.in_full());
    Sheet::Runbook(RunbookSheet {
        number: format!("手順書{}　第{}版", book.number, book.version),
        date: Some(book.reviewed_on),
        name: book.title.clone(),
        facts: vec![
            format!("{}　見直しと訓練は{}か月ごと", book.article, book.every_months),
            format!("最後の見直し {}　この版までの最後の訓練 {rehearsed}", book.reviewed_on.in_full()),
        ],
        lines: lines(book.body),
    })
}

/// Where the reader stands while going through the text.
#[derive(Default)]
struct Reader {
    lines: Vec<RunbookLine>,
    text: String,
    /// The next number of each open list; `None` for one with dots.
    lists: Vec<Option<u64>>,
    /// The mark of an item whose first line is still to come.
    mark: Option<String>,
    code: Option<LineKind>,
    cells: Vec<String>,
}

impl Reader {
    fn flush(&mut self, kind: LineKind) {
        let text = std::mem::take(&mut self.text);
        let (kind, text) = match self.mark.take() {
            Some(mark) => (LineKind::Item, format!("{mark}{}", text.trim())),
            None => (kind, text.trim().to_owned()),
        };
        if !text.is_empty() {
            self.push(kind, text);
        }
    }

    fn push(&mut self, kind: LineKind, text: String) {
        let depth = u8::try_from(self.lists.len()).unwrap_or(u8::MAX);
        self.lines.push(RunbookLine { kind, depth, text });
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(first) => {
                self.flush(LineKind::Text);
                self.lists.push(first);
            }
            Tag::Item => {
                self.mark = Some(match self.lists.last_mut() {
                    Some(Some(next)) => {
                        *next += 1;
                        format!("{}. ", *next - 1)
                    }
                    _ => "・".to_owned(),
                });
            }
            Tag::CodeBlock(kind) => {
                self.flush(LineKind::Text);
                let answer = matches!(kind, CodeBlockKind::Fenced(name) if name.starts_with("text"));
                self.code = Some(if answer { LineKind::Answer } else { LineKind::Command });
            }
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.flush(LineKind::Heading),
            TagEnd::Paragraph | TagEnd::Item => self.flush(LineKind::Text),
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::CodeBlock => {
                let kind = self.code.take().unwrap_or(LineKind::Command);
                let text = std::mem::take(&mut self.text);
                for line in text.lines() {
                    self.push(kind, line.to_owned());
                }
            }
            TagEnd::TableCell => self.cells.push(std::mem::take(&mut self.text).trim().to_owned()),
            TagEnd::TableRow | TagEnd::TableHead => {
                let row = std::mem::take(&mut self.cells).join(" ｜ ");
                self.push(LineKind::Row, row);
            }
            _ => {}
        }
    }
}

fn lines(body: &str) -> Vec<RunbookLine> {
    let mut reader = Reader::default();
    for event in Parser::new_ext(body, Options::ENABLE_TABLES) {
        match event {
            Event::Start(tag) => reader.open(tag),
            Event::End(tag) => reader.close(tag),
            Event::Text(text) | Event::Code(text) => reader.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak => reader.text.push(' '),
            _ => {}
        }
    }
    reader.lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_commands_answers_and_tables_keep_their_places() {
        let got = lines(
            "## 手順\n\n1. **今の**時刻を書きます。\n2. 見ます。\n\n   ```sh\n   ls \\\n     -l\n   ```\n\n   ```text\n   total\n   ```\n\n   続き。\n\n| 甲 | 乙 |\n|---|---|\n| 一 | `二` |\n",
        );
        let got: Vec<(LineKind, u8, &str)> =
            got.iter().map(|line| (line.kind, line.depth, line.text.as_str())).collect();
        assert_eq!(
            got,
            [
                (LineKind::Heading, 0, "手順"),
                (LineKind::Item, 1, "1. 今の時刻を書きます。"),
                (LineKind::Item, 1, "2. 見ます。"),
                (LineKind::Command, 1, "ls \\"),
                (LineKind::Command, 1, "  -l"),
                (LineKind::Answer, 1, "total"),
                (LineKind::Text, 1, "続き。"),
                (LineKind::Row, 0, "甲 ｜ 乙"),
                (LineKind::Row, 0, "一 ｜ 二"),
            ]
        );
    }

    #[test]
    fn no_runbook_loses_a_command() {
        for book in Runbook::all().unwrap() {
            let commands = lines(book.body).iter().filter(|line| line.kind == LineKind::Command).count();
            let fences = book.body.matches("```sh\n").count() + book.body.matches("```console\n").count();
            assert!(commands >= fences && (fences > 0 || book.number == 10), "{}", book.name);
        }
    }
}
