//! What stands in the way of a facility that leaves (脱退): said to the city in numbers and by the names of the facility's own
//! people, because the city does not know the patients.

use crate::api::error::FieldError;

/// Most people whose accounts end with their facility: they end in one transaction, which takes a hundred writes.
pub const LEAVING_MAX: usize = 80;
/// Most names in one sentence.
const NAMED: usize = 5;

/// A facility as it stands when it is to leave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    /// How many of its people have an account that is not removed.
    pub people: usize,
    /// Whose patients would have nobody left who looks after consent and team: name of the person, number of patients.
    pub sole: Vec<(String, usize)>,
    /// Its other cases in which somebody's step is still to come, by number.
    pub cases: Vec<String>,
}

impl Leaving {
    /// What must be done first; empty when nothing is in the way.
    pub fn in_the_way(&self) -> Vec<FieldError> {
        let mut all = Vec::new();
        if self.people > LEAVING_MAX {
            let words = format!(
                "一度に脱退できるのは{LEAVING_MAX}人までです（今は{}人）。先に「利用者の削除」で減らしてください。",
                self.people
            );
            all.push(FieldError::new("people", words));
        }
        if !self.sole.is_empty() {
            let of = |(name, patients): &(String, usize)| format!("{name}さん（患者{patients}人）");
            let words = format!(
                "支援チームに、ほかの施設の世話役がいない患者がいます: {}。先に、ほかの施設の人を招待してください。",
                named(self.sole.iter().map(of), "人")
            );
            all.push(FieldError::new("team", words));
        }
        if !self.cases.is_empty() {
            let words = format!(
                "この施設の案件が残っています: {}。先に終えてください。",
                named(self.cases.iter().cloned(), "件")
            );
            all.push(FieldError::new("cases", words));
        }
        all
    }
}

/// The first of them by name, and how many more there are.
fn named(all: impl ExactSizeIterator<Item = String>, counter: &str) -> String {
    let more = all.len().saturating_sub(NAMED);
    let first = all.take(NAMED).collect::<Vec<_>>().join("、");
    if more == 0 { first } else { format!("{first}、ほか{more}{counter}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_in_the_way_is_named() {
        let free = Leaving { people: LEAVING_MAX, ..Leaving::default() };
        let sole = vec![("佐藤 美咲".to_owned(), 2)];
        let cases: Vec<String> = (1..=7).map(|n| format!("A-2026-000{n}")).collect();
        for (leaving, fields, said) in [
            (free.clone(), vec![], ""),
            (Leaving { people: LEAVING_MAX + 1, ..free.clone() }, vec!["people"], "81人"),
            (Leaving { sole: sole.clone(), ..free.clone() }, vec!["team"], "佐藤 美咲さん（患者2人）。"),
            (Leaving { cases: cases[..1].to_vec(), ..free.clone() }, vec!["cases"], "A-2026-0001。"),
            (Leaving { cases: cases.clone(), ..free }, vec!["cases"], "A-2026-0005、ほか2件。"),
            (Leaving { people: 99, sole, cases }, vec!["people", "team", "cases"], "今は99人"),
        ] {
            let wrong = leaving.in_the_way();
            assert_eq!(wrong.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), fields);
            let words: String = wrong.iter().map(|error| error.message.as_str()).collect();
            assert!(words.contains(said), "{words}");
        }
    }
}
