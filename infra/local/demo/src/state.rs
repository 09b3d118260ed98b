//! How a patient is on a given day: vital signs, weight, wound; what their conditions and stories do to them.

use crate::{chance::Chance, patients::Life};

/// Vital signs and measures that belong to one patient, before the day's variation.
pub(crate) struct State {
    /// In tenths of a degree.
    temperature: i64,
    systolic: i64,
    diastolic: i64,
    pulse: i64,
    saturation: i64,
    breaths: i64,
    /// In tenths of a kilogram.
    weight: i64,
    weight_a_month: i64,
    sugar: i64,
    /// Length and width of the wound in millimetres on the first day, and what is left of it on the last, in percent.
    wound: (i64, i64, i64),
    /// Litres of oxygen in tenths; 0: room air.
    pub(crate) oxygen: i64,
    days: i64,
    effects: Vec<(i64, char, Vec<i64>)>,
}

impl State {
    /// The patient at the beginning of so many days.
    pub(crate) fn new(life: &Life, days: i64, chance: &mut Chance) -> Self {
        let has = |key: &str| life.conditions.iter().any(|condition| condition.key == key);
        let mut state = Self {
            temperature: chance.between(361, 366),
            systolic: chance.between(116, 136),
            diastolic: chance.between(62, 76),
            pulse: chance.between(62, 78),
            saturation: chance.between(96, 98),
            breaths: chance.between(15, 18),
            weight: chance.between(385, 610),
            weight_a_month: chance.between(-4, 2),
            sugar: chance.between(105, 130),
            wound: (chance.between(18, 46), chance.between(12, 30), chance.between(8, 95)),
            oxygen: 0,
            days,
            effects: Vec::new(),
        };
        if has("copd") {
            state.saturation -= 4;
            state.breaths += 3;
            state.oxygen = [0, 0, 5, 10, 15][chance.below(5)];
        }
        if has("als") {
            state.saturation -= 1;
            state.weight -= 30;
        }
        if has("chf") {
            state.pulse += 6;
            state.systolic -= 6;
            state.saturation -= 1;
        }
        if has("stroke") || has("ckd") {
            state.systolic += 10;
            state.diastolic += 4;
        }
        if has("dm") {
            state.sugar += 45;
        }
        if has("cancer") {
            state.weight -= 40;
            state.weight_a_month = -9;
            state.pulse += 6;
        }
        state
    }

    /// From this day on, what a story does.
    pub(crate) fn add_effect(&mut self, day: i64, sign: char, change: &[i64]) {
        self.effects.push((day, sign, change.to_vec()));
    }

    fn effect(&self, sign: char, day: i64) -> i64 {
        let on = |from: i64, change: &[i64]| {
            usize::try_from(day - from).ok().and_then(|at| change.get(at)).copied().unwrap_or(0)
        };
        self.effects.iter().filter(|(_, s, _)| *s == sign).map(|(from, _, change)| on(*from, change)).sum()
    }

    /// A measure in words, if `name` is one.
    pub(crate) fn measure(&self, name: &str, day: i64, chance: &mut Chance) -> Option<String> {
        Some(match name {
            "T" => tenths(self.temperature + self.effect('T', day) + chance.between(-2, 3)),
            "BP" => {
                let shift = self.effect('B', day);
                let upper = self.systolic + shift + chance.between(-9, 10);
                format!("{upper}/{}", self.diastolic + shift / 3 + chance.between(-6, 7))
            }
            "P" => {
                let fever = self.effect('T', day);
                (self.pulse + fever + self.effect('P', day) + chance.between(-5, 6)).to_string()
            }
            "S" => (self.saturation + self.effect('S', day) + chance.between(-1, 1)).min(99).to_string(),
            "R" => (self.breaths - self.effect('S', day) + chance.between(-1, 2)).to_string(),
            "W" => tenths(
                self.weight + self.weight_a_month * day / 30 + self.effect('W', day) + chance.between(-3, 3),
            ),
            "BS" => (self.sugar + self.effect('G', day) + chance.between(-18, 30)).max(52).to_string(),
            "UL" => {
                let left = 100 - (100 - self.wound.2) * day / self.days.max(1);
                format!(
                    "{}×{}cm",
                    tenths((self.wound.0 * left / 100).max(4)),
                    tenths((self.wound.1 * left / 100).max(3))
                )
            }
            "AIR" if self.oxygen > 0 => format!("酸素{}L", tenths(self.oxygen)),
            "AIR" => "室内気".to_owned(),
            _ => return None,
        })
    }
}

fn tenths(value: i64) -> String {
    format!("{}.{}", value / 10, value % 10)
}
