//! The runbooks (Art. 24(3)): their commands do what they say, their reviews are recorded by two people, and their copies
//! lie where nobody can remove them.

use crate::support::{
    Bench, Person, START,
    cases::{asking, form, take},
    guide,
};
use functions::{
    evidence::runbooks,
    procedure::sheet::Press,
    store::blob::{BlobKey, sha256_hex},
};
use shared::{
    api::{Empty, procedure as k, runbook as r},
    calendar::{Day, Timestamp},
    evidence::runbook::{RunbookWork, SOURCES},
    procedure::{Act, Asked, Procedure, State},
    sheet::Sheet,
};
use std::sync::Arc;

fn rehearsal(fields: &[(&str, &str)]) -> Asked {
    let mut all = form(&[
        ("runbook", "4"),
        ("work", "rehearsal"),
        ("on", "2026-11-19"),
        ("version", "1"),
        ("result", "10分で戻った。手順3の目安は合っている。"),
    ]);
    all.extend(form(fields));
    Asked { form: all, ..asking(Procedure::RunbookReview, &[]) }
}

async fn rows(person: &mut Person) -> Vec<r::RunbookRow> {
    person.ok::<r::ListRunbooks>(&(), &Empty {}).await.rows
}

#[tokio::test]
async fn a_rehearsal_counts_when_somebody_else_has_confirmed_it() {
    let bench = Bench::start().await;
    let (mut admin, mut om) = (bench.sign_in("sa-01").await, bench.sign_in("om-01").await);
    let before = rows(&mut admin).await;
    assert_eq!(before.len(), SOURCES.len());
    let never = before.iter().find(|row| row.number == 1).unwrap();
    assert!(never.standing.rehearsed_on.is_none() && never.standing.rehearsal_overdue);

    // What is wrong is said by its field.
    for (field, value) in
        [("runbook", "99"), ("work", "x"), ("on", "2026-11-21"), ("version", "0"), ("result", "")]
    {
        let problem = admin.refused::<k::OpenCase>(&(), &rehearsal(&[(field, value)])).await;
        assert_eq!(problem.fields[0].field, field);
    }
    let case = admin.ok::<k::OpenCase>(&(), &rehearsal(&[("runbook", "1")])).await;
    assert_eq!((case.state, case.about.as_str()), (State::WorkRecorded, "1 サービスが応答しない"));
    let unconfirmed = rows(&mut admin).await;
    assert!(unconfirmed.iter().all(|row| row.records.is_empty()), "one person's word is no record yet");
    // Whoever did it does not confirm it; nobody else of the city does either.
    assert!(admin.call::<k::StepCase>(&case.id, &take(&case, Act::ConfirmWork, &[])).await.is_err());
    let mut city = bench.sign_in("city-01").await;
    assert!(city.call::<k::StepCase>(&case.id, &take(&case, Act::ConfirmWork, &[])).await.is_err());
    let case = om.ok::<k::StepCase>(&case.id, &take(&case, Act::ConfirmWork, &[])).await;
    assert_eq!(case.state, State::Done);
    let after = rows(&mut city).await;
    let row = after.iter().find(|row| row.number == 1).unwrap();
    assert_eq!(row.standing.rehearsed_on, "2026-11-19".parse::<Day>().ok());
    assert!(!row.standing.rehearsal_overdue);
    assert_eq!((row.records.len(), row.records[0].work), (1, RunbookWork::Rehearsal));
    assert!(row.records[0].by_name != row.records[0].confirmed_by_name);

    // Refused, it counts for nothing.
    let case = admin.ok::<k::OpenCase>(&(), &rehearsal(&[("runbook", "2")])).await;
    let case = om.ok::<k::StepCase>(&case.id, &take(&case, Act::Refuse, &[("reason", "日が違う")])).await;
    assert_eq!(case.state, State::Refused);
    assert!(rows(&mut om).await.iter().find(|row| row.number == 2).unwrap().records.is_empty());
    // A year later it is late again; whoever writes notes sees none of this.
    bench.later(380 * 24 * 3600);
    let mut auditor = bench.sign_in("audit-01").await;
    assert!(rows(&mut auditor).await.iter().all(|row| row.standing.review_overdue));
    let mut nurse = bench.sign_in("hinata-n01").await;
    assert_eq!(nurse.refused::<r::ListRunbooks>(&(), &Empty {}).await.code.wire(), "forbidden");
}

/// Stands in where the fonts are not installed: what is kept is what the press gave.
struct PaperPress;

impl Press for PaperPress {
    fn pdf(&self, sheet: &Sheet) -> Result<Vec<u8>, String> {
        Ok(serde_json::to_vec(sheet).unwrap())
    }
}

#[tokio::test]
async fn every_text_lies_locked_in_the_archive_once() {
    let bench = Bench::empty().await;
    assert_eq!(runbooks::keep_due(&bench.app).await.unwrap(), SOURCES.len());
    assert_eq!(runbooks::keep_due(&bench.app).await.unwrap(), 0, "safe to repeat");
    let copies = bench.app.store.runbook_copies().await.unwrap();
    for (number, (_, text)) in (1..).zip(SOURCES) {
        let copy = &copies[&number];
        let kept = bench.app.store.blobs.archived(&copy.key, &copy.object_version).await.unwrap().unwrap();
        assert_eq!(kept.body, text.as_bytes(), "{}", copy.key);
        assert_eq!(copy.sha256, sha256_hex(text.as_bytes()));
        let until = bench.clock_day().locked_until().seconds();
        assert_eq!(kept.locked_until, Some(until), "{}", copy.key);
        assert!(copy.pdf_key.is_none());
    }
    // Once something prints, the paper follows, and the text is not written again.
    let _ = bench.app.press.set(Arc::new(PaperPress));
    assert_eq!(runbooks::keep_due(&bench.app).await.unwrap(), SOURCES.len());
    assert_eq!(runbooks::keep_due(&bench.app).await.unwrap(), 0);
    let again = bench.app.store.runbook_copies().await.unwrap();
    for (number, copy) in &copies {
        assert_eq!(again[number].object_version, copy.object_version);
        let pdf = again[number].pdf_key.as_ref().unwrap();
        let (key, version) = bench.app.store.blobs.first_version(pdf).await.unwrap().unwrap();
        let kept = bench.app.store.blobs.archived(&key, &version).await.unwrap().unwrap();
        assert!(kept.locked_until.is_some() && !kept.body.is_empty());
    }
    assert!(BlobKey::Runbook("x", 2, "abc".into(), "md").to_string().ends_with("/v2-abc.md"));
}

#[test]
fn every_command_of_every_runbook_answers_as_it_says() {
    let Some(aws) = guide::aws() else { return };
    let running = guide::Running::start();
    // The audit log needs a seal, and yesterday a generation: the schedule makes both.
    let day = START.parse::<Timestamp>().unwrap().day().plus_days(-1).to_string();
    let kept = [guide::kept("audit/", "audit/"), guide::kept(&format!("daily/{day}/"), "manifest")];
    running.until(&aws, &[], &kept.join(" && "));
    let any = "aws dynamodb scan --table-name \"$TABLE\" --filter-expression 'begins_with(pk, :patient)' --max-items 1 \
               --expression-attribute-values '{\":patient\": {\"S\": \"P#\"}}' --query 'Items[0].pk.S' --output text";
    let (_, patient) = running.run(&aws, &[], any);
    let patient = patient.lines().next().unwrap().strip_prefix("P#").unwrap().to_owned();
    let variables = [("DAY", day.as_str()), ("PATIENT", &patient)];
    let mut run = 0;
    for (name, text) in SOURCES {
        run += running.follow(name, &aws, &variables, text);
        // A restore goes into a new folder.
        for folder in ["restored", "one"] {
            let _ = std::fs::remove_dir_all(running.folder().join(folder));
        }
    }
    assert!(run > 15, "{run} commands were run");
}

#[test]
fn an_answer_that_differs_is_noticed() {
    assert!(guide::matches("a…b", "a x b") && guide::matches("…", "") && guide::matches("…b", "ab"));
    assert!(!guide::matches("a…b", "a x c") && !guide::matches("a", "ab") && !guide::matches("a…", "xa"));
    let text = "1. x\n\n   ```sh\n   ls \\\n     -l\n   ```\n\n   ```text\n   total …\n   ```\n\n```console\nrm\n```\n";
    let fences = guide::fences(text);
    assert_eq!(fences.len(), 1);
    assert_eq!(fences[0].command, "ls \\\n  -l");
    assert_eq!(fences[0].answer.as_deref(), Some("total …"));
}
