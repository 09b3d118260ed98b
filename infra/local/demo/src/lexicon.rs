//! The words: sections of templates, and what a template is made of.
//!
//! A file of `words/` has sections `[name]` or `[name.topic]`, and one template on each line below. In a template
//! `\n` begins a new line, and braces hold what is filled in:
//! `{a|b|}` one of these, `{3-5}` `{36.2-37.4}` a number, `{name}` a fact of the patient or another section,
//! `{x=a|b}` one of these and from then on `{x}` the same one in the whole conversation.

use crate::voice::Voice;
use std::{collections::HashMap, sync::LazyLock};

/// A sentence, or several, with gaps.
pub(crate) type Template = Vec<Piece>;

/// A part of a template.
#[derive(Debug)]
pub(crate) enum Piece {
    Text(&'static str),
    NewLine,
    /// A fact, a remembered word, or a section.
    Name(&'static str),
    OneOf(Vec<Template>),
    /// From, to, and decimals, in units of the last decimal.
    Number(i64, i64, usize),
    /// Remember what this becomes.
    Keep(&'static str, Template),
}

/// The templates of one section.
pub(crate) type Section = Vec<Template>;

/// The sections of one voice, by name and topic; the topic is empty where the section fits all topics.
pub(crate) struct Words {
    sections: HashMap<(&'static str, &'static str), Section>,
    /// Topics that this voice can write a note about.
    pub(crate) topics: Vec<&'static str>,
}

impl Words {
    fn parse(source: &'static str) -> Self {
        let mut sections: HashMap<_, Section> = HashMap::new();
        let mut topics = Vec::new();
        let mut current = ("", "");
        for line in source.lines().map(str::trim_end).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                current = name.split_once('.').unwrap_or((name, ""));
                // The section `o` is what a note is about; these topics have their own occasions.
                if current.0 == "o" && !["", "sick"].contains(&current.1) {
                    topics.push(current.1);
                }
            } else {
                sections.entry(current).or_default().push(template(line));
            }
        }
        Self { sections, topics }
    }

    /// The section for this topic, or the one for all.
    pub(crate) fn section(&self, name: &'static str, topic: &'static str) -> Option<&Section> {
        self.sections.get(&(name, topic)).or_else(|| self.sections.get(&(name, "")))
    }

    /// The section for exactly this topic.
    pub(crate) fn exact(&self, name: &'static str, topic: &'static str) -> Option<&Section> {
        self.sections.get(&(name, topic))
    }

    /// How many templates there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.sections.values().map(Vec::len).sum()
    }

    /// Everything, for tests.
    #[cfg(test)]
    pub(crate) fn all(&self) -> impl Iterator<Item = (&(&'static str, &'static str), &Section)> {
        self.sections.iter()
    }
}

static COMMON: LazyLock<Words> = LazyLock::new(|| Words::parse(include_str!("words/common.txt")));
static VOICES: LazyLock<Vec<(Voice, Words)>> =
    LazyLock::new(|| Voice::ALL.iter().map(|(voice, _, source)| (*voice, Words::parse(source))).collect());

/// The words that all share.
pub(crate) fn common() -> &'static Words {
    &COMMON
}

/// The words of a voice.
pub(crate) fn words(voice: Voice) -> &'static Words {
    VOICES.iter().find(|(known, _)| *known == voice).map_or(&COMMON, |(_, words)| words)
}

/// A template from its text.
pub(crate) fn template(text: &'static str) -> Template {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        plain(&rest[..open], &mut pieces);
        let inside = &rest[open + 1..];
        let Some(close) = closing(inside) else { break };
        pieces.push(gap(&inside[..close]));
        rest = &inside[close + 1..];
    }
    plain(rest, &mut pieces);
    pieces
}

fn plain(text: &'static str, pieces: &mut Template) {
    for (index, line) in text.split("\\n").enumerate() {
        if index > 0 {
            pieces.push(Piece::NewLine);
        }
        if !line.is_empty() {
            pieces.push(Piece::Text(line));
        }
    }
}

/// Where the brace that is already open closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn gap(inside: &'static str) -> Piece {
    if let Some((name, value)) = inside.split_once('=')
        && is_name(name)
    {
        return Piece::Keep(name, vec![gap(value)]);
    }
    let choices = split(inside);
    match choices.as_slice() {
        [one] if is_name(one) => Piece::Name(one),
        [one] => number(one).unwrap_or_else(|| Piece::OneOf(vec![template(one)])),
        _ => Piece::OneOf(choices.into_iter().map(template).collect()),
    }
}

/// The alternatives, split at the bars that are not inside further braces.
fn split(text: &'static str) -> Vec<&'static str> {
    let (mut depth, mut from, mut parts) = (0_u32, 0, Vec::new());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'|' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

fn is_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'+';
    text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && text.bytes().all(plain)
}

fn number(text: &str) -> Option<Piece> {
    let (low, high) = text.split_once('-')?;
    let decimals = low.split_once('.').map_or(0, |(_, behind)| behind.len());
    let units = |part: &str| part.replace('.', "").parse::<i64>().ok();
    Some(Piece::Number(units(low)?, units(high)?, decimals))
}
