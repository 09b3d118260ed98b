//! The pages of a sheet: the front with its boxes, and the annexes with what did not fit.

use super::room::{Room, lines};
use crate::text::clean;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Japanese letters in a line of an annex.
const ANNEX_LETTERS: usize = 42;

/// A sheet in lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pages {
    /// What the sheet is called.
    pub title: String,
    /// The first page.
    pub front: Front,
    /// In the order of the fields; each begins on a page of its own.
    pub annexes: Vec<Annex>,
}

/// The boxes of the first page by name, each in its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Front(BTreeMap<String, Vec<String>>);

/// 別紙: the full text of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annex {
    /// 「別紙　様式の名　項目の名」.
    pub title: String,
    /// The text from its beginning.
    pub lines: Vec<String>,
}

impl Pages {
    /// A sheet of this name with nothing on it.
    pub(super) fn new(title: &str) -> Self {
        Self { title: title.to_owned(), front: Front::default(), annexes: Vec::new() }
    }

    /// Puts a text into the box `key`; if it is too long, its whole length goes to an annex named after `label`.
    pub(super) fn text(&mut self, key: &str, label: &str, room: Room, text: &str) {
        let (shown, more) = room.put(text);
        self.front.0.insert(key.to_owned(), shown);
        if more {
            self.annex(label, text);
        }
    }

    /// The annex of a field.
    pub(super) fn annex(&mut self, label: &str, text: &str) {
        let title = format!("別紙　{}　{label}", self.title);
        self.annexes.push(Annex { title, lines: lines(&clean(text), ANNEX_LETTERS) });
    }

    /// Puts a line of our own into the box `key`.
    pub(super) fn line(&mut self, key: &str, line: impl Into<String>) {
        self.lines(key, vec![line.into()]);
    }

    /// Puts lines of our own into the box `key`.
    pub(super) fn lines(&mut self, key: &str, lines: Vec<String>) {
        self.front.0.insert(key.to_owned(), lines);
    }

    /// All letters on all pages.
    pub fn characters(&self) -> usize {
        let annexes = self.annexes.iter().flat_map(|annex| &annex.lines);
        self.front.0.values().flatten().chain(annexes).map(|line| line.chars().count()).sum()
    }

    /// Changes every line of every page.
    pub fn map_lines(&mut self, change: impl Fn(&mut String)) {
        let annexes = self.annexes.iter_mut().flat_map(|annex| &mut annex.lines);
        self.front.0.values_mut().flatten().chain(annexes).for_each(change);
    }
}

impl Front {
    /// The lines of a box.
    pub fn lines(&self, key: &str) -> &[String] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }
}
