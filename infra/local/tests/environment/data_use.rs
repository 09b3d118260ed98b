//! データの臨時使用 (Art. 15) over HTTP: asked, decided, presented, made, fetched, proven; and everything that is no way to data.

use crate::support::{
    Answer, Bench, Person,
    cases::{asking, form, stepped, take},
    command, request,
};
use functions::{procedure::data_use, store::Store};
use sha2::{Digest, Sha256};
use shared::{
    api::{Empty, procedure as k},
    book::{Act as Did, Author, CareLevel, Entry, Importance, Note, NoteKind, NoteNumber, Patient, Sex},
    calendar::{Day, Timestamp},
    evidence::deidentify::{AgeStep, Column, Dataset, Grain, HIDDEN, Wanted, deidentify},
    id::{AccountId, CaseId, EventId, FacilityId, OutputId, PatientId},
    people::Profession,
    procedure::{Act, Asked, Case, Channel, DataGrant, NewOutput, Output, Procedure, State},
};

const FROM: &str = "2026-11-01";
const TO: &str = "2026-11-15";
/// The planted patient whom everybody would recognise.
const UNIQUE: u128 = 999;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn applying(more: &[(&str, &str)]) -> Asked {
    let mut wanted = form(&[
        ("representative", "伊藤 恵子"),
        ("subject", "訪問の時間帯の調査"),
        ("purpose", "職員の配置を見直すため"),
        ("processing", "月ごとに集計する"),
        ("medium", "hard_disk,other"),
        ("medium_other", "施設内サーバー"),
        ("after_use", "erased"),
        ("from_on", "2026-11-20"),
        ("to_on", "2026-12-10"),
        ("on", "2026-11-25"),
        ("dataset", "notes"),
        ("shape", "rows"),
        ("age", "10"),
        ("grain", "month"),
        ("data_from", FROM),
        ("data_to", TO),
    ]);
    wanted.extend(form(more));
    Asked { form: wanted, ..asking(Procedure::DataUse, &[]) }
}

fn rows() -> Wanted {
    Wanted {
        dataset: Dataset::Notes,
        by: vec![],
        age: AgeStep::Ten,
        grain: Grain::Month,
        from: day(FROM),
        to: day(TO),
    }
}

fn counts(by: &[Column]) -> Wanted {
    Wanted { by: by.to_vec(), ..rows() }
}

async fn read(person: &mut Person, id: CaseId) -> Case {
    person.ok::<k::ReadCase>(&id, &Empty {}).await.case
}

async fn made(operator: &mut Person, case: &Case, wanted: Wanted) -> Output {
    let new = NewOutput { command: command(), version: case.version, wanted };
    operator.ok::<k::MakeOutput>(&case.id, &new).await
}

async fn not_made(operator: &mut Person, case: &Case, wanted: Wanted) -> (String, String) {
    let new = NewOutput { command: command(), version: case.version, wanted };
    let problem = operator.refused::<k::MakeOutput>(&case.id, &new).await;
    let field = problem.fields.first().map(|field| field.field.clone()).unwrap_or_default();
    (problem.code.wire().to_owned(), field)
}

async fn get(url: &str) -> Answer {
    let url: http::Uri = url.parse().unwrap();
    request(url.authority().unwrap().as_str(), "GET", url.path_and_query().unwrap().as_str(), &[], "").await
}

const GRANT: &[(&str, &str)] =
    &[("notice_number", "U-2026-0001-1"), ("decided_on", "2026-11-20"), ("provided_from", "2026-11-20")];
const PRESENT: &[(&str, &str)] =
    &[("notice_number", "Ｕ－2026－0001－1"), ("presented_by", "伊藤 恵子"), ("presented_on", "2026-11-20")];
const MEASURE: &[(&str, &str)] = &[
    ("measure", "erased"),
    ("measured_on", "2026-11-20"),
    ("measured_how", "消去ソフトで3回上書きした"),
    ("measured_by", "伊藤 恵子"),
];

/// A bench with sixty patients who are much alike, and one who is not.
async fn city() -> Bench {
    let bench = Bench::start().await;
    let facilities = bench.app.store.facilities().await.unwrap();
    let kinds: Vec<FacilityId> = facilities.iter().map(|facility| facility.id).collect();
    let mut items = Vec::new();
    let mut next = 0_u128;
    let mut note = |patient: PatientId, author: (u128, usize, Profession), kind: NoteKind, at: &str| {
        next += 1;
        let at: Timestamp = at.parse().unwrap();
        let number = NoteNumber(u32::try_from(next).unwrap());
        let account = AccountId::from_parts(2, author.0);
        let sent = Note {
            number,
            kind,
            importance: Importance::Normal,
            text: "秘密の本文".into(),
            author: Author {
                account,
                name: "秘密 職員".into(),
                profession: author.2,
                facility: kinds[author.1 % kinds.len()],
                facility_name: "秘密施設".into(),
            },
            sent_at: at,
            addressees: vec![],
            reply_to: None,
            attachments: vec![],
            revision: 1,
            revised_at: None,
            retraction: None,
            acknowledged: vec![],
        };
        let act = Did::Sent { note: Box::new(sent) };
        let entry = Entry { at, patient, number, by: account, act };
        Store::journal_item(EventId::from_parts(at.ms().unsigned_abs(), next), &entry).unwrap()
    };
    let patient = |n: u128, born: &str, sex: Sex, care_level: CareLevel| Patient {
        id: PatientId::from_parts(3, n),
        name: format!("秘密 花子{n}"),
        kana: "ひみつ はなこ".into(),
        born: day(born),
        sex,
        care_level,
        area: "秘密町".into(),
        consented_on: Some(day("2026-01-01")),
        withdrawn_on: None,
    };
    for n in 0..60_u128 {
        let born = if n % 2 == 0 { "1938-05-05" } else { "1946-05-05" };
        let care = if n % 4 < 2 { CareLevel::Care1 } else { CareLevel::Care3 };
        let one = patient(n, born, if n % 3 == 0 { Sex::Male } else { Sex::Female }, care);
        items.push(Store::patient_item(&one, &[], 0).unwrap());
        for m in 0..=n % 3 {
            items.push(note(
                one.id,
                (n % 6, 0, Profession::Nurse),
                NoteKind::Report,
                &format!("2026-11-0{}T01:00:00Z", m + 2),
            ));
        }
    }
    let unique = patient(UNIQUE, "2016-02-03", Sex::Unstated, CareLevel::Care5);
    items.push(Store::patient_item(&unique, &[], 0).unwrap());
    for _ in 0..40 {
        items.push(note(
            unique.id,
            (77, 3, Profession::SpeechTherapist),
            NoteKind::Urgent,
            "2026-11-03T02:00:00Z",
        ));
    }
    bench.app.store.put_all(items).await.unwrap();
    bench
}

/// As far as the presentation.
async fn presented(bench: &Bench, more: &[(&str, &str)]) -> (Person, Person, Person, Case) {
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let mut operator = bench.sign_in("op-01").await;
    let case = manager.ok::<k::OpenCase>(&(), &applying(more)).await;
    let case = stepped(&mut city, &case, Act::Accept, &[]).await;
    let case = stepped(&mut city, &case, Act::Grant, GRANT).await;
    let case = stepped(&mut operator, &case, Act::Present, PRESENT).await;
    (manager, city, operator, case)
}

#[tokio::test]
async fn the_whole_course_from_form_1_to_the_proof_of_erasure() {
    let bench = city().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let mut operator = bench.sign_in("op-01").await;
    let case = manager.ok::<k::OpenCase>(&(), &applying(&[])).await;
    assert_eq!(
        (case.state, case.number.as_str(), case.about.as_str()),
        (State::Submitted, "U-2026-0001", "訪問の時間帯の調査")
    );
    let case = stepped(&mut city, &case, Act::Accept, &[]).await;
    let opened = city.ok::<k::ReadCase>(&case.id, &Empty {}).await;
    assert_eq!(opened.proposed["notice_number"], "U-2026-0001-1");
    // Nothing is decided yet, and nothing presented.
    for state in ["accepted", "granted"] {
        let case = read(&mut operator, case.id).await;
        assert_eq!(case.state.wire(), state);
        assert_eq!(not_made(&mut operator, &case, rows()).await.0, "stale");
        if state == "accepted" {
            stepped(&mut city, &case, Act::Grant, GRANT).await;
        }
    }
    let case = read(&mut operator, case.id).await;
    assert_eq!(case.due_at.to_string(), "2026-12-10T15:00:00.000Z", "by the end of the use period");
    let mut wrong = take(&case, Act::Present, PRESENT);
    wrong.form.insert("notice_number".into(), "U-2026-0001-2".into());
    let refused = operator.refused::<k::StepCase>(&case.id, &wrong).await;
    assert_eq!((refused.code.wire(), refused.fields[0].field.as_str()), ("invalid", "notice_number"));
    let case = stepped(&mut operator, &case, Act::Present, PRESENT).await;
    assert_eq!(case.state, State::Presented);

    // The step alone makes and gives nothing.
    for act in [Act::Produce, Act::Provide] {
        let refused = operator.refused::<k::StepCase>(&case.id, &take(&case, act, &[])).await;
        assert_eq!(refused.code.wire(), "invalid");
    }
    let output = made(&mut operator, &case, rows()).await;
    assert!(output.rows >= 60 && output.dropped >= 40, "{output:?}");
    assert_eq!((output.least, output.notice_number.as_str()), (10, "U-2026-0001-1"));
    // The operator was told counts, and cannot fetch.
    let told = serde_json::to_string(&output).unwrap();
    assert!(!told.contains("秘密") && !told.contains("看護師"), "{told}");
    let address = (case.id, output.id);
    assert_eq!(operator.refused::<k::DownloadOutput>(&address, &Empty {}).await.code.wire(), "forbidden");
    assert!(!operator.ok::<k::ListOutputs>(&case.id, &Empty {}).await.may_fetch);

    let listed = manager.ok::<k::ListOutputs>(&case.id, &Empty {}).await;
    assert!(listed.may_fetch && listed.rows == [output.clone()]);
    for times in 1..=2 {
        let link = manager.ok::<k::DownloadOutput>(&address, &Empty {}).await;
        assert_eq!(link.output.downloads, times);
        let file = get(&link.url).await;
        assert_eq!(file.status, 200);
        assert_eq!(hex::encode(Sha256::digest(&file.body)), output.sha256);
        let name = file.headers["content-disposition"].to_str().unwrap();
        assert!(name.starts_with("attachment;") && name.contains("U-2026-0001-1"), "{name}");
        let text = String::from_utf8(file.body.to_vec()).unwrap();
        assert!(text.starts_with("\u{feff}通知番号,U-2026-0001-1,使用期限,2026-12-10"), "{text}");
        assert_eq!(text.lines().count() as u64, output.rows + 2);
        for secret in ["秘密", "ひみつ", "1938-05-05", "2026-11-02", "40歳未満", "言語聴覚士", "要介護5"]
        {
            assert!(!text.contains(secret), "{secret}");
        }
    }
    let case = read(&mut manager, case.id).await;
    assert_eq!(case.state, State::Provided);
    let fetched: Vec<_> = case.taken.iter().filter(|taken| taken.act == Act::Provide).collect();
    assert_eq!(fetched.len(), 2);
    assert_eq!(
        (fetched[1].form["kept_downloads"].as_str(), &fetched[1].form["kept_sha256"]),
        ("2", &output.sha256)
    );
    let events = bench.events().await;
    let downloads = events.iter().filter(|event| event.action.wire() == "download_output");
    let downloads: Vec<_> = downloads.filter(|event| event.thing.contains(&output.id.to_string())).collect();
    assert_eq!(downloads.len(), 3, "two that were given and one that was refused");

    // Done with: the applicant says how, the city confirms, and the data is fetched no more.
    let case = stepped(&mut manager, &case, Act::Measure, MEASURE).await;
    assert_eq!(manager.refused::<k::DownloadOutput>(&address, &Empty {}).await.code.wire(), "stale");
    let back = stepped(&mut city, &case, Act::Return, &[("reason", "媒体を書いてください")]).await;
    assert_eq!(back.state, State::Provided);
    let case = stepped(&mut manager, &back, Act::Measure, MEASURE).await;
    let case = stepped(&mut city, &case, Act::ConfirmMeasure, &[]).await;
    assert_eq!(case.state, State::Done);
}

#[tokio::test]
async fn a_refusal_says_why_and_mistakes_name_their_field() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    for (change, field) in [
        (("medium", "usb,other"), ""),
        (("medium", "floppy"), "medium"),
        (("medium_other", ""), "medium_other"),
        (("after_use_other", "金庫"), "after_use_other"),
        (("to_on", "2026-11-01"), "to_on"),
        (("on", "昨日"), "on"),
        (("data_to", "2028-01-01"), "data_to"),
        (("shape", "counts"), "by"),
        (("dataset", "names"), "dataset"),
        (("representative", " "), "representative"),
    ] {
        if field.is_empty() {
            continue;
        }
        let refused = manager.refused::<k::OpenCase>(&(), &applying(&[change])).await;
        assert_eq!((refused.code.wire(), refused.fields[0].field.as_str()), ("invalid", field));
    }
    let case = manager.ok::<k::OpenCase>(&(), &applying(&[])).await;
    let early = city.refused::<k::StepCase>(&case.id, &take(&case, Act::Grant, GRANT)).await;
    assert_eq!(early.code.wire(), "stale", "received first, then decided");
    let case = stepped(&mut city, &case, Act::Accept, &[]).await;
    let unreasoned = city.refused::<k::StepCase>(&case.id, &take(&case, Act::Refuse, &GRANT[..2])).await;
    assert_eq!(unreasoned.fields[0].field, "refusal_reason");
    let late = [GRANT[0], GRANT[1], ("provided_from", "2026-12-11")];
    let late = city.refused::<k::StepCase>(&case.id, &take(&case, Act::Grant, &late)).await;
    assert_eq!(late.fields[0].field, "provided_from");
    let why = [
        GRANT[0],
        GRANT[1],
        ("refusal_reason", "目的に対して項目が多すぎる"),
        ("notice_remark", "再申請できます"),
    ];
    let case = stepped(&mut city, &case, Act::Refuse, &why).await;
    assert_eq!(case.state, State::Refused);
    let said = read(&mut manager, case.id).await.taken.last().unwrap().form.clone();
    assert_eq!(said["refusal_reason"], "目的に対して項目が多すぎる");
    // Nobody but a manager asks, and nobody decides on what they asked.
    for stranger in ["hinata-n01", "op-01", "audit-01"] {
        let refused = bench.sign_in(stranger).await.refused::<k::OpenCase>(&(), &applying(&[])).await;
        assert_eq!(refused.code.wire(), "not_found", "{stranger}");
    }
    let own = manager.refused::<k::StepCase>(&case.id, &take(&case, Act::Grant, GRANT)).await;
    assert_eq!(own.code.wire(), "not_found");
}

#[tokio::test]
async fn an_edit_after_the_decision_drops_it() {
    let bench = city().await;
    let (mut manager, mut city, mut operator, case) = presented(&bench, &[]).await;
    let mut again = take(&case, Act::AskAgain, &[]);
    again.form = applying(&[("purpose", "別の目的")]).form;
    let case = manager.ok::<k::StepCase>(&case.id, &again).await;
    assert_eq!(case.state, State::Submitted);
    assert_eq!(not_made(&mut operator, &case, rows()).await.0, "stale");
    let case = stepped(&mut city, &case, Act::Accept, &[]).await;
    let proposed = city.ok::<k::ReadCase>(&case.id, &Empty {}).await.proposed["notice_number"].clone();
    assert_eq!(proposed, "U-2026-0001-2");
    let reused = city.refused::<k::StepCase>(&case.id, &take(&case, Act::Grant, GRANT)).await;
    assert_eq!(reused.fields[0].field, "notice_number");
    let next = [("notice_number", proposed.as_str()), GRANT[1], GRANT[2]];
    let case = stepped(&mut city, &case, Act::Grant, &next).await;
    // The paper of the dropped decision opens nothing.
    let old = operator.refused::<k::StepCase>(&case.id, &take(&case, Act::Present, PRESENT)).await;
    assert_eq!(old.fields[0].field, "notice_number");
    assert_eq!(not_made(&mut operator, &case, rows()).await.0, "stale");
}

#[tokio::test]
async fn strangers_find_nothing_and_only_the_applicant_fetches() {
    let bench = city().await;
    let (mut manager, mut city, mut operator, case) = presented(&bench, &[]).await;
    let output = made(&mut operator, &case, rows()).await;
    let address = (case.id, output.id);
    let mut stranger = bench.sign_in("sumire-p01").await;
    for (id, wanted) in
        [address, (CaseId::from_parts(1, 1), output.id), (case.id, OutputId::from_parts(1, 1))]
    {
        let refused = stranger.refused::<k::DownloadOutput>(&(id, wanted), &Empty {}).await;
        assert_eq!(refused.code.wire(), "not_found");
        assert_eq!(stranger.refused::<k::ListOutputs>(&id, &Empty {}).await.code.wire(), "not_found");
        assert_eq!(stranger.refused::<k::ReadCase>(&id, &Empty {}).await.code.wire(), "not_found");
    }
    let unknown =
        manager.refused::<k::DownloadOutput>(&(case.id, OutputId::from_parts(1, 1)), &Empty {}).await;
    assert_eq!(unknown.code.wire(), "not_found");
    for (user_id, code) in [
        ("city-01", "forbidden"),
        ("op-01", "forbidden"),
        ("audit-01", "forbidden"),
        ("om-01", "not_found"),
        ("hinata-n01", "forbidden"),
    ] {
        let mut other = bench.sign_in(user_id).await;
        let refused = other.refused::<k::DownloadOutput>(&address, &Empty {}).await;
        assert_eq!(refused.code.wire(), code, "{user_id}");
    }
    // Those who oversee see what was made, not the data.
    for user_id in ["city-01", "audit-01", "om-01"] {
        let seen = bench.sign_in(user_id).await.ok::<k::ListOutputs>(&case.id, &Empty {}).await;
        assert!(!seen.may_fetch && seen.rows.len() == 1, "{user_id}");
    }
    // Nobody but the operator makes an output.
    let new = NewOutput { command: command(), version: case.version, wanted: rows() };
    assert_eq!(city.refused::<k::MakeOutput>(&case.id, &new).await.code.wire(), "forbidden");
    assert_eq!(manager.refused::<k::MakeOutput>(&case.id, &new).await.code.wire(), "forbidden");
}

#[tokio::test]
async fn what_came_on_paper_goes_to_the_managers_of_that_facility() {
    let bench = city().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let mut operator = bench.sign_in("op-01").await;
    let facility = manager.me.as_ref().unwrap().actor.facility;
    let mut paper = applying(&[]);
    (paper.channel, paper.facility, paper.received_on) =
        (Channel::Fax, Some(facility), Some(bench.clock_day()));
    let case = city.ok::<k::OpenCase>(&(), &paper).await;
    let case = stepped(&mut city, &case, Act::Accept, &[]).await;
    let case = stepped(&mut city, &case, Act::Grant, GRANT).await;
    let case = stepped(&mut operator, &case, Act::Present, PRESENT).await;
    let output = made(&mut operator, &case, rows()).await;
    assert!(
        city.refused::<k::DownloadOutput>(&(case.id, output.id), &Empty {}).await.code.wire() == "forbidden"
    );
    manager.ok::<k::DownloadOutput>(&(case.id, output.id), &Empty {}).await;
    let other = bench
        .sign_in("sumire-p01")
        .await
        .refused::<k::DownloadOutput>(&(case.id, output.id), &Empty {})
        .await;
    assert_eq!(other.code.wire(), "not_found");
    // The proof comes on paper too, and the city enters it.
    let case = read(&mut city, case.id).await;
    assert_eq!(stepped(&mut city, &case, Act::Measure, MEASURE).await.state, State::Measured);
}

#[tokio::test]
async fn a_second_output_is_of_the_same_grant_and_of_no_period_that_overlaps() {
    let bench = city().await;
    let (mut manager, _, mut operator, case) = presented(&bench, &[]).await;
    let first = made(&mut operator, &case, rows()).await;
    let case = read(&mut operator, case.id).await;
    for (wanted, field) in [
        (Wanted { to: day("2026-11-14"), ..rows() }, "from"),
        (Wanted { from: day("2026-10-31"), ..rows() }, "from"),
        (Wanted { to: day("2026-11-16"), ..rows() }, "to"),
        (Wanted { dataset: Dataset::Patients, ..rows() }, "dataset"),
        (Wanted { age: AgeStep::Five, ..rows() }, "age"),
        (Wanted { grain: Grain::Week, ..rows() }, "grain"),
        (counts(&[Column::Months]), "by"),
        (counts(&[Column::Age, Column::Age]), "by"),
    ] {
        assert_eq!(not_made(&mut operator, &case, wanted).await, ("invalid".into(), field.into()));
    }
    // The same press sent again makes no second output.
    let new = NewOutput {
        command: command(),
        version: case.version,
        wanted: counts(&[Column::Age, Column::Profession]),
    };
    let second = operator.ok::<k::MakeOutput>(&case.id, &new).await;
    assert_eq!(operator.ok::<k::MakeOutput>(&case.id, &new).await, second);
    let listed = manager.ok::<k::ListOutputs>(&case.id, &Empty {}).await.rows;
    assert_eq!(listed.iter().map(|output| output.id).collect::<Vec<_>>(), [first.id, second.id]);
    let link = manager.ok::<k::DownloadOutput>(&(case.id, second.id), &Empty {}).await;
    let text = String::from_utf8(get(&link.url).await.body.to_vec()).unwrap();
    for line in text.lines().skip(2) {
        let count = line.split(',').nth(2).unwrap();
        assert!(count == HIDDEN || count.parse::<u32>().unwrap() >= 10, "{line}");
    }
    // While in use, a further one leaves it in use; and there is an end to it.
    for _ in 0..3 {
        let case = read(&mut operator, case.id).await;
        assert_eq!(case.state, State::Provided);
        made(&mut operator, &case, counts(&[Column::Sex])).await;
    }
    let case = read(&mut operator, case.id).await;
    assert_eq!(
        not_made(&mut operator, &case, counts(&[Column::Sex])).await,
        ("invalid".into(), "wanted".into())
    );
    // Nobody decides on what they have not seen.
    let old = NewOutput { command: command(), version: case.version - 1, wanted: rows() };
    assert_eq!(operator.refused::<k::MakeOutput>(&case.id, &old).await.code.wire(), "stale");
}

#[tokio::test]
async fn after_the_use_period_nothing_is_fetched_the_file_goes_and_the_city_sees_it_first() {
    let bench = city().await;
    let (mut manager, _, mut operator, case) = presented(&bench, &[("to_on", "2026-11-27")]).await;
    let output = made(&mut operator, &case, rows()).await;
    let address = (case.id, output.id);
    let link = manager.ok::<k::DownloadOutput>(&address, &Empty {}).await;
    // Another request waits for the city since today.
    bench.clock.set("2026-11-27T23:30:00+09:00".parse().unwrap());
    let mut manager = bench.sign_in("hinata-m01").await;
    let row = manager.ok::<k::ListCases>(&(), &Default::default()).await.rows.remove(0);
    assert!(row.waits_for_me && !row.overdue && row.due_at == day("2026-11-28").start(), "{row:?}");
    manager.ok::<k::DownloadOutput>(&address, &Empty {}).await;
    let other = manager.ok::<k::OpenCase>(&(), &applying(&[])).await;
    bench.later(60 * 60);
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let refused = manager.refused::<k::DownloadOutput>(&address, &Empty {}).await;
    assert_eq!(refused.code.wire(), "outside_use_period");
    let case = read(&mut manager, case.id).await;
    let mut operator = bench.sign_in("op-01").await;
    assert_eq!(not_made(&mut operator, &case, rows()).await.0, "outside_use_period");
    let rows_of_city = city.ok::<k::ListCases>(&(), &Default::default()).await.rows;
    assert_eq!((rows_of_city[0].id, rows_of_city[0].overdue), (case.id, true));
    assert!(rows_of_city.iter().any(|row| row.id == other.id && row.waits_for_me));
    let case =
        stepped(&mut city, &case, Act::Remind, &[("reminded_on", "2026-11-28"), ("reminded_how", "電話")])
            .await;
    assert_eq!(case.state, State::Provided);
    // The file itself is removed; what was made stays described.
    assert_eq!(data_use::sweep(&bench.app).await.unwrap(), 1);
    assert_eq!(data_use::sweep(&bench.app).await.unwrap(), 0);
    assert_ne!(get(&link.url).await.status, 200);
    assert_eq!(city.ok::<k::ListOutputs>(&case.id, &Empty {}).await.rows.len(), 1);
    let case = stepped(&mut manager, &case, Act::Measure, MEASURE).await;
    assert!(case.due_at > bench.clock_now(), "now the city has its time");
    assert_eq!(stepped(&mut city, &case, Act::ConfirmMeasure, &[]).await.state, State::Done);
}

#[tokio::test]
async fn data_is_given_from_its_day_on_and_of_days_that_are_over() {
    let bench = city().await;
    let (mut manager, _, mut operator, case) =
        presented(&bench, &[("from_on", "2026-11-25"), ("data_to", "2026-12-01")]).await;
    for to in ["2026-11-20", "2026-11-21"] {
        let wanted = Wanted { to: day(to), ..rows() };
        assert_eq!(not_made(&mut operator, &case, wanted).await, ("invalid".into(), "to".into()));
    }
    let output = made(&mut operator, &case, rows()).await;
    let early = manager.refused::<k::DownloadOutput>(&(case.id, output.id), &Empty {}).await;
    assert_eq!(early.code.wire(), "outside_use_period");
    bench.clock.set("2026-11-25T00:00:00+09:00".parse().unwrap());
    let mut manager = bench.sign_in("hinata-m01").await;
    manager.ok::<k::DownloadOutput>(&(case.id, output.id), &Empty {}).await;
}

#[tokio::test]
async fn where_too_few_people_are_nothing_is_made() {
    // Eight patients are fewer than ten.
    let bench = Bench::start().await;
    let (_, _, mut operator, case) = presented(&bench, &[]).await;
    for wanted in [rows(), counts(&[Column::Age])] {
        assert_eq!(not_made(&mut operator, &case, wanted).await, ("invalid".into(), "to".into()));
    }
    assert_eq!(read(&mut operator, case.id).await.state, State::Presented);
}

#[tokio::test]
async fn the_one_whom_everybody_would_recognise_is_in_no_output_of_the_store() {
    let bench = city().await;
    let (_, _, _, case) = presented(&bench, &[]).await;
    let grant = DataGrant::of(&case).unwrap();
    for dataset in Dataset::ALL {
        let all = Wanted { dataset: *dataset, age: AgeStep::Five, ..rows() };
        let source = bench.app.store.facts(&grant, &all, bench.clock_day()).await.unwrap().unwrap();
        assert!(source.patients.iter().any(|fact| fact.patient == PatientId::from_parts(3, UNIQUE)));
        let mut questions = vec![all.clone()];
        for first in dataset.columns() {
            questions.push(Wanted { by: vec![*first], ..all.clone() });
            let others = dataset.columns().iter().filter(|second| *second != first);
            questions.extend(others.map(|second| Wanted { by: vec![*first, *second], ..all.clone() }));
        }
        for wanted in questions {
            let made = deidentify(&source, &wanted, 10, &|patient| patient.to_string()).unwrap();
            for line in &made.lines {
                let about = line.iter().any(|cell| cell == "40歳未満" || cell == "記載なし");
                if wanted.by.is_empty() {
                    assert!(!about && line[0] != PatientId::from_parts(3, UNIQUE).to_string(), "{line:?}");
                } else {
                    let count = line.last().unwrap();
                    assert!(
                        count == HIDDEN || (!about && count.parse::<u32>().unwrap() >= 10),
                        "{wanted:?} {line:?}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn whoever_withdrew_consent_and_what_was_retracted_is_not_counted() {
    let bench = city().await;
    let (_, _, _, case) = presented(&bench, &[]).await;
    let grant = DataGrant::of(&case).unwrap();
    let source = bench.app.store.facts(&grant, &rows(), bench.clock_day()).await.unwrap().unwrap();
    let gone = PatientId::from_parts(3, 2);
    let before = source.notes.iter().filter(|note| note.patient == gone).count();
    assert_eq!(before, 3);
    let withdrawn = Patient {
        id: gone,
        name: "秘密 花子".into(),
        kana: "ひみつ はなこ".into(),
        born: day("1938-05-05"),
        sex: Sex::Female,
        care_level: CareLevel::Care3,
        area: "秘密町".into(),
        consented_on: Some(day("2026-01-01")),
        withdrawn_on: Some(day("2026-11-19")),
    };
    // A note of another patient is retracted after the period.
    let kept = source.notes.iter().find(|note| note.patient == PatientId::from_parts(3, 1)).unwrap();
    let journal = bench.app.store.journal(kept.sent_on).await.unwrap();
    let sent = journal.iter().find(|(_, entry)| entry.patient == kept.patient).unwrap().1.clone();
    let at: Timestamp = "2026-11-18T01:00:00Z".parse().unwrap();
    let retraction =
        shared::book::Retraction {
            at, by: sent.by, by_name: "秘密 職員".into(), reason: "誤り".into()
        };
    let entry = Entry { at, act: Did::Retracted { retraction }, ..sent.clone() };
    let items = vec![
        Store::patient_item(&withdrawn, &[], 0).unwrap(),
        Store::journal_item(EventId::from_parts(at.ms().unsigned_abs(), 1), &entry).unwrap(),
    ];
    bench.app.store.put_all(items).await.unwrap();
    let after = bench.app.store.facts(&grant, &rows(), bench.clock_day()).await.unwrap().unwrap();
    assert_eq!(after.notes.iter().filter(|note| note.patient == gone).count(), 0);
    assert_eq!(after.notes.len(), source.notes.len() - before - 1);
}
