//! Makes the sent journal of each patient: notes in words, corrections, retractions and 了解, in order of time.

use crate::{
    DemoFile, Member, PatientPage, Person, Size,
    chance::Chance,
    consents,
    facilities::Place,
    files::Cabinet,
    patients::{self, Life},
    plan::{Content, Event, Planner},
    receipts,
    render::{Around, Kept, Pen, Scene},
    state::State,
    teams::{self, Carer},
    voice::Voice,
};
use shared::{
    book::{Act, Author, Entry, Importance, Note, NoteKind, NoteNumber, Retraction},
    calendar::{Day, Timestamp},
};

const MINUTE: i64 = 60_000;

/// All patients of a city of this size, with what is written about them.
///
/// And those whose page is closed.
pub(crate) fn pages(
    size: Size,
    until: Day,
    places: &[Place],
    people: &[Person],
) -> (Vec<PatientPage>, Vec<PatientPage>) {
    let carers = teams::carers(people, places);
    let first = until.plus_days(-i64::try_from(size.days).unwrap_or(90));
    let mut cabinet = if size.notes > 5_000 { Cabinet::full() } else { Cabinet::default() };
    let open = shares(size)
        .into_iter()
        .enumerate()
        .map(|(index, notes)| {
            let mut chance = Chance::new(3, index);
            let life = patients::make(index, first, &mut chance);
            let in_bed = life.conditions.iter().any(|condition| condition.key == "als");
            let team = teams::make(index, size.patients, in_bed, &carers, people, places, &mut chance);
            let mut state = State::new(&life, i64::try_from(size.days).unwrap_or(90), &mut chance);
            let planner = Planner::new(&life, &team, first, size.days, &mut chance);
            // The first patient's thread has a picture and a document, the second's ends with something urgent.
            let scripts: &[&str] = if index == 0 { &["x-report", "x-calendar"] } else { &[] };
            let end = until.start().ms();
            let away = away(index, size, end);
            let events = planner.plan(notes, scripts, (index == 1, away), &mut state);
            let around = around(&team, people);
            let pen = Pen::new(&life, &state, &around, first, &mut chance);
            let mut desk = Desk { pen, team: &team, people, cabinet: &mut cabinet, files: Vec::new(), away };
            let entries = desk.entries(&events, end);
            let files = desk.files;
            let registered_at = Timestamp::from_ms(first.plus_days(-5).start().ms() + 10 * 60 * MINUTE);
            let team = receipts::read_marks(&team, people, registered_at, &entries, (end, away), &mut chance);
            page(life, registered_at, team, entries, files, (index, first, people, &mut cabinet))
        })
        .collect();
    let closed = consents::closed(size, until, people, &mut cabinet);
    (open, closed)
}

fn page(
    life: Life,
    registered_at: Timestamp,
    team: Vec<Member>,
    entries: Vec<Entry>,
    files: Vec<DemoFile>,
    (index, first, people, cabinet): (usize, Day, &[Person], &mut Cabinet),
) -> PatientPage {
    let account = team.first().and_then(|member| people.iter().find(|p| p.account.id == member.account));
    let given = account.and_then(|person| {
        let recorded = (consents::recorded_at(first), &person.account);
        consents::given(index, &life.patient, life.family.1, recorded, cabinet)
    });
    let (consents, documents) = given.into_iter().unzip();
    PatientPage { patient: life.patient, registered_at, team, entries, files, consents, documents }
}

/// How many notes each patient has: some are written about much more than others.
fn shares(size: Size) -> Vec<usize> {
    let mut chance = Chance::new(4, 0);
    let weights: Vec<usize> = (0..size.patients)
        .map(|index| if index == 0 { 150 } else { 40 + chance.below(70) + chance.below(70) })
        .collect();
    let total: usize = weights.iter().sum();
    let mut shares: Vec<usize> = weights.iter().map(|weight| size.notes * weight / total.max(1)).collect();
    let rest = size.notes - shares.iter().sum::<usize>();
    for share in shares.iter_mut().take(rest) {
        *share += 1;
    }
    shares
}

/// Since when the named nurse has not looked at this thread, so that something waits for her when she signs in.
fn away(index: usize, size: Size, end: i64) -> Option<i64> {
    let hers = index < teams::of_named_nurse(size.patients);
    let hours = [30, 7, 50, 0, 70, 26, 14, 0, 90][index % 9];
    (hers && hours > 0).then_some(end - hours * 60 * MINUTE)
}

/// How the people of a team speak of each other.
fn around(team: &[Carer], people: &[Person]) -> Around {
    let family = |voice: Voice| {
        let carer = team.iter().find(|carer| carer.voice == voice)?;
        people[carer.person].account.name.split(' ').next()
    };
    let place = |voice: Voice| {
        let carer = team.iter().find(|carer| carer.voice == voice)?;
        Some(people[carer.person].account.facility_name.as_str())
    };
    let spoken = |name: Option<&str>, title: &str, otherwise: &str| match name {
        Some(name) => format!("{name}{title}"),
        None => otherwise.to_owned(),
    };
    Around {
        names: vec![
            ("doc", spoken(family(Voice::Doctor), "先生", "主治医")),
            ("ns", spoken(family(Voice::Nurse), "看護師", "訪問看護師")),
            ("cm", spoken(family(Voice::CareManager), "ケアマネ", "担当ケアマネ")),
            ("ph", spoken(family(Voice::Pharmacist), "薬剤師", "かかりつけ薬局")),
            ("hh", spoken(family(Voice::Helper), "ヘルパー", "ヘルパー事業所")),
            ("pt", spoken(family(Voice::Rehab), "さん（リハ）", "リハビリ担当")),
            ("ds", spoken(place(Voice::Day), "", "デイサービス")),
            ("office", spoken(place(Voice::CareManager), "", "ケアプラン担当事業所")),
        ],
    }
}

/// Where one patient's notes are written.
struct Desk<'a> {
    pen: Pen<'a>,
    team: &'a [Carer],
    people: &'a [Person],
    cabinet: &'a mut Cabinet,
    files: Vec<DemoFile>,
    /// From when on the first of the team confirms nothing.
    away: Option<i64>,
}

impl Desk<'_> {
    /// All entries, in order of time.
    fn entries(&mut self, events: &[Event], end: i64) -> Vec<Entry> {
        let mut order: Vec<usize> = (0..events.len()).collect();
        order.sort_by_key(|index| (events[*index].at, *index));
        let mut numbers = vec![0; events.len()];
        let conversations = events.iter().map(|event| event.conversation + 1).max().unwrap_or(0);
        let mut kept: Vec<Kept> = vec![Kept::new(); conversations];
        let mut answered = vec![false; events.len()];
        for earlier in events.iter().filter_map(|event| event.answers) {
            answered[earlier] = true;
        }
        let mut entries = Vec::with_capacity(events.len() * 2);
        for (number, index) in (1_u32..).zip(order) {
            let event = &events[index];
            numbers[index] = number;
            let reply_to = event.answers.map(|earlier| NoteNumber(numbers[earlier]));
            let text = self.text(event, &mut kept[event.conversation]);
            let note = self.note(event, NoteNumber(number), text, reply_to);
            self.follow(event, note, answered[index], end, &mut entries);
        }
        entries.sort_by_key(|entry| entry.at);
        entries
    }

    fn text(&mut self, event: &Event, kept: &mut Kept) -> String {
        let voice = self.team[event.by].voice;
        let mut scene = Scene { voice, topic: event.topic, day: event.day, kept };
        match event.content {
            Content::Visit => self.pen.section("note", &mut scene),
            Content::Answer => self.pen.section("re", &mut scene),
            Content::Step(template) => self.pen.write(template, &mut scene),
        }
    }

    fn note(
        &mut self,
        event: &Event,
        number: NoteNumber,
        text: String,
        reply_to: Option<NoteNumber>,
    ) -> Note {
        let account = |by: usize| &self.people[self.team[by].person].account;
        let author = Author::from(&account(event.by).actor_on(Timestamp::from_ms(event.at).day()));
        let mut addressees: Vec<_> = event.to.map(|to| account(to).id).into_iter().collect();
        // Now and then a report is meant for somebody in particular.
        if addressees.is_empty() && self.pen.chance.permille(50) {
            let to = self.pen.chance.below(self.team.len());
            addressees.extend((to != event.by).then(|| account(to).id));
        }
        let mut attachments = Vec::new();
        if let Some(kind) = event.file {
            let file =
                self.cabinet.take(kind, event.at, self.pen.first.plus_days(event.day), self.pen.chance);
            attachments.extend(file.as_ref().map(|(attachment, _)| attachment.clone()));
            self.files.extend(file.map(|(_, file)| file));
        }
        Note {
            number,
            kind: event.kind,
            importance: event.importance,
            text,
            author,
            sent_at: Timestamp::from_ms(event.at),
            addressees,
            reply_to,
            attachments,
            revision: 1,
            revised_at: None,
            retraction: None,
            acknowledged: Vec::new(),
        }
    }

    /// The note's entry, and what was done to it afterwards.
    fn follow(&mut self, event: &Event, mut note: Note, answered: bool, end: i64, entries: &mut Vec<Entry>) {
        let chance = &mut *self.pen.chance;
        let entry = |note: &Note, at: i64, by, act| Entry {
            at: Timestamp::from_ms(at),
            patient: self.pen.life.patient.id,
            number: note.number,
            by,
            act,
        };
        let author = note.author.account;
        let mut later = Vec::new();
        let soon = event.at + chance.between(3, 50) * MINUTE;
        let fate = chance.below(1000);
        if fate < 21 && soon < end {
            let (first, then) = corrected(&note.text, chance);
            note.text = first;
            later.push(entry(&note, soon, author, Act::revised(&note, then)));
        } else if fate < 34
            && soon < end
            && !answered
            && note.reply_to.is_none()
            && note.kind != NoteKind::Urgent
        {
            let reason = chance.pick(REASONS).copied().unwrap_or("誤送信のため").to_owned();
            let retraction = Retraction {
                at: Timestamp::from_ms(soon),
                by: author,
                by_name: note.author.name.clone(),
                reason,
            };
            later.push(entry(&note, soon, author, Act::Retracted { retraction }));
        }
        let retracted = later.iter().any(|entry| matches!(entry.act, Act::Retracted { .. }));
        let likely = match (note.kind, note.importance) {
            (NoteKind::Urgent, _) => 950,
            (_, Importance::High) => 600,
            (NoteKind::Question, _) => 350,
            _ if !note.addressees.is_empty() => 400,
            _ => 205,
        };
        if !retracted && !event.is_open && chance.permille(likely) {
            let mut others: Vec<_> = self
                .team
                .iter()
                .map(|carer| self.people[carer.person].account.id)
                .filter(|id| *id != author)
                .collect();
            chance.shuffle(&mut others);
            // Whoever it is addressed to comes first.
            others.sort_by_key(|id| !note.addressees.contains(id));
            let many = [1, 1, 1, 2, 2, 3][chance.below(6)];
            let mut at = event.at;
            for by in others.into_iter().take(many) {
                let longest = if note.kind == NoteKind::Urgent { 40 } else { 500 };
                at = in_the_day(at + chance.between(8, longest) * MINUTE, note.kind, chance)
                    + chance.between(0, 59_999);
                let first = self.people[self.team[0].person].account.id;
                let is_away = by == first && self.away.is_some_and(|from| at >= from);
                if at < end && !is_away {
                    later.push(entry(&note, at, by, Act::Acknowledged));
                }
            }
        }
        entries.push(entry(&note, event.at, author, Act::Sent { note: Box::new(note.clone()) }));
        entries.extend(later);
    }
}

/// Why notes are retracted.
const REASONS: &[&str] = &[
    "別の患者さんの内容を書いてしまったため、取り消します。",
    "同じ内容を二重に送信してしまったため。",
    "日付を取り違えて記載したため、正しい内容で送り直します。",
    "確認前の情報だったため、確認後に改めて連絡します。",
    "宛先を誤って指定したため、送り直します。",
    "下書きのまま送信してしまったため。",
    "測定値の転記に誤りがあり、書き直して送ります。",
];

/// A time at which people are awake, except for what is urgent.
fn in_the_day(at: i64, kind: NoteKind, chance: &mut Chance) -> i64 {
    let day = Timestamp::from_ms(at).day();
    let minute = (at - day.start().ms()) / MINUTE;
    if kind == NoteKind::Urgent || (7 * 60..22 * 60).contains(&minute) {
        return at;
    }
    let day = if minute >= 22 * 60 { day.plus_days(1) } else { day };
    day.start().ms() + (7 * 60 + chance.between(15, 140)) * MINUTE
}

/// The text as it was first sent, and as it was corrected.
fn corrected(text: &str, chance: &mut Chance) -> (String, String) {
    // A blood pressure with two digits the wrong way round, if there is one.
    if let Some(slash) = text.find('/')
        && let Some(upper) = slash.checked_sub(3).and_then(|from| text.get(from..slash))
        && upper.bytes().all(|b| b.is_ascii_digit())
        && upper.as_bytes()[1] != upper.as_bytes()[2]
    {
        let turned: String = [0, 2, 1].into_iter().filter_map(|at| upper.chars().nth(at)).collect();
        return (text.replacen(upper, &turned, 1), text.to_owned());
    }
    let note = [
        "※次回訪問日を追記しました。予定どおりの曜日です。",
        "※時刻の記載漏れがあったため訂正しました。",
        "※ご家族への説明が済んでいることを書き足しました。",
        "※表現が分かりにくかったため書き直しました。内容に変わりはありません。",
    ];
    (text.to_owned(), format!("{text}\n{}", note[chance.below(note.len())]))
}
