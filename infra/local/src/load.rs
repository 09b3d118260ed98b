//! Loads the demo city, or the few people without whom an empty environment opens for nobody.

use crate::{cloud::Cloud, secondfactor};
use anyhow::{Context, Result};
use demo::{City, DEMO_PASSWORD, DemoFile, Member, PatientPage, Size};
use functions::{
    app::App,
    book::picture,
    people::password,
    portal::publish,
    random,
    store::{
        Store,
        blob::{BlobKey, sha256_hex},
        book::AttachmentDoc,
        item::Item,
        people::Login,
    },
};
use shared::{
    book::{Act, FileType, Joined, JoinedBy, Note, NoteNumber, TeamMember},
    id::{AccountId, EventId},
    people::{Account, Role},
    portal::{PageName, PageText, Version},
};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Files on their way at the same time.
const AT_ONCE: usize = 4;

/// Loads a city of this size, as of today.
///
/// # Errors
/// If a store refuses.
pub async fn city(app: &Arc<App>, cloud: &Cloud, size: Size) -> Result<Vec<Account>> {
    let now = app.clock.now();
    let city = tokio::task::spawn_blocking(move || demo::town(now, size)).await?;
    let accounts = city.people.iter().map(|person| person.account.clone()).collect();
    cloud.import(people(&city, |_| true)?).await?;
    let by_id: HashMap<AccountId, Account> =
        city.people.into_iter().map(|p| (p.account.id, p.account)).collect();
    let mut items = Vec::new();
    for page in city.patients.iter().chain(&city.closed) {
        items.extend(patient(&by_id, page)?);
    }
    cloud.import(items).await?;
    let pages = city.patients.into_iter().chain(city.closed);
    let files = pages.flat_map(|page| page.files.into_iter().chain(page.documents));
    let files = files.map(|file| store_file(app.clone(), file));
    run_at_once(AT_ONCE, files).await?;
    portal(app, cloud).await?;
    Ok(accounts)
}

/// What the city's portal began with, and its files.
async fn portal(app: &Arc<App>, cloud: &Cloud) -> Result<()> {
    let begun = demo::portal(app.clock.now());
    let version = |(page, text): (PageName, PageText)| Version {
        page,
        number: 1,
        sha256: sha256_hex(text.as_hashed().as_bytes()),
        text,
        at: begun.at,
        by: None,
        by_name: "初期設定".into(),
        case: None,
        case_number: None,
        ends: false,
    };
    let versions: Vec<Version> = begun.pages.into_iter().map(version).collect();
    cloud.import(Store::portal_items(&versions, &begun.notices, &begun.status)?).await?;
    publish::run_due(app).await?;
    Ok(())
}

/// Loads the city's and the contractor's people only: nobody is cared for yet.
///
/// # Errors
/// If a store refuses.
pub async fn staff(app: &Arc<App>, cloud: &Cloud) -> Result<Vec<Account>> {
    let city = demo::town(app.clock.now(), Size::TEST);
    let is_staff = |account: &Account| !account.roles.contains(&Role::Member);
    cloud.import(people(&city, is_staff)?).await?;
    Ok(city.people.into_iter().map(|person| person.account).filter(is_staff).collect())
}

fn people(city: &City, wanted: impl Fn(&Account) -> bool) -> Result<Vec<Item>> {
    let password = password::hash(DEMO_PASSWORD).context("a password cannot be hashed")?;
    let mut items = Vec::new();
    for person in city.people.iter().filter(|person| wanted(&person.account)) {
        let mut login = Login::without_password(person.account.id);
        login.password = Some(password.clone());
        items.extend(Store::account_items(&person.account, &login)?);
        items.push(Store::recovery_item(person.account.id, secondfactor::RECOVERY)?);
        items.push(Store::totp_item(person.account.id, &secondfactor::secret(&person.account.user_id))?);
    }
    for facility in &city.facilities {
        items.push(Store::facility_item(facility)?);
    }
    Ok(items)
}

fn patient(people: &HashMap<AccountId, Account>, page: &PatientPage) -> Result<Vec<Item>> {
    let id = page.patient.id;
    let mut notes: BTreeMap<NoteNumber, Note> = BTreeMap::new();
    let mut items: Vec<Item> = Vec::new();
    let mut changes = 0;
    for entry in &page.entries {
        let was = notes.remove(&entry.number);
        changes += u64::from(was.is_some());
        let (note, earlier) = entry.apply(was).map_err(|why| anyhow::anyhow!("demo entry: {why:?}"))?;
        if let Some(earlier) = earlier {
            items.push(Store::history_item(id, entry.number, &earlier)?);
        }
        items.push(Store::journal_item(random::id(entry.at, EventId::from_parts), entry)?);
        if let Act::Sent { note } = &entry.act {
            for file in &note.attachments {
                let doc = AttachmentDoc::of(id, entry.by, file);
                items.push(Store::attachment_item(file.id, &doc, note.number)?);
            }
        }
        notes.insert(entry.number, note);
    }
    let notes: Vec<Note> = notes.into_values().collect();
    for note in &notes {
        items.push(Store::note_item(id, note)?);
    }
    items.push(Store::patient_item(&page.patient, &notes, changes)?);
    items.push(Store::reading_item(&page.patient)?);
    for consent in &page.consents {
        items.extend(Store::consent_items(id, consent)?);
    }
    for (place, member) in page.team.iter().enumerate() {
        let joined = joined(people, member, place == 0);
        let Some(account) = people.get(&member.account) else { continue };
        let member = TeamMember {
            account: account.id,
            name: account.name.clone(),
            profession: account.profession,
            facility_name: account.facility_name.clone(),
            read_to: member.read_to,
            read_at: member.read_at,
            history: NoteNumber(0),
        };
        let addressed = notes.iter().rev().find(|note| note.addressees.contains(&account.id));
        let addressed = addressed.map_or(NoteNumber(0), |note| note.number);
        items.push(Store::member_item_since(id, &member, addressed, joined)?);
    }
    Ok(items)
}

/// Since when and why somebody is in a demo team: the first registered the patient, the manager of their own facility
/// sent each of the others.
fn joined(people: &HashMap<AccountId, Account>, member: &Member, first: bool) -> Option<Joined> {
    let account = people.get(&member.account)?;
    if first {
        let (by, by_name) = (account.id, account.name.clone());
        let how = JoinedBy::Registered;
        return Some(Joined { at: member.joined_at, how, by, by_name, reason: String::new() });
    }
    let manages =
        |other: &&Account| other.facility == account.facility && other.roles.contains(&Role::FacilityManager);
    let manager = people.values().filter(manages).min_by_key(|other| other.id).unwrap_or(account);
    let reason = demo::why_invited(account.profession).to_owned();
    let (by, by_name) = (manager.id, manager.name.clone());
    Some(Joined { at: member.joined_at, how: JoinedBy::Invited, by, by_name, reason })
}

async fn store_file(app: Arc<App>, file: DemoFile) -> Result<()> {
    let bytes = bytes::Bytes::from(file.bytes);
    if let Some((_, preview)) = picture::clean(bytes.clone(), file.file_type) {
        app.store.blobs.put_attachment(&BlobKey::Preview(file.id), FileType::Jpeg, preview).await?;
    }
    Ok(app.store.blobs.put_attachment(&BlobKey::File(file.id), file.file_type, bytes).await?)
}

/// Runs all, at most `at_once` side by side; the first error ends it.
async fn run_at_once<F>(at_once: usize, work: impl IntoIterator<Item = F>) -> Result<()>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let mut running = JoinSet::new();
    for task in work {
        if running.len() >= at_once
            && let Some(done) = running.join_next().await
        {
            done??;
        }
        running.spawn(task);
    }
    while let Some(done) = running.join_next().await {
        done??;
    }
    Ok(())
}
