use super::*;
use crate::{chance::Chance, lexicon, scripts, voice::Voice};
use sha2::{Digest, Sha256};
use shared::{
    book::{Act, Note, NoteKind, TEAM_MAX},
    people::{FacilityKind, Profession, Role, is_user_id, weak_password},
    text::NOTE_MAX,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

fn at(day: &str) -> Timestamp {
    format!("{day}T12:34:56+09:00").parse().unwrap()
}

fn until() -> Timestamp {
    at("2026-11-22")
}

fn notes(page: &PatientPage) -> Vec<Note> {
    let mut notes: BTreeMap<NoteNumber, Note> = BTreeMap::new();
    for entry in &page.entries {
        let note = entry.apply(notes.remove(&entry.number)).unwrap().0;
        notes.insert(entry.number, note);
    }
    notes.into_values().collect()
}

fn digest(city: &City) -> String {
    let mut hash = Sha256::new();
    hash.update(serde_json::to_vec(&city.facilities).unwrap());
    for person in &city.people {
        hash.update(serde_json::to_vec(&person.account).unwrap());
        hash.update(&person.password);
    }
    for page in &city.patients {
        hash.update(serde_json::to_vec(&(&page.patient, page.registered_at, &page.entries)).unwrap());
        for member in &page.team {
            let facts = (member.account, member.joined_at, member.read_to, member.read_at);
            hash.update(serde_json::to_vec(&facts).unwrap());
        }
        for file in &page.files {
            hash.update(serde_json::to_vec(&(file.id, &file.name, file.file_type)).unwrap());
            hash.update(&file.bytes);
        }
    }
    hex::encode(hash.finalize())
}

#[test]
fn the_same_day_gives_the_same_bytes() {
    let morning = town("2026-11-21T15:00:00Z".parse().unwrap(), Size::TEST);
    let night = town("2026-11-22T14:59:59.999Z".parse().unwrap(), Size::TEST);
    assert_eq!(digest(&morning), digest(&night));
    let next = town("2026-11-22T15:00:00Z".parse().unwrap(), Size::TEST);
    assert_ne!(digest(&morning), digest(&next));
}

#[test]
fn the_whole_city_is_sound() {
    let started = std::time::Instant::now();
    let city = city(until());
    println!("city(DEMO): {:?}", started.elapsed());
    sound(&city, Size::DEMO, until());
    let kinds: HashSet<FacilityKind> = city.facilities.iter().map(|facility| facility.kind).collect();
    assert_eq!(kinds.len(), FacilityKind::ALL.len());
    let professions: HashSet<Profession> = city.people.iter().map(|p| p.account.profession).collect();
    assert_eq!(professions.len(), Profession::ALL.len());
    let hash = digest(&city);
    assert_eq!(hash, digest(&super::city(until())));
    report(&city);
}

#[test]
fn the_small_city_is_sound() {
    for day in
        ["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "2028-02-29", "2027-01-02", "2027-08-08"]
    {
        sound(&town(at(day), Size::TEST), Size::TEST, at(day));
    }
    report(&town(until(), Size::TEST));
}

/// Everything that must hold in a city of any size.
fn sound(city: &City, size: Size, until: Timestamp) {
    assert_eq!(
        (city.facilities.len(), city.people.len(), city.patients.len()),
        (size.facilities, size.people, size.patients)
    );
    people_are_sound(city);
    let mut all = 0;
    for page in &city.patients {
        let notes = notes(page);
        all += notes.len();
        page_is_sound(city, page, &notes, until.day().start());
    }
    assert_eq!(all, size.notes);
    let bytes: usize = city.patients.iter().flat_map(|page| &page.files).map(|file| file.bytes.len()).sum();
    assert!(bytes < 5_000_000, "{bytes}");
    named_people_are_sound(city, size);
}

fn people_are_sound(city: &City) {
    let mut seen = HashSet::new();
    for person in &city.people {
        let account = &person.account;
        assert!(is_user_id(&account.user_id), "{}", account.user_id);
        assert!(seen.insert(account.user_id.clone()) && seen.insert(account.name.clone()), "{account:?}");
        let facility = city.facilities.iter().find(|facility| facility.id == account.facility).unwrap();
        assert_eq!(facility.name, account.facility_name);
        let known = [account.user_id.as_str(), &account.name, &account.kana, &account.facility_name];
        assert_eq!(weak_password(&person.password, &known), None);
        assert!(account.kana.chars().all(|c| c == ' ' || c == 'ー' || ('ぁ'..='ん').contains(&c)));
    }
    for facility in &city.facilities {
        let managers = city
            .people
            .iter()
            .filter(|p| p.account.facility == facility.id && p.account.roles.contains(&Role::FacilityManager))
            .count();
        let office = [FacilityKind::CityOffice, FacilityKind::Contractor].contains(&facility.kind);
        assert_eq!(managers, usize::from(!office), "{}", facility.name);
    }
}

fn page_is_sound(city: &City, page: &PatientPage, notes: &[Note], end: Timestamp) {
    let name = &page.patient.name;
    assert!((4..=9).contains(&page.team.len()) && page.team.len() <= TEAM_MAX, "{name} {}", page.team.len());
    let accounts: Vec<_> = page
        .team
        .iter()
        .map(|member| &city.people.iter().find(|p| p.account.id == member.account).unwrap().account)
        .collect();
    let places: BTreeSet<_> = accounts.iter().map(|account| account.facility).collect();
    assert!((3..=6).contains(&places.len()), "{name} {}", places.len());
    assert!(accounts.iter().all(|account| account.roles.contains(&Role::Member)));
    assert!(!notes.is_empty(), "{name}");
    assert!(page.patient.consented_on.unwrap().start() < page.registered_at);
    let [consent] = &page.consents[..] else { panic!("{name}: {:?}", page.consents) };
    assert_eq!(Some(consent.given_on), page.patient.consented_on);
    assert!(page.entries.iter().all(|entry| consent.recorded_at < entry.at), "{name}");
    documents_are_sound(page);
    assert!(page.entries.is_sorted_by_key(|entry| entry.at));
    for entry in &page.entries {
        assert!(page.registered_at < entry.at && entry.at < end, "{name} {}", entry.at);
        assert_eq!(entry.patient, page.patient.id);
        assert!(page.team.iter().any(|member| member.account == entry.by), "{name}");
    }
    let sent: Vec<u32> = page
        .entries
        .iter()
        .filter(|entry| matches!(entry.act, Act::Sent { .. }))
        .map(|entry| entry.number.0)
        .collect();
    assert!(sent.iter().copied().eq(1..=sent.len() as u32), "{name}");
    for note in notes {
        text_is_sound(note);
        assert!(note.reply_to.is_none_or(|earlier| earlier < note.number));
        assert!(note.addressees.iter().all(|id| page.team.iter().any(|m| m.account == *id)));
        assert!(!note.addressees.contains(&note.author.account));
        assert!(note.acknowledged.iter().all(|ack| ack.by != note.author.account && ack.at > note.sent_at));
    }
    let attached: Vec<_> = notes.iter().flat_map(|note| &note.attachments).collect();
    assert_eq!(attached.len(), page.files.len());
    for attachment in attached {
        let file = page.files.iter().find(|file| file.id == attachment.id).unwrap();
        assert_eq!((&file.name, file.file_type), (&attachment.name, attachment.file_type));
        assert_eq!(FileType::of_content(&file.bytes), Some(file.file_type));
        assert_eq!(file.bytes.len() as u64, attachment.bytes);
        assert_eq!(hex::encode(Sha256::digest(&file.bytes)), attachment.sha256);
    }
    for member in &page.team {
        assert!(member.read_to.0 <= notes.len() as u32);
        assert_eq!(member.read_at.is_some(), member.read_to.0 > 0);
        if let Some(at) = member.read_at {
            assert!(notes[member.read_to.0 as usize - 1].sent_at <= at && at < end);
        }
    }
}

fn documents_are_sound(page: &PatientPage) {
    assert_eq!(page.consents.len(), page.documents.len());
    for (consent, file) in page.consents.iter().zip(&page.documents) {
        assert_eq!((consent.document.id, &consent.document.name), (file.id, &file.name));
        assert_eq!(FileType::of_content(&file.bytes), Some(file.file_type));
        assert_eq!(hex::encode(Sha256::digest(&file.bytes)), consent.document.sha256);
        assert!(page.team.iter().any(|member| member.account == consent.recorded_by));
    }
}

#[test]
fn two_pages_are_closed_and_nobody_wrote_there() {
    use shared::book::ConsentState;
    for size in [Size::TEST, Size::DEMO] {
        let city = town(until(), size);
        let states: Vec<_> = city.closed.iter().map(|page| page.patient.consent()).collect();
        assert_eq!(states, [ConsentState::Missing, ConsentState::Withdrawn]);
        let last = city.patients.iter().map(|page| page.patient.id).max().unwrap();
        for page in &city.closed {
            assert!(page.entries.is_empty() && page.patient.id > last);
            documents_are_sound(page);
        }
        assert!(city.closed[1].consents[0].withdrawal.is_some());
    }
}

fn text_is_sound(note: &Note) {
    let text = &note.text;
    assert_eq!(*text, shared::text::clean(text), "{text:?}");
    let length = text.chars().count();
    assert!((8..NOTE_MAX).contains(&length), "{text:?}");
    assert!(text.lines().count() <= 12 && text.lines().all(|line| !line.trim().is_empty()), "{text}");
    for bad in ["{", "}", "|", "。。", "、、", "。、", "\\n", "  "] {
        assert!(!text.contains(bad), "{bad:?} in {text}");
    }
}

fn named_people_are_sound(city: &City, size: Size) {
    let id =
        |user_id: &str| city.people.iter().find(|p| p.account.user_id == user_id).expect(user_id).account.id;
    let of = |user_id: &str| -> Vec<usize> {
        let id = id(user_id);
        (0..city.patients.len())
            .filter(|index| city.patients[*index].team.iter().any(|member| member.account == id))
            .collect()
    };
    for user_id in named::ALL {
        id(user_id);
    }
    let hers = of(named::NURSE);
    assert_eq!(hers.len(), teams::of_named_nurse(size.patients));
    let shared = of(named::DOCTOR).into_iter().filter(|index| hers.contains(index)).count();
    assert!(shared * 2 > hers.len());
    assert!(!of(named::OUTSIDER).is_empty());
    assert!(of(named::OUTSIDER).iter().all(|index| !hers.contains(index)));
    for user_id in [named::DOCTOR, named::PHARMACIST, named::CARE_MANAGER, named::HELPER, named::COLLEAGUE] {
        assert!(of(user_id).contains(&0), "{user_id}");
    }
    // Something waits for her, something urgent among it, but not everything is unread.
    let waiting = |index: &usize| {
        let page = &city.patients[*index];
        let mark = page.team.iter().find(|m| m.account == id(named::NURSE)).unwrap().read_to;
        notes(page).into_iter().filter(|n| n.number > mark && n.author.account != id(named::NURSE)).collect()
    };
    let unread: Vec<Vec<Note>> = hers.iter().map(waiting).collect();
    println!("unread of the named nurse: {:?}", unread.iter().map(Vec::len).collect::<Vec<_>>());
    assert!(unread.iter().filter(|notes| !notes.is_empty()).count() * 5 >= hers.len());
    assert!(unread.iter().flatten().any(|note| note.kind == NoteKind::Urgent));
    let files = &city.patients[0].files;
    assert!(files.iter().any(|file| file.file_type == FileType::Jpeg));
    assert!(files.iter().any(|file| file.file_type == FileType::Pdf));
}

#[test]
fn other_sizes_are_sound() {
    let size = Size { facilities: 12, people: 40, patients: 30, notes: 900, days: 30 };
    sound(&town(at("2027-03-14"), size), size, at("2027-03-14"));
}

#[test]
fn words_are_sound() {
    let mut templates = lexicon::common().len();
    let common: HashSet<&str> = lexicon::common().all().map(|((name, _), _)| *name).collect();
    for (voice, name, _) in Voice::ALL {
        let words = lexicon::words(*voice);
        templates += words.len();
        assert!(!words.topics.is_empty(), "{name}");
        assert!(words.exact("note", "").is_some() && words.exact("o", "").is_some(), "{name}");
        for ((section, topic), list) in words.all() {
            assert!(!list.is_empty(), "{name} [{section}.{topic}]");
        }
    }
    let library = scripts::library();
    let steps: Vec<_> =
        library.stories.iter().chain(&library.questions).flat_map(|script| &script.steps).collect();
    for script in library.stories.iter().chain(&library.questions) {
        assert!(script.steps.len() >= 2, "{}", script.name);
        for file in script.steps.iter().filter_map(|step| step.file) {
            assert!(files::Cabinet::has(file), "{} {file}", script.name);
        }
    }
    println!(
        "{templates} templates, {} stories, {} questions, {} steps; common: {common:?}",
        library.stories.len(),
        library.questions.len(),
        steps.len()
    );
    assert!(templates > 400 && library.stories.len() > 20 && library.questions.len() > 40);
    let lines = [
        include_str!("scripts/illness.txt"),
        include_str!("scripts/life.txt"),
        include_str!("scripts/conditions.txt"),
        include_str!("scripts/questions.txt"),
        include_str!("scripts/arrangements.txt"),
    ]
    .into_iter()
    .flat_map(str::lines)
    .filter(|line| line.contains(" : "))
    .count();
    assert_eq!(lines, steps.len(), "a step that could not be read");
}

#[test]
fn documents_are_whole() {
    for kind in ["lab", "prescription", "meeting", "plan", "report"] {
        let bytes = pdf::page(kind, 1);
        let text = String::from_utf8(bytes).unwrap();
        let table: usize =
            text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
        assert!(text[table..].starts_with("xref\n0 6\n"));
        for (number, line) in (1..).zip(text[table..].lines().skip(3).take(5)) {
            let place: usize = line[..10].parse().unwrap();
            assert!(text[place..].starts_with(&format!("{number} 0 obj\n")), "{kind}");
            assert_eq!(line.len(), 19);
        }
    }
}

#[test]
fn pictures_can_be_opened() {
    let started = std::time::Instant::now();
    let bytes: usize = (0..40)
        .map(|n| pictures::picture(["wound", "calendar", "graph", "meal", "home"][n % 5], n / 5).len())
        .sum();
    println!("40 pictures: {:?}, {bytes} bytes", started.elapsed());
    for kind in ["wound", "calendar", "graph", "meal", "home"] {
        let bytes = pictures::picture(kind, 2);
        let picture = image::load_from_memory(&bytes).unwrap();
        assert_eq!((picture.width(), picture.height()), (640, 480));
        assert!(bytes.len() < 40_000, "{kind} {}", bytes.len());
    }
    assert_eq!(Chance::new(9, 9).below(1), 0);
}

/// What there is, for `--nocapture`.
fn report(city: &City) {
    if let Ok(to) = std::env::var("DEMO_TEXT") {
        let mut text = String::new();
        for page in &city.patients {
            let p = &page.patient;
            text.push_str(&format!(
                "#### {} {} {} {} {}\n",
                p.name,
                p.born,
                p.care_level,
                p.area,
                page.team.len()
            ));
            for note in notes(page) {
                let reply = note.reply_to.map(|n| format!("→{n}")).unwrap_or_default();
                text.push_str(&format!(
                    "--- {}{reply} {} {} {} {}{} 了解{}{}{}\n{}\n",
                    note.number,
                    note.sent_at,
                    note.kind,
                    note.author.name,
                    note.author.profession,
                    if note.addressees.is_empty() { "" } else { " 宛" },
                    note.acknowledged.len(),
                    if note.revision > 1 { " 訂正" } else { "" },
                    if note.retraction.is_some() { " 取消" } else { "" },
                    note.text
                ));
            }
        }
        std::fs::write(to, text).unwrap();
    }
    let all: Vec<Note> = city.patients.iter().flat_map(notes).collect();
    let share = |what: &dyn Fn(&Note) -> bool| {
        format!("{:.1}%", 100.0 * all.iter().filter(|note| what(note)).count() as f64 / all.len() as f64)
    };
    println!(
        "notes {} files {} entries {}",
        all.len(),
        city.patients.iter().map(|p| p.files.len()).sum::<usize>(),
        city.patients.iter().map(|p| p.entries.len()).sum::<usize>()
    );
    println!("revised {}", share(&|n| n.revision > 1));
    println!("retracted {}", share(&|n| n.retraction.is_some()));
    println!("acknowledged {}", share(&|n| !n.acknowledged.is_empty()));
    println!("replies {}", share(&|n| n.reply_to.is_some()));
    println!("addressed {}", share(&|n| !n.addressees.is_empty()));
    for kind in NoteKind::ALL {
        println!("{} {}", kind.label(), share(&|n| n.kind == *kind));
    }
    let different: HashSet<&str> = all.iter().map(|note| note.text.as_str()).collect();
    println!("different texts {}", different.len());
    println!(
        "bytes of files {}",
        city.patients.iter().flat_map(|p| &p.files).map(|f| f.bytes.len()).sum::<usize>()
    );
    let letters: usize = all.iter().map(|note| note.text.chars().count()).sum();
    println!("average length {}", letters / all.len());
}
