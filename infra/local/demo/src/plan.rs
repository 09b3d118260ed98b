//! Decides what is written for one patient, by whom and when, before any word is chosen: visits after each
//! profession's week, the stories and questions of `scripts/`, and short answers to what others wrote.

use crate::{
    chance::Chance,
    lexicon::{Template, words},
    patients::{CONDITIONS, Life},
    scripts::{Script, When, library},
    state::State,
    teams::Carer,
    voice::Voice,
};
use shared::{
    book::{Importance, NoteKind},
    calendar::Day,
};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60;

/// What a note says.
#[derive(Clone, Copy)]
pub(crate) enum Content {
    /// A visit's report about the topic.
    Visit,
    /// An answer to somebody's report about the topic.
    Answer,
    /// A step of a script.
    Step(&'static Template),
}

/// A note to be written.
#[derive(Clone)]
pub(crate) struct Event {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    /// Day of the book.
    pub(crate) day: i64,
    /// Index in the team.
    pub(crate) by: usize,
    pub(crate) topic: &'static str,
    pub(crate) kind: NoteKind,
    pub(crate) importance: Importance,
    pub(crate) content: Content,
    /// Index of the event that it answers.
    pub(crate) answers: Option<usize>,
    /// Index in the team.
    pub(crate) to: Option<usize>,
    /// The conversation that it belongs to: notes of one conversation keep to the same words.
    pub(crate) conversation: usize,
    pub(crate) file: Option<&'static str>,
    /// Nobody has confirmed it yet.
    pub(crate) is_open: bool,
}

/// The plan of one patient's thread.
pub(crate) struct Planner<'a> {
    pub(crate) life: &'a Life,
    pub(crate) team: &'a [Carer],
    pub(crate) first: Day,
    pub(crate) days: i64,
    pub(crate) chance: &'a mut Chance,
    events: Vec<Event>,
    conversations: usize,
    /// Days of the book on which the patient is ill.
    ill: Vec<(i64, i64)>,
    /// From when on the first of the team has written nothing.
    away: Option<i64>,
}

impl<'a> Planner<'a> {
    pub(crate) fn new(
        life: &'a Life,
        team: &'a [Carer],
        first: Day,
        days: usize,
        chance: &'a mut Chance,
    ) -> Self {
        let days = i64::try_from(days).unwrap_or(1);
        Self {
            life,
            team,
            first,
            days,
            chance,
            events: Vec::new(),
            conversations: 0,
            ill: Vec::new(),
            away: None,
        }
    }

    /// Exactly `notes` events, with these scripts among them. `tonight`: the last evening ends with something
    /// urgent. `away`: from then on the first of the team writes nothing.
    pub(crate) fn plan(
        mut self,
        notes: usize,
        scripts: &[&str],
        (tonight, away): (bool, Option<i64>),
        state: &mut State,
    ) -> Vec<Event> {
        self.away = away;
        for (index, script) in (0..).zip(scripts.iter().filter_map(|name| library().named(name))) {
            self.play(script, self.days * (4 + 2 * index) / 10, notes, state);
        }
        if tonight && let Some(script) = library().tonight.first() {
            self.play(script, self.days - 1, notes, state);
            for event in self.events.iter_mut().filter(|event| event.day == self.days - 1) {
                event.is_open = true;
            }
        }
        self.scripts(notes * 34 / 100, state);
        let answers = notes.saturating_sub(self.events.len()) * 11 / 100;
        let visits = notes.saturating_sub(self.events.len() + answers);
        self.visits(visits);
        self.answers(notes);
        self.events
    }

    /// Whether this is the first of the team, who is away at this time.
    fn is_away(&self, by: usize, at: i64) -> bool {
        by == 0 && self.away.is_some_and(|from| at >= from)
    }

    /// The instant at a minute of a day of the book.
    fn instant(&self, day: i64, minute: i64) -> i64 {
        self.first.plus_days(day).start().ms() + minute * MINUTE
    }

    fn end(&self) -> i64 {
        self.instant(self.days, 0)
    }

    fn has(&self, topic: &str) -> bool {
        self.life.conditions.iter().any(|condition| condition.key == topic)
    }

    fn scripts(&mut self, budget: usize, state: &mut State) {
        let fits = |script: &&Script, planner: &Self| {
            script.topics.iter().any(|topic| match *topic {
                "any" => true,
                "able" => !planner.has("als"),
                topic => planner.has(topic),
            })
        };
        let mut stories: Vec<&Script> = library().stories.iter().filter(|s| fits(s, self)).collect();
        let mut questions: Vec<&Script> = library().questions.iter().filter(|s| fits(s, self)).collect();
        // Files are heavy: most exchanges that would attach one are left to a few patients.
        questions.retain(|s| s.steps.iter().all(|step| step.file.is_none()) || self.chance.permille(180));
        stories.retain(|s| s.steps.iter().all(|step| step.file.is_none()) || self.chance.permille(450));
        self.chance.shuffle(&mut stories);
        self.chance.shuffle(&mut questions);
        // Stories about what the patient lives with come first, one after the other with some quiet between.
        stories.sort_by_key(|script| script.topics.contains(&"any") || script.topics.contains(&"able"));
        let mut day = self.chance.between(0, 6);
        for script in stories {
            if self.events.len() >= budget * 55 / 100 || day > self.days - 2 {
                break;
            }
            if self.play(script, day, budget, state) {
                day += script.days() + self.chance.between(2, 14);
            }
        }
        let mut tries = 0;
        while self.events.len() < budget && tries < 4 {
            for script in &questions {
                if self.events.len() < budget {
                    let day = self.chance.between(0, self.days - 1);
                    self.play(script, day, budget + 2, state);
                }
            }
            tries += 1;
        }
    }

    /// Plays a script from a day on, as far as the book goes. False if the team has nobody for a part in it.
    fn play(&mut self, script: &'static Script, start: i64, most: usize, state: &mut State) -> bool {
        let mut cast = Vec::new();
        for step in &script.steps {
            let by = step.voices.iter().find_map(|voice| {
                let known = cast.iter().flatten().find(|by: &&usize| self.team[**by].voice == *voice);
                known.copied().or_else(|| self.somebody(*voice))
            });
            if by.is_none() && !step.optional {
                return false;
            }
            cast.push(by);
        }
        let conversation = self.conversations;
        self.conversations += 1;
        let begin = self.events.len();
        let mut placed: Vec<Option<usize>> = Vec::new();
        let mut last = self.instant(start, 0);
        for (step, by) in script.steps.iter().zip(cast) {
            let answers = step.answers.map(|index| placed.get(index).copied().flatten());
            let asked = answers.flatten().and_then(|index| self.events.get(index)).map(|event| event.at);
            let (Some(by), false) = (by, answers == Some(None) || self.events.len() >= begin + most) else {
                placed.push(None);
                continue;
            };
            let at = match (step.when, asked) {
                (When::Day(day, minute), _) => {
                    let minute = minute + self.chance.between(-25, 25);
                    self.working(start + day, minute, by, step.important)
                }
                (When::After(minutes), Some(asked)) => {
                    let minutes = minutes * self.chance.between(40, 150) / 100;
                    self.awake(asked + minutes * MINUTE, minutes)
                }
                (When::After(minutes), None) => last + minutes * MINUTE,
            };
            let at = at.max(last + self.chance.between(6, 25) * MINUTE).max(asked.unwrap_or(0) + 4 * MINUTE)
                + self.chance.between(0, 59_999);
            if at >= self.end() || self.is_away(by, at) {
                break;
            }
            last = at;
            placed.push(Some(self.events.len()));
            let to = step.to.and_then(|voice| self.somebody(voice)).filter(|to| *to != by);
            let importance = if step.important { Importance::High } else { Importance::Normal };
            let topic = script.topics.iter().find(|topic| self.has(topic)).copied().unwrap_or("any");
            self.events.push(Event {
                at,
                day: (at - self.instant(0, 0)) / (DAY * MINUTE),
                by,
                topic,
                kind: step.kind,
                importance,
                content: Content::Step(&step.text),
                answers: answers.flatten(),
                to,
                conversation,
                file: step.file,
                is_open: false,
            });
        }
        if self.events.len() > begin {
            for (sign, change) in &script.effects {
                state.add_effect(start, *sign, change);
            }
            if script.is_illness() {
                self.ill.push((start, start + script.days().min(4)));
            }
        }
        true
    }

    /// The first of the team with this voice: the one who knows the patient best.
    fn somebody(&self, voice: Voice) -> Option<usize> {
        self.team.iter().position(|carer| carer.voice == voice)
    }

    /// A time of day on a day on which this person works.
    fn working(&self, day: i64, minute: i64, by: usize, important: bool) -> i64 {
        let sunday = self.first.plus_days(day).weekday() == "日";
        let day = if sunday && !important && !self.team[by].voice.on_sundays() { day + 1 } else { day };
        self.instant(day, minute)
    }

    /// The same instant, or the next one at which people look at their messages; short delays are kept.
    fn awake(&mut self, at: i64, delay: i64) -> i64 {
        let midnight = self.instant(0, 0);
        let (day, minute) =
            ((at - midnight).div_euclid(DAY * MINUTE), (at - midnight).rem_euclid(DAY * MINUTE) / MINUTE);
        if delay <= 90 || (8 * 60..=20 * 60 + 30).contains(&minute) {
            return at;
        }
        let day = if minute > 12 * 60 { day + 1 } else { day };
        let minute = 8 * 60 + self.chance.between(10, 150);
        self.instant(day, minute)
    }

    fn visits(&mut self, wanted: usize) {
        let mut candidates = self.weeks();
        self.chance.shuffle(&mut candidates);
        candidates.truncate(wanted);
        let mut spare = 0;
        while candidates.len() < wanted && spare < wanted * 20 {
            spare += 1;
            let day = self.chance.between(0, self.days - 1);
            let by = self.chance.below(self.team.len());
            let often = self.chance.permille(self.team[by].voice.weekly() * 28);
            if often && !self.is_free(day, by) && (spare > wanted * 8 || !candidates.contains(&(day, by))) {
                candidates.push((day, by));
            }
        }
        for (day, by) in candidates {
            self.visit(day, by);
        }
        while self.events.len() < wanted {
            let day = self.chance.between(0, self.days - 1);
            self.visit(day, 0);
        }
    }

    fn is_free(&self, day: i64, by: usize) -> bool {
        self.first.plus_days(day).weekday() == "日" && !self.team[by].voice.on_sundays()
    }

    /// Who visits on which days, after each profession's week.
    fn weeks(&mut self) -> Vec<(i64, usize)> {
        let mut visits = Vec::new();
        for by in 0..self.team.len() {
            let carer = self.team[by];
            // Colleagues of one facility share their visits.
            let colleagues = self
                .team
                .iter()
                .filter(|other| other.voice == carer.voice && other.place == carer.place)
                .count();
            let weekly = carer.voice.weekly() * 10 / u32::try_from(colleagues).unwrap_or(1).max(1);
            let usual = self.chance.below(7);
            for day in 0..self.days {
                let weekday = self.first.plus_days(day).weekday();
                let factor = match weekday {
                    "日" if carer.voice.on_sundays() => 2,
                    "日" => 0,
                    "土" => 5,
                    _ if usize::try_from(day).unwrap_or(0) % 7 == usual => 26,
                    _ => 9,
                };
                // Tenths of visits a week, times ten, over some sixty shares of a week.
                if self.chance.permille(weekly * factor * 1000 / 6200) {
                    visits.push((day, by));
                }
            }
        }
        visits
    }

    fn visit(&mut self, day: i64, by: usize) {
        // Nobody is ill before the story says so.
        let begins = self.ill.iter().any(|(from, _)| *from == day);
        let day = if begins && day > 0 { day - 1 } else { day };
        let carer = self.team[by];
        let (from, to) = carer.voice.hours();
        let evening = self.chance.permille(70);
        let minute = if evening {
            self.chance.between(18 * 60, 20 * 60 + 40)
        } else {
            self.chance.between(from * 60, to * 60 + 50)
        };
        let at = self.instant(day, minute) + self.chance.between(0, 59_999);
        let by = if self.is_away(by, at) { 1 + self.chance.below(self.team.len() - 1) } else { by };
        let topic = self.topic(day, by);
        let report = match carer.voice {
            Voice::Helper | Voice::CareManager | Voice::Day | Voice::Social => 350,
            _ => 820,
        };
        let kind = if self.chance.permille(report) { NoteKind::Report } else { NoteKind::Contact };
        let picture = self.chance.permille(3);
        let file = match topic {
            "ulcer" | "skin" if picture => Some("wound"),
            "med" if picture => Some("calendar"),
            "meal" | "dysph" if picture => Some("meal"),
            "home" | "fracture" if picture => Some("home"),
            _ if picture => Some("graph"),
            _ => None,
        };
        let conversation = self.conversations;
        self.conversations += 1;
        self.events.push(Event {
            at,
            day,
            by,
            topic,
            kind,
            importance: if self.chance.permille(25) { Importance::High } else { Importance::Normal },
            content: Content::Visit,
            answers: None,
            to: None,
            conversation,
            file,
            is_open: false,
        });
    }

    /// What somebody writes about on that day.
    fn topic(&mut self, day: i64, by: usize) -> &'static str {
        let words = words(self.team[by].voice);
        let ill = self.ill.iter().any(|(from, to)| (*from..=*to).contains(&day));
        if ill && words.exact("o", "sick").is_some() {
            return "sick";
        }
        let is_condition = |topic: &str| CONDITIONS.iter().any(|condition| condition.key == topic);
        // What the patient lives with counts three times; what has many words comes up more often.
        let weight = |topic: &'static str| match (self.has(topic), is_condition(topic)) {
            // Whoever has ALS is cared for in bed: hardly anything of the everyday topics fits.
            _ if self.has("als") && !["als", "fam"].contains(&topic) => 0,
            (true, _) => 3 * words.exact("o", topic).map_or(0, Vec::len),
            (_, true) => 0,
            _ => words.exact("o", topic).map_or(0, Vec::len),
        };
        let weights: Vec<usize> = words.topics.iter().map(|topic| weight(topic)).collect();
        let mut left = self.chance.below(weights.iter().sum());
        for (topic, weight) in words.topics.iter().zip(weights) {
            if left < weight {
                return topic;
            }
            left -= weight;
        }
        "any"
    }

    /// Answers to visits, and more visits where nobody has an answer, until there are `notes`.
    fn answers(&mut self, notes: usize) {
        let mut open: Vec<usize> = (0..self.events.len())
            .filter(|index| matches!(self.events[*index].content, Content::Visit))
            .collect();
        self.chance.shuffle(&mut open);
        while self.events.len() < notes {
            match open.pop() {
                Some(index) => self.answer(index),
                None => {
                    let day = self.chance.between(0, self.days - 1);
                    let by = self.chance.below(self.team.len());
                    if !self.is_free(day, by) {
                        self.visit(day, by);
                    }
                }
            }
        }
    }

    fn answer(&mut self, index: usize) {
        let asked = self.events[index].clone();
        let able: Vec<usize> = (0..self.team.len())
            .filter(|by| *by != asked.by && self.team[*by].voice != self.team[asked.by].voice)
            .filter(|by| words(self.team[*by].voice).exact("re", asked.topic).is_some())
            .collect();
        let Some(by) = self.chance.pick(&able).copied() else { return };
        let delay = [25, 50, 90, 150, 240, 400, 900, 1300][self.chance.below(8)];
        let minutes = self.chance.between(delay / 2, delay);
        let at = self.awake(asked.at + minutes * MINUTE, minutes) + self.chance.between(0, 59_999);
        if at >= self.end() || self.is_away(by, at) {
            return;
        }
        self.events.push(Event {
            at,
            day: (at - self.instant(0, 0)) / (DAY * MINUTE),
            by,
            topic: asked.topic,
            kind: NoteKind::Contact,
            importance: Importance::Normal,
            content: Content::Answer,
            answers: Some(index),
            to: self.chance.permille(300).then_some(asked.by),
            conversation: asked.conversation,
            file: None,
            is_open: false,
        });
    }
}
