//! Scripts: short stories that several people of a team tell together.
//!
//! A file of `scripts/` has, for each story, a line `== name topic,topic` (topics that it fits; `any`: all, `able`: whoever eats and gets up),
//! lines `effect T 14 9 3` (what it does to a vital sign on each of its days, in tenths for T and W), and steps
//! `id voice[,voice] time kind marks : text`:
//! time is `+2d09:20` (day of the story and clock) or `~3h` (some hours after the step that it answers);
//! kind is 連 報 質 or 急; marks are `!` important, `^id` answers that step, `>voice` addressed to,
//! `?` may be left out, `@kind` a file of that kind attached.

use crate::{
    lexicon::{Template, template},
    voice::Voice,
};
use shared::book::NoteKind;
use std::sync::LazyLock;

/// When a step happens.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    /// On this day of the story, at this minute of the day.
    Day(i64, i64),
    /// About so many minutes after the step that it answers.
    After(i64),
}

/// One note of a story.
pub(crate) struct Step {
    pub(crate) voices: Vec<Voice>,
    pub(crate) when: When,
    pub(crate) kind: NoteKind,
    pub(crate) important: bool,
    /// Index of the step that it answers.
    pub(crate) answers: Option<usize>,
    pub(crate) to: Option<Voice>,
    pub(crate) optional: bool,
    pub(crate) file: Option<&'static str>,
    pub(crate) text: Template,
}

/// A story.
pub(crate) struct Script {
    pub(crate) name: &'static str,
    pub(crate) topics: Vec<&'static str>,
    /// Vital sign, change on each day of the story.
    pub(crate) effects: Vec<(char, Vec<i64>)>,
    pub(crate) steps: Vec<Step>,
}

impl Script {
    /// The last day of the story, counted from its first.
    pub(crate) fn days(&self) -> i64 {
        let day = |step: &Step| if let When::Day(day, _) = step.when { day } else { 0 };
        self.steps.iter().map(day).max().unwrap_or(0)
    }

    /// Whether the patient is ill while it lasts.
    pub(crate) fn is_illness(&self) -> bool {
        self.effects.iter().any(|(sign, change)| *sign == 'T' && change.iter().any(|c| *c >= 8))
    }
}

/// Longer stories, and questions with their answers.
pub(crate) struct Library {
    pub(crate) stories: Vec<Script>,
    pub(crate) questions: Vec<Script>,
    /// What happens on the last evening, to one patient.
    pub(crate) tonight: Vec<Script>,
}

impl Library {
    /// A script by its name.
    pub(crate) fn named(&'static self, name: &str) -> Option<&'static Script> {
        self.stories.iter().chain(&self.questions).find(|script| script.name == name)
    }
}

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let read = |files: &[&'static str]| files.iter().flat_map(|source| parse(source)).collect();
    Library {
        stories: read(&[
            include_str!("scripts/illness.txt"),
            include_str!("scripts/life.txt"),
            include_str!("scripts/conditions.txt"),
        ]),
        tonight: read(&[include_str!("scripts/tonight.txt")]),
        questions: read(&[include_str!("scripts/questions.txt"), include_str!("scripts/arrangements.txt")]),
    }
});

/// All scripts.
pub(crate) fn library() -> &'static Library {
    &LIBRARY
}

fn parse(source: &'static str) -> Vec<Script> {
    let mut scripts: Vec<Script> = Vec::new();
    let mut ids: Vec<&str> = Vec::new();
    for line in source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(head) = line.strip_prefix("== ") {
            let (name, topics) = head.split_once(' ').unwrap_or((head, "any"));
            ids.clear();
            scripts.push(Script {
                name,
                topics: topics.split(',').collect(),
                effects: Vec::new(),
                steps: Vec::new(),
            });
            continue;
        }
        let Some(script) = scripts.last_mut() else { continue };
        if let Some(effect) = line.strip_prefix("effect ") {
            let mut words = effect.split_whitespace();
            let sign = words.next().and_then(|word| word.chars().next()).unwrap_or('T');
            script.effects.push((sign, words.filter_map(|word| word.parse().ok()).collect()));
        } else if let Some((head, text)) = line.split_once(" : ")
            && let Some((id, step)) = step(head, text, &ids)
        {
            ids.push(id);
            script.steps.push(step);
        }
    }
    scripts
}

fn step(head: &'static str, text: &'static str, ids: &[&str]) -> Option<(&'static str, Step)> {
    let mut words = head.split_whitespace();
    let id = words.next()?;
    let voices: Vec<Voice> = words.next()?.split(',').map(Voice::named).collect::<Option<_>>()?;
    let when = when(words.next()?)?;
    let kind = match words.next()? {
        "連" => NoteKind::Contact,
        "報" => NoteKind::Report,
        "質" => NoteKind::Question,
        "急" => NoteKind::Urgent,
        _ => return None,
    };
    let mut step = Step {
        voices,
        when,
        kind,
        important: kind == NoteKind::Urgent,
        answers: None,
        to: None,
        optional: false,
        file: None,
        text: template(text),
    };
    for mark in words {
        match mark.split_at_checked(1)? {
            ("!", "") => step.important = true,
            ("?", "") => step.optional = true,
            ("^", earlier) => step.answers = Some(ids.iter().position(|known| *known == earlier)?),
            (">", voice) => step.to = Some(Voice::named(voice)?),
            ("@", file) => step.file = Some(file),
            _ => return None,
        }
    }
    Some((id, step))
}

fn when(text: &str) -> Option<When> {
    if let Some(hours) = text.strip_prefix('~') {
        let minutes = match hours.strip_suffix('m') {
            Some(minutes) => minutes.parse::<i64>().ok()?,
            None => hours.strip_suffix('h')?.parse::<i64>().ok()? * 60,
        };
        return Some(When::After(minutes));
    }
    let (day, clock) = text.strip_prefix('+')?.split_once('d')?;
    let (hour, minute) = clock.split_once(':')?;
    Some(When::Day(day.parse().ok()?, hour.parse::<i64>().ok()? * 60 + minute.parse::<i64>().ok()?))
}
