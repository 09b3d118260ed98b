//! What is loaded before anything is measured: patients with a team of eight and a thread, and one person of
//! each team who is signed in.

use super::Options;
use crate::{cloud::Cloud, secondfactor, testclock::TestClock};
use anyhow::{Context, Result};
use functions::{
    clock::Clock,
    people::{cookie, password},
    random,
    store::{
        Store,
        item::Item,
        people::{Login, Session},
    },
};
use shared::{
    book::{Act, CareLevel, Entry, Importance, Note, NoteKind, NoteNumber, Patient, Sex, TeamMember},
    calendar::Timestamp,
    id::{AccountId, EventId, FacilityId, PatientId},
    people::{Account, AccountState, Actor, Facility, FacilityKind, Profession, Role, SessionStage},
};
use std::path::Path;

/// People in a team.
const TEAM: usize = 8;
/// Items given to the table's file at once.
const AT_ONCE: usize = 20_000;
/// Seconds between notes, where nothing depends on it.
pub const EVERY: i64 = 30 * 60;
/// A thread of one page, as the aim names it.
pub const NOTES: u32 = 50;

/// A patient's page, and somebody who has it open.
#[derive(Clone, Debug)]
pub struct Page {
    /// Whose.
    pub patient: PatientId,
    /// Who reads and writes.
    pub actor: Actor,
    /// How they sign in.
    pub user_id: String,
    /// Their cookie.
    pub cookie: String,
    /// The hash under which the table knows their session.
    pub session: String,
    /// How many notes are in the thread.
    pub notes: u32,
}

/// A loaded cloud, and what is in it.
pub struct Scene {
    /// Its pages, in the order of the threads asked for.
    pub pages: Vec<Page>,
    /// All notes.
    pub notes: usize,
    /// All items.
    pub items: usize,
}

/// Makes the texts, always the same for one seed.
pub struct Texts {
    texts: Vec<String>,
    chance: fastrand::Rng,
}

impl Texts {
    /// Those of the demo city, which are as long as such notes are.
    pub fn new(seed: u64, now: Timestamp) -> Self {
        let city = demo::town(now, demo::Size::TEST);
        let entries = city.patients.into_iter().flat_map(|page| page.entries);
        let texts = entries.filter_map(|entry| match entry.act {
            Act::Sent { note } => Some(note.text),
            _ => None,
        });
        Self { texts: texts.collect(), chance: fastrand::Rng::with_seed(seed) }
    }

    /// The next.
    pub fn next(&mut self) -> String {
        let at = self.chance.usize(..self.texts.len().max(1));
        self.texts.get(at).cloned().unwrap_or_default()
    }
}

/// Loads threads of these lengths into a new folder, with a note every so many seconds.
pub async fn load(folder: &Path, threads: &[u32], every: i64, options: &Options) -> Result<Scene> {
    let clock = TestClock::default();
    let cloud = Cloud::start(folder, &clock).await?;
    cloud.prepare(&["http://localhost".to_owned()]).await?;
    let scene = fill(&cloud, threads, every, options, clock.now()).await?;
    cloud.stop().await;
    Ok(scene)
}

async fn fill(
    cloud: &Cloud,
    threads: &[u32],
    every: i64,
    options: &Options,
    now: Timestamp,
) -> Result<Scene> {
    let password = password::hash(demo::DEMO_PASSWORD).context("a password cannot be hashed")?;
    let mut texts = Texts::new(options.seed, now);
    let facility = Facility {
        id: random::id(now, FacilityId::from_parts),
        name: "みなと野訪問看護ステーション".into(),
        kind: FacilityKind::VisitingNurseStation,
        postal: String::new(),
        phone: String::new(),
        fax: String::new(),
        mail: String::new(),
        left_on: None,
    };
    let accounts: Vec<_> = (0..threads.len().max(TEAM)).map(|index| account(index, &facility, now)).collect();
    let mut items = vec![Store::facility_item(&facility)?];
    for account in &accounts {
        let mut login = Login::without_password(account.id);
        login.password = Some(password.clone());
        items.extend(Store::account_items(account, &login)?);
        items.push(Store::recovery_item(account.id, secondfactor::RECOVERY)?);
    }
    let mut scene = Scene { pages: Vec::with_capacity(threads.len()), notes: 0, items: 0 };
    for (index, count) in threads.iter().enumerate() {
        let team: Vec<_> = accounts.iter().cycle().skip(index).take(TEAM).collect();
        let Some(writer) = team.first() else { continue };
        let (page, session) = page(writer, *count, now)?;
        items.push(session);
        items.extend(thread(&page, &team, every, &mut texts, now)?);
        scene.notes += usize::try_from(*count)?;
        scene.pages.push(page);
        if items.len() >= AT_ONCE {
            scene.items += items.len();
            cloud.import(std::mem::take(&mut items)).await?;
        }
    }
    scene.items += items.len();
    cloud.import(items).await?;
    Ok(scene)
}

fn account(index: usize, facility: &Facility, now: Timestamp) -> Account {
    Account {
        id: random::id(now, AccountId::from_parts),
        user_id: format!("bench-{index}"),
        name: format!("看護 {index}子"),
        kana: "かんご".into(),
        profession: Profession::Nurse,
        facility: facility.id,
        facility_name: facility.name.clone(),
        roles: vec![Role::Member],
        appointed: Vec::new(),
        contact: String::new(),
        state: AccountState::Active,
    }
}

/// A page with its writer signed in.
fn page(writer: &Account, notes: u32, now: Timestamp) -> Result<(Page, Item)> {
    let (token, hash) = cookie::new_token();
    let actor = writer.actor_on(now.day());
    let session = Session {
        account: writer.id,
        stage: SessionStage::Complete,
        since: now,
        device: String::new(),
        source: String::new(),
        draft_key: "0".repeat(64),
    };
    let item = Store::session_item(&hash, &session, now, now.plus_seconds(12 * 60 * 60))?;
    let page = Page {
        patient: random::id(now, PatientId::from_parts),
        actor,
        user_id: writer.user_id.clone(),
        cookie: format!("{}={}.{token}", cookie::NAME, writer.id),
        session: hash,
        notes,
    };
    Ok((page, item))
}

/// The items of a thread: its newest note is two days old, so that yesterday's journal stays empty.
fn thread(
    page: &Page,
    team: &[&Account],
    every: i64,
    texts: &mut Texts,
    now: Timestamp,
) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    let mut notes = Vec::new();
    for number in 1..=page.notes {
        let writer = team.get(number as usize % team.len().max(1)).context("a team of nobody")?;
        let at = now.plus_seconds(-2 * 24 * 60 * 60 - every * i64::from(page.notes - number));
        let note = note(NoteNumber(number), &writer.actor_on(at.day()), texts.next(), at);
        let entry = entry(page.patient, &note);
        items.push(Store::journal_item(random::id(at, EventId::from_parts), &entry)?);
        items.push(Store::note_item(page.patient, &note)?);
        notes.push(note);
    }
    for member in team {
        let member = TeamMember {
            account: member.id,
            name: member.name.clone(),
            profession: member.profession,
            facility_name: member.facility_name.clone(),
            read_to: NoteNumber(page.notes),
            read_at: Some(now),
            history: NoteNumber(0),
        };
        items.push(Store::member_item(page.patient, &member, NoteNumber(0))?);
    }
    let patient = Patient {
        id: page.patient,
        name: "見本 太郎".into(),
        kana: "みほん たろう".into(),
        born: now.day().plus_days(-30_000),
        sex: Sex::Male,
        care_level: CareLevel::Care3,
        area: "本町".into(),
        consented_on: Some(now.day().plus_days(-400)),
        withdrawn_on: None,
    };
    items.push(Store::patient_item(&patient, &notes, 0)?);
    Ok(items)
}

/// A note as the API would make it.
pub fn note(number: NoteNumber, author: &Actor, text: String, at: Timestamp) -> Note {
    Note {
        number,
        kind: NoteKind::Report,
        importance: Importance::Normal,
        text,
        author: author.into(),
        sent_at: at,
        addressees: Vec::new(),
        reply_to: None,
        attachments: Vec::new(),
        revision: 1,
        revised_at: None,
        retraction: None,
        acknowledged: Vec::new(),
    }
}

/// Its entry in the sent journal.
pub fn entry(patient: PatientId, note: &Note) -> Entry {
    let act = Act::Sent { note: Box::new(note.clone()) };
    Entry { at: note.sent_at, patient, number: note.number, by: note.author.account, act }
}
