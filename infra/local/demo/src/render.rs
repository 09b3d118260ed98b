//! Fills templates in: facts of the patient and the day, words of the profession, words kept by a conversation.

use crate::{
    chance::Chance,
    lexicon::{Piece, Section, Template, common, words},
    patients::Life,
    state::State,
    voice::Voice,
};
use shared::calendar::Day;
use std::collections::HashMap;

/// Words that a conversation keeps to: `{x=…}`.
pub(crate) type Kept = Vec<(&'static str, String)>;

/// Names in the team, as others speak of them.
#[derive(Default)]
pub(crate) struct Around {
    /// What is said for a name of a fact, e.g. `doc` 「高橋先生」.
    pub(crate) names: Vec<(&'static str, String)>,
}

/// Everything that words of one patient are taken from.
pub(crate) struct Pen<'a> {
    pub(crate) life: &'a Life,
    pub(crate) state: &'a State,
    pub(crate) around: &'a Around,
    pub(crate) first: Day,
    pub(crate) chance: &'a mut Chance,
    /// Where each section stands, so that it is used up before it repeats itself.
    turns: HashMap<*const Template, (usize, usize)>,
}

/// What one note is about.
pub(crate) struct Scene<'a> {
    pub(crate) voice: Voice,
    pub(crate) topic: &'static str,
    /// Day of the book.
    pub(crate) day: i64,
    pub(crate) kept: &'a mut Kept,
}

impl<'a> Pen<'a> {
    pub(crate) fn new(
        life: &'a Life,
        state: &'a State,
        around: &'a Around,
        first: Day,
        chance: &'a mut Chance,
    ) -> Self {
        Self { life, state, around, first, chance, turns: HashMap::new() }
    }

    /// The text of a template.
    pub(crate) fn write(&mut self, template: &Template, scene: &mut Scene<'_>) -> String {
        let mut text = String::new();
        self.fill(template, scene, &mut text, 0);
        text.trim().to_owned()
    }

    /// The text of a section of the scene's voice.
    pub(crate) fn section(&mut self, name: &'static str, scene: &mut Scene<'_>) -> String {
        let mut text = String::new();
        self.named(name, scene, &mut text, 0);
        text.trim().to_owned()
    }

    fn fill(&mut self, template: &Template, scene: &mut Scene<'_>, text: &mut String, depth: u8) {
        for piece in template {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::NewLine => text.push('\n'),
                Piece::Name(name) => self.named(name, scene, text, depth + 1),
                Piece::OneOf(list) => {
                    let index = self.chance.below(list.len());
                    self.fill(&list[index], scene, text, depth + 1);
                }
                Piece::Number(low, high, decimals) => {
                    let step = roundness(*low, *high, *decimals);
                    let value = self.chance.between(*low / step, *high / step) * step;
                    let unit = 10_i64.pow(u32::try_from(*decimals).unwrap_or(0));
                    text.push_str(&(value / unit).to_string());
                    if *decimals > 0 {
                        text.push_str(&format!(".{:0width$}", value % unit, width = *decimals));
                    }
                }
                Piece::Keep(name, value) => {
                    if !scene.kept.iter().any(|(known, _)| known == name) {
                        let mut kept = String::new();
                        self.fill(value, scene, &mut kept, depth + 1);
                        scene.kept.push((name, kept));
                    }
                    self.named(name, scene, text, depth + 1);
                }
            }
        }
    }

    fn named(&mut self, name: &'static str, scene: &mut Scene<'_>, text: &mut String, depth: u8) {
        if let Some((_, kept)) = scene.kept.iter().find(|(known, _)| *known == name) {
            text.push_str(kept);
        } else if let Some(fact) = self.fact(name, scene) {
            text.push_str(&fact);
            // A conversation stays with the medicine that it began with.
            if name == "medicine" {
                scene.kept.push((name, fact));
            }
        } else if depth < 8
            && let Some(section) = section_of(name, scene.voice, scene.topic)
            && let Some(template) = self.next_of(section)
        {
            self.fill(template, scene, text, depth + 1);
        }
    }

    /// A fact of the patient, the team or the day.
    fn fact(&mut self, name: &'static str, scene: &mut Scene<'_>) -> Option<String> {
        if let Some(measure) = self.state.measure(name, scene.day, self.chance) {
            return Some(measure);
        }
        if let Some((_, spoken)) = self.around.names.iter().find(|(known, _)| *known == name) {
            return Some(spoken.clone());
        }
        Some(match name {
            "sama" => format!("{}様", self.life.patient.name.split(' ').next().unwrap_or_default()),
            "fam" => self.life.family.0.to_owned(),
            "kin" => self.life.family.1.to_owned(),
            "area" => self.life.patient.area.clone(),
            "likes" => self.life.likes.to_owned(),
            "dish" => self.life.dish.to_owned(),
            "side" => self.life.side.to_owned(),
            "site" => self.life.site.to_owned(),
            "house" => if self.life.together { "同居" } else { "別居" }.to_owned(),
            "medicine" => {
                let all: Vec<&str> =
                    self.life.conditions.iter().flat_map(|c| c.medicines.iter().copied()).collect();
                // What is said of medicines here is said of plain tablets.
                let other = ["インスリン", "吸入", "軟膏", "散", "湯", "炭", "徐放"];
                let all: Vec<&str> =
                    all.into_iter().filter(|name| !other.iter().any(|part| name.contains(part))).collect();
                self.chance.pick(&all).copied().unwrap_or("アムロジピン").to_owned()
            }
            "season" => {
                let (_, month, _) = self.first.plus_days(scene.day).ymd();
                let season = ["winter", "spring", "summer", "autumn"][usize::from(month % 12 / 3)];
                let section = common().exact("season", season)?;
                let template = self.next_of(section)?;
                self.write(template, scene)
            }
            _ => {
                // `d+3`: three days later, as 「11/25(火)」.
                let later: i64 = name.strip_prefix("d+")?.parse().ok()?;
                let day = self.first.plus_days(scene.day + later);
                // Nothing is planned for a Sunday.
                let sunday = later > 0 && day.weekday() == "日";
                let day = if sunday { day.plus_days(1) } else { day };
                let (_, month, date) = day.ymd();
                format!("{month}/{date}({})", day.weekday())
            }
        })
    }

    /// The next template of a section, in an order of this patient's own.
    fn next_of(&mut self, section: &'static Section) -> Option<&'static Template> {
        let length = section.len();
        let key: *const Template = section.as_ptr();
        let chance = &mut *self.chance;
        let (at, step) = self.turns.entry(key).or_insert_with(|| {
            let mut step = 1 + chance.below(length);
            while common_divisor(step, length) > 1 {
                step += 1;
            }
            (chance.below(length), step)
        });
        let chosen = section.get(*at % length.max(1));
        *at += *step;
        chosen
    }
}

/// People round what they measure: 「水分900mL」, not 「水分913mL」.
fn roundness(low: i64, high: i64, decimals: usize) -> i64 {
    let both = |unit: i64| decimals == 0 && low >= unit && low % unit == 0 && high % unit == 0;
    match high {
        2000.. if both(100) => 100,
        300.. if both(50) => 50,
        60.. if both(10) => 10,
        _ => 1,
    }
}

fn common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// A section: the voice's own before the common one, the topic's own before the one for all.
fn section_of(name: &'static str, voice: Voice, topic: &'static str) -> Option<&'static Section> {
    words(voice).section(name, topic).or_else(|| common().section(name, topic))
}
