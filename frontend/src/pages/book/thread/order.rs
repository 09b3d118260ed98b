//! The order of a thread on the screen, as pure functions: joining pages into one unbroken run of notes, day and
//! unread separators, who has read what. No browser in here.

use shared::{
    book::{Note, NoteNumber, TeamMember, Thread},
    calendar::Day,
    id::AccountId,
};

/// What comes of putting a page beside what is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    /// One run, oldest first.
    Run(Vec<NoteNumber>),
    /// Notes are missing in between: ask for the page before this number first.
    Gap(NoteNumber),
}

/// Joins a page to a run; both oldest first. Numbers have no gaps, so neighbours differ by one.
pub fn join(run: &[NoteNumber], page: &[NoteNumber]) -> Joined {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return Joined::Run(page.to_vec()) };
    let (Some(from), Some(to)) = (page.first(), page.last()) else { return Joined::Run(run.to_vec()) };
    if from.0 > last.0.saturating_add(1) || first.0 > to.0.saturating_add(1) {
        return Joined::Gap(*from);
    }
    let mut all: Vec<_> = run.iter().chain(page).copied().collect();
    all.sort_unstable();
    all.dedup();
    Joined::Run(all)
}

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// A new day begins with this note.
    Day(Day, NoteNumber),
    /// From here on I have not read.
    Unread(NoteNumber),
    /// A note.
    Note(NoteNumber),
}

/// What the list needs to know of a note to place it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its number.
    pub number: NoteNumber,
    /// The day on which it was sent.
    pub day: Day,
    /// Whether I wrote it.
    pub mine: bool,
}

/// The note after another one: numbers have no gaps.
pub const fn after(note: NoteNumber) -> NoteNumber {
    NoteNumber(note.0.saturating_add(1))
}

/// Whether a run that begins with `first` holds all that is unread after `read_to`.
pub fn touches(read_to: NoteNumber, first: NoteNumber) -> bool {
    first <= after(read_to)
}

/// Before which number something is unread that these pages do not hold yet.
pub fn unread_before(thread: &Thread, me: AccountId) -> Option<NoteNumber> {
    let read_to = thread.team.iter().find(|member| member.account == me)?.read_to;
    let first = thread.notes.first()?.number;
    thread.before.filter(|_| !touches(read_to, first))
}

/// Notes, oldest first, with their separators. `read_to` is how far I had read when I came; `start` is the
/// thread's newest number then, because what arrives before my eyes needs no line.
pub fn rows(notes: &[Placed], read_to: NoteNumber, start: NoteNumber) -> Vec<Row> {
    let mut rows = Vec::with_capacity(notes.len() + 8);
    let divider = notes.iter().find(|note| note.number > read_to && note.number <= start && !note.mine);
    // With older unread notes still to be loaded, the line would stand in the wrong place.
    let divider = divider.filter(|_| notes.first().is_some_and(|first| touches(read_to, first.number)));
    let mut day = None;
    for note in notes {
        if day != Some(note.day) {
            day = Some(note.day);
            rows.push(Row::Day(note.day, note.number));
        }
        if divider.is_some_and(|divider| divider.number == note.number) {
            rows.push(Row::Unread(note.number));
        }
        rows.push(Row::Note(note.number));
    }
    rows
}

/// For whom a note is to read: the team without its author, and without those to whom it is history.
fn audience(team: &[TeamMember], number: NoteNumber, author: AccountId) -> impl Iterator<Item = &TeamMember> {
    team.iter().filter(move |member| member.account != author && member.is_to_read(number))
}

/// Who of them has read a note and who has not.
pub fn readers(
    team: &[TeamMember],
    number: NoteNumber,
    author: AccountId,
) -> (Vec<TeamMember>, Vec<TeamMember>) {
    audience(team, number, author).cloned().partition(|member| member.has_read(number))
}

/// How many have read, of how many.
pub fn read_count(team: &[TeamMember], number: NoteNumber, author: AccountId) -> (usize, usize) {
    audience(team, number, author)
        .fold((0, 0), |(read, all), member| (read + usize::from(member.has_read(number)), all + 1))
}

/// Moves receipts forward, never back; whether anything moved.
pub fn advance(team: &mut [TeamMember], read_to: &[(AccountId, NoteNumber)]) -> bool {
    let mut moved = false;
    for (account, number) in read_to {
        for member in team.iter_mut().filter(|m| m.account == *account && m.read_to < *number) {
            member.read_to = *number;
            moved = true;
        }
    }
    moved
}

/// How far somebody has read, in words. Up to `history` there was nothing for them to read.
pub fn progress(read_to: NoteNumber, history: NoteNumber, last: NoteNumber) -> String {
    match last.0.saturating_sub(read_to.0) {
        0 => "すべて既読".into(),
        _ if read_to <= history => "まだ読んでいません".into(),
        left => format!("未読 {left}件"),
    }
}

/// The note with the preview addresses that are in use already, so that no picture is loaded twice.
pub fn keep_previews(mut new: Note, old: &Note) -> Note {
    for file in &mut new.attachments {
        let known = old.attachments.iter().find(|known| known.id == file.id);
        if let Some(preview) = known.and_then(|known| known.preview.clone()) {
            file.preview = Some(preview);
        }
    }
    new
}

/// The beginning of a note's text, for a quote.
pub fn quote(text: &str) -> String {
    const MAX: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX { line } else { line.chars().take(MAX).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::people::Profession;

    fn numbers(range: std::ops::RangeInclusive<u32>) -> Vec<NoteNumber> {
        range.map(NoteNumber).collect()
    }

    #[test]
    fn pages_become_one_run_or_tell_what_is_missing() {
        assert_eq!(join(&[], &numbers(1..=3)), Joined::Run(numbers(1..=3)));
        assert_eq!(join(&numbers(1..=3), &[]), Joined::Run(numbers(1..=3)));
        assert_eq!(join(&numbers(51..=100), &numbers(1..=50)), Joined::Run(numbers(1..=100)));
        assert_eq!(join(&numbers(51..=100), &numbers(53..=102)), Joined::Run(numbers(51..=102)));
        assert_eq!(join(&numbers(51..=100), &numbers(102..=151)), Joined::Gap(NoteNumber(102)));
        assert_eq!(join(&numbers(51..=100), &numbers(1..=49)), Joined::Gap(NoteNumber(1)));
    }

    fn placed(number: u32, day: u8, mine: bool) -> Placed {
        Placed { number: NoteNumber(number), day: Day::new(2026, 11, day).unwrap(), mine }
    }

    #[test]
    fn days_and_the_unread_line() {
        let notes = [placed(3, 20, false), placed(4, 20, true), placed(5, 21, false), placed(6, 21, false)];
        let day = |d| Day::new(2026, 11, d).unwrap();
        let n = NoteNumber;
        assert_eq!(
            rows(&notes, n(3), n(5)),
            [
                Row::Day(day(20), n(3)),
                Row::Note(n(3)),
                Row::Note(n(4)),
                Row::Day(day(21), n(5)),
                Row::Unread(n(5)),
                Row::Note(n(5)),
                Row::Note(n(6)),
            ]
        );
        let line =
            |read_to, start| rows(&notes, n(read_to), n(start)).iter().any(|r| matches!(r, Row::Unread(_)));
        assert!(!line(6, 6), "all read");
        assert!(!line(5, 5), "what arrives before my eyes");
        assert!(!line(1, 6), "the first unread note is not loaded yet");
        assert!(line(2, 6));
        assert!(rows(&[], n(0), n(0)).is_empty());
    }

    fn member(id: u128, read_to: u32) -> TeamMember {
        TeamMember {
            account: AccountId::from_parts(1, id),
            name: format!("{id}"),
            profession: Profession::Nurse,
            facility_name: String::new(),
            read_to: NoteNumber(read_to),
            read_at: None,
            history: NoteNumber(0),
        }
    }

    #[test]
    fn receipts_count_the_others_and_never_go_back() {
        let mut team = vec![member(1, 9), member(2, 4), member(3, 5)];
        let author = AccountId::from_parts(1, 1);
        assert_eq!(read_count(&team, NoteNumber(5), author), (1, 2));
        let (read, not) = readers(&team, NoteNumber(5), author);
        assert_eq!((read[0].name.as_str(), not[0].name.as_str()), ("3", "2"));
        let other = AccountId::from_parts(1, 2);
        assert!(!advance(&mut team, &[(other, NoteNumber(3))]));
        assert!(advance(&mut team, &[(other, NoteNumber(6))]));
        assert_eq!(read_count(&team, NoteNumber(5), author), (2, 2));
    }

    #[test]
    fn who_joined_later_neither_has_read_what_is_history_nor_is_waited_for() {
        let team = [member(1, 12), TeamMember { history: NoteNumber(10), ..member(2, 11) }];
        let author = AccountId::from_parts(1, 3);
        let counts = [10, 11, 12].map(|number| read_count(&team, NoteNumber(number), author));
        assert_eq!(counts, [(1, 1), (2, 2), (1, 2)]);
        let (read, waited_for) = readers(&team, NoteNumber(10), author);
        assert_eq!((read.len(), waited_for.len()), (1, 0));
    }

    #[test]
    fn words() {
        let n = NoteNumber;
        let progress = |read_to, history, last| progress(n(read_to), n(history), n(last));
        assert_eq!(progress(5, 0, 5), "すべて既読");
        assert_eq!(progress(2, 0, 5), "未読 3件");
        assert_eq!(progress(0, 0, 5), "まだ読んでいません");
        assert_eq!(progress(10, 10, 60), "まだ読んでいません");
        assert_eq!(quote("一\n二"), "一 二");
        assert_eq!(quote(&"あ".repeat(61)).chars().count(), 61);
    }
}
