//! How far each of a team has read: nearly everything, but not everybody has seen the last days.

use crate::{Member, Person, chance::Chance, teams::Carer};
use shared::{
    book::{Act, Entry, NoteNumber},
    calendar::Timestamp,
};

const HOUR: i64 = 3_600_000;

/// The read marks of a team at the end of its thread; the first of the team has seen nothing from `away` on.
pub(crate) fn read_marks(
    team: &[Carer],
    people: &[Person],
    joined_at: Timestamp,
    entries: &[Entry],
    (end, away): (i64, Option<i64>),
    chance: &mut Chance,
) -> Vec<Member> {
    team.iter()
        .enumerate()
        .map(|(index, carer)| {
            let account = people[carer.person].account.id;
            let hours = match chance.below(100) {
                0..45 => chance.between(0, 7),
                45..75 => chance.between(8, 30),
                75..93 => chance.between(31, 80),
                _ => chance.between(81, 200),
            };
            let looked = end - hours * HOUR;
            let unseen = if index == 0 { away.unwrap_or(end) } else { end };
            let looked = looked.min(unseen - 1);
            let mut mark = (NoteNumber(0), None);
            for entry in entries.iter().filter(|entry| entry.at.ms() < unseen) {
                let sent = matches!(entry.act, Act::Sent { .. });
                let own = entry.by == account;
                // Everything up to one's last look was seen, and whatever one answered, confirmed or wrote after.
                if (own || (sent && entry.at.ms() <= looked)) && entry.number >= mark.0 {
                    mark = (entry.number, Some(entry.at.ms().max(if own { 0 } else { looked })));
                }
            }
            let read_at = mark.1.map(|at| Timestamp::from_ms(at.min(end - 1)));
            Member { account, joined_at, read_to: mark.0, read_at }
        })
        .collect()
}
