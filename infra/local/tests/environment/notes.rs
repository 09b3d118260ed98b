//! Notes through the public API: sent once, numbered without gaps, read, acknowledged, corrected, retracted.

use crate::support::{Bench, Person, as_note, command, new_note};
use serde_json::json;
use shared::{
    api::{Command, Empty, book as b},
    book::{NoteNumber, Retract, Revise, Thread},
    id::PatientId,
};

async fn newest(person: &mut Person, patient: PatientId) -> Thread {
    person.ok::<b::ReadThread>(&patient, &b::ThreadPage { before: None }).await
}

#[tokio::test]
async fn a_colleague_reads_answers_and_acknowledges() {
    let bench = Bench::start().await;
    let (mut nurse, mut doctor) = (bench.sign_in("hinata-n01").await, bench.sign_in("aoba-d01").await);
    let patient = nurse.patient_shared_with(&mut doctor).await;
    // Both have read everything.
    let last = newest(&mut nurse, patient).await.last;
    for person in [&mut nurse, &mut doctor] {
        person.ok::<b::MarkRead>(&patient, &b::ReadTo { number: last }).await;
    }
    let doctor_id = doctor.me.clone().unwrap().actor.account;
    let nurse_id = nurse.me.clone().unwrap().actor.account;
    let mut new = new_note("発熱 38.2℃。\r\nご指示をお願いします。");
    new["kind"] = json!("urgent");
    new["addressees"] = json!([doctor_id]);
    let note = nurse.ok::<b::CreateNote>(&patient, &as_note(new)).await;
    assert_eq!(note.number.0, last.0 + 1);
    assert_eq!(note.text, "発熱 38.2℃。\nご指示をお願いします。");

    let row =
        |rows: Vec<shared::book::PatientRow>| rows.into_iter().find(|row| row.patient.id == patient).unwrap();
    let his = row(doctor.ok::<b::ListPatients>(&(), &Empty {}).await.rows);
    assert_eq!((his.unread, his.urgent, his.addressed), (1, true, true));
    let hers = row(nurse.ok::<b::ListPatients>(&(), &Empty {}).await.rows);
    assert_eq!((hers.unread, hers.urgent), (0, false), "her own note is not news to her");

    doctor.ok::<b::MarkRead>(&patient, &b::ReadTo { number: note.number }).await;
    doctor.ok::<b::MarkRead>(&patient, &b::ReadTo { number: NoteNumber(1) }).await;
    let acked = doctor.ok::<b::Acknowledge>(&(patient, note.number), &Command { command: command() }).await;
    assert_eq!(acked.acknowledged[0].by, doctor_id);
    let again = doctor.ok::<b::Acknowledge>(&(patient, note.number), &Command { command: command() }).await;
    assert_eq!(again.acknowledged.len(), 1);
    let mut answer = new_note("解熱剤を処方します。");
    answer["reply_to"] = json!(note.number);
    doctor.ok::<b::CreateNote>(&patient, &as_note(answer)).await;

    let thread = newest(&mut nurse, patient).await;
    let read_to = |id| thread.team.iter().find(|member| member.account == id).unwrap().read_to;
    assert_eq!(
        read_to(doctor_id).0,
        note.number.0 + 1,
        "who answers has read, and a receipt never moves back"
    );
    assert_eq!(read_to(nurse_id), note.number);
    let [.., first, reply] = &thread.notes[..] else { panic!("two notes") };
    assert_eq!((first.acknowledged.len(), reply.reply_to), (1, Some(note.number)));
    let pulse = nurse.ok::<b::ReadPulse>(&patient, &Empty {}).await;
    assert_eq!((pulse.last, pulse.changes), (thread.last, thread.changes));
}

#[tokio::test]
async fn the_same_command_is_one_note_however_it_is_sent() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let before = newest(&mut nurse, patient).await.last;
    let new = as_note(new_note("一度だけ"));
    let sent = (0..6).map(|_| {
        let (mut nurse, new) = (nurse.clone(), new.clone());
        tokio::spawn(async move { nurse.ok::<b::CreateNote>(&patient, &new).await })
    });
    let mut notes = Vec::new();
    for note in sent.collect::<Vec<_>>() {
        notes.push(note.await.unwrap());
    }
    assert!(notes.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(newest(&mut nurse, patient).await.last.0, before.0 + 1);
    let mut other = new.clone();
    other.text = "違う内容".into();
    assert_eq!(nurse.refused::<b::CreateNote>(&patient, &other).await.code.wire(), "command_reused");
}

#[tokio::test]
async fn writers_side_by_side_leave_no_gap() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let before = newest(&mut nurse, patient).await.last;
    let writers: Vec<_> = (0..12)
        .map(|n| {
            let mut nurse = nurse.clone();
            tokio::spawn(async move {
                let new = as_note(new_note(&format!("並行 {n}")));
                // Who is told that it is busy sends the very same command again, as the screen does.
                loop {
                    match nurse.call::<b::CreateNote>(&patient, &new).await {
                        Ok(note) => return note.number,
                        Err(problem) => assert_eq!(problem.code.wire(), "busy"),
                    }
                }
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for writer in writers {
        numbers.push(writer.await.unwrap().0);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (before.0 + 1..=before.0 + 12).collect::<Vec<_>>());
}

#[tokio::test]
async fn pages_reach_the_beginning() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    for n in 0..60 {
        nurse.ok::<b::CreateNote>(&patient, &as_note(new_note(&format!("{n}")))).await;
    }
    let mut page = newest(&mut nurse, patient).await;
    let (last, team) = (page.last, page.team.len());
    let mut numbers: Vec<u32> = page.notes.iter().rev().map(|note| note.number.0).collect();
    assert_eq!(page.notes.len(), 50);
    while let Some(before) = page.before {
        page = nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage { before: Some(before) }).await;
        assert_eq!((page.team.len(), page.last), (team, last));
        numbers.extend(page.notes.iter().rev().map(|note| note.number.0));
    }
    assert_eq!(numbers, (1..=last.0).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_large_team_loses_no_note_of_the_page() {
    use functions::store::Store;
    use shared::{book::TeamMember, id::AccountId, people::Profession};
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    for n in 0..55 {
        nurse.ok::<b::CreateNote>(&patient, &as_note(new_note(&format!("{n}")))).await;
    }
    let before = newest(&mut nurse, patient).await;
    let further = (0..30).map(|n| TeamMember {
        account: AccountId::from_parts(1, n),
        name: "増員".into(),
        profession: Profession::HomeHelper,
        facility_name: "ゆず".into(),
        read_to: NoteNumber(0),
        read_at: None,
        history: NoteNumber(0),
    });
    let items = further.map(|member| Store::member_item(patient, &member, NoteNumber(0)).unwrap()).collect();
    bench.app.store.put_all(items).await.unwrap();
    let after = newest(&mut nurse, patient).await;
    assert_eq!(after.team.len(), before.team.len() + 30);
    assert_eq!((after.notes, after.before), (before.notes, before.before));
}

#[tokio::test]
async fn a_correction_keeps_history_and_a_retraction_keeps_everything() {
    let bench = Bench::start().await;
    let (mut nurse, mut doctor) = (bench.sign_in("hinata-n01").await, bench.sign_in("aoba-d01").await);
    let patient = nurse.first_patient().await;
    let note = nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("血圧 182/60"))).await;
    let path = (patient, note.number);
    let revise = |revision, text: &str| Revise { command: command(), revision, text: text.into() };
    let revised = nurse.ok::<b::ReviseNote>(&path, &revise(1, "血圧 128/60")).await;
    assert_eq!((revised.revision, revised.text.as_str()), (2, "血圧 128/60"));
    assert_eq!(nurse.refused::<b::ReviseNote>(&path, &revise(1, "古い画面から")).await.code.wire(), "stale");
    assert_eq!(
        nurse.refused::<b::ReviseNote>(&path, &revise(2, "血圧 128/60")).await.fields[0].field,
        "text"
    );
    // Not the author, though in the team: as if it were not there.
    let by_doctor = doctor.call::<b::ReviseNote>(&path, &revise(2, "書き換え")).await;
    assert_eq!(by_doctor.unwrap_err().code.wire(), "not_found");
    let history = nurse.ok::<b::ReadHistory>(&path, &Empty {}).await;
    assert_eq!(history.revisions[0].text, "血圧 182/60");

    let retract = |reason: &str| Retract { command: command(), revision: 2, reason: reason.into() };
    assert_eq!(nurse.refused::<b::RetractNote>(&path, &retract(" ")).await.fields[0].field, "reason");
    // The facility manager of the author's facility answers for it (Art. 5), if in the team; here the author does.
    let gone = nurse.ok::<b::RetractNote>(&path, &retract("別の患者さんの記録でした")).await;
    assert_eq!(
        (gone.text.as_str(), gone.retraction.unwrap().reason.as_str()),
        ("血圧 128/60", "別の患者さんの記録でした")
    );
    assert_eq!(nurse.refused::<b::ReviseNote>(&path, &revise(2, "後から")).await.code.wire(), "retracted");
    let thread = newest(&mut nurse, patient).await;
    assert!(thread.notes.last().unwrap().retraction.is_some());
}
