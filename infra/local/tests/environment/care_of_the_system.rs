//! The procedures of those who run the system (Arts. 4, 6, 7, 10, 11, 19, 20 and 21): each from its request to its end,
//! by the people whom the policy names, and by nobody else.

use crate::support::{
    Bench, Person,
    cases::{asking, attached, stepped, take},
    command,
};
use functions::evidence::{backup, system};
use shared::{
    api::{Empty, bundle as u, error::Code, evidence as e, procedure as k},
    calendar::Day,
    evidence::{LEDGER_HEAD, NewLedger, bundle::ClauseState},
    procedure::{Act, Case, Procedure, State, declaration},
};

async fn ask(person: &mut Person, procedure: Procedure, fields: &[(&str, &str)]) -> Case {
    person.ok::<k::OpenCase>(&(), &asking(procedure, fields)).await
}

/// Nobody else opens it, whoever asked does not decide it, and strangers do not see it.
async fn is_not_for(person: &mut Person, case: &Case, act: Act, fields: &[(&str, &str)]) {
    assert!(person.call::<k::StepCase>(&case.id, &take(case, act, fields)).await.is_err(), "{act}");
}

const TRAINING: &[(&str, &str)] = &[
    ("subject", "2026年度 秋の研修"),
    ("on", "2026-11-19"),
    ("topic", "purpose,password,away,leaving,report"),
    ("method", "集合研修と動画"),
    ("people", "佐藤\n鈴木"),
    ("result", "確認テスト 全員合格"),
];

#[tokio::test]
async fn a_training_is_recorded_and_confirmed_by_somebody_who_was_there() {
    let bench = Bench::start().await;
    let (mut manager, mut admin) = (bench.sign_in("om-01").await, bench.sign_in("sa-01").await);
    for (field, value) in [("topic", "x"), ("on", "2026-11-21"), ("people", "")] {
        let mut wrong = TRAINING.to_vec();
        wrong.push((field, value));
        let problem = manager.refused::<k::OpenCase>(&(), &asking(Procedure::Training, &wrong)).await;
        assert_eq!(problem.fields[0].field, field);
    }
    assert!(admin.call::<k::OpenCase>(&(), &asking(Procedure::Training, TRAINING)).await.is_err());
    let case = ask(&mut manager, Procedure::Training, TRAINING).await;
    is_not_for(&mut manager, &case, Act::ConfirmTraining, &[]).await;
    let case = stepped(&mut admin, &case, Act::ConfirmTraining, &[]).await;
    assert_eq!(case.state, State::Done);
}

/// Every question of a check with the same answer.
fn answers(procedure: Procedure, answer: &str) -> Vec<(&'static str, &str)> {
    let fields = declaration(procedure).fields.iter();
    let asked = fields.filter(|field| field.choices().iter().any(|(wire, _)| wire == answer));
    asked.map(|field| (field.name, answer)).collect()
}

async fn judged(person: &mut Person, at: &str) -> ClauseState {
    let evidence = person.ok::<u::ReadEvidence>(&(), &u::EvidenceQuery::default()).await;
    evidence.findings.into_iter().find(|finding| finding.at == at).unwrap().state
}

#[tokio::test]
async fn the_place_of_the_machines_is_judged_item_by_item() {
    let bench = Bench::start().await;
    // Evidence begins with the first backup.
    bench.later(24 * 3600);
    backup::run_due(&bench.app).await.unwrap();
    let (mut admin, mut manager) = (bench.sign_in("sa-01").await, bench.sign_in("om-01").await);
    let mut city = bench.sign_in("city-01").await;
    assert_eq!(judged(&mut city, "第9条(4)").await, ClauseState::Missing);
    let mut check = answers(Procedure::SiteCheck, "evidence");
    check.extend([
        ("subject", "クラウド事業者の東京リージョン"),
        ("on", "2026-11-20"),
        ("evidence", "第三者監査の報告書 2026年版"),
    ]);
    check.push(("door", "unfit"));
    let problem = admin.refused::<k::OpenCase>(&(), &asking(Procedure::SiteCheck, &check)).await;
    assert_eq!(problem.fields[0].field, "unfit");
    check.push(("unfit", "2027年1月までに事業者に確かめる"));
    assert!(manager.call::<k::OpenCase>(&(), &asking(Procedure::SiteCheck, &check)).await.is_err());
    let case = ask(&mut admin, Procedure::SiteCheck, &check).await;
    is_not_for(&mut admin, &case, Act::ConfirmWork, &[]).await;
    assert_eq!(judged(&mut city, "第9条(4)").await, ClauseState::Missing, "nobody has confirmed it");
    let case = stepped(&mut manager, &case, Act::ConfirmWork, &[]).await;
    assert_eq!(case.state, State::Done);
    assert_eq!(judged(&mut city, "第9条(4)").await, ClauseState::Unfit);
    for at in ["第9条(1)", "第9条(9)", "第10条(1)", "第10条(6)"] {
        assert_eq!(judged(&mut city, at).await, ClauseState::Met, "{at}");
    }
    // The next one answers the same questions anew.
    check.push(("door", "fit"));
    let case = ask(&mut admin, Procedure::SiteCheck, &check).await;
    stepped(&mut manager, &case, Act::ConfirmWork, &[]).await;
    assert_eq!(judged(&mut city, "第9条(4)").await, ClauseState::Met);
}

#[tokio::test]
async fn a_facility_looks_at_itself_once_a_year_and_is_told_when() {
    let bench = Bench::start().await;
    let (mut head, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let due = async |person: &mut Person| {
        let yearly = person.ok::<k::ListCases>(&(), &k::CasesQuery::default()).await.yearly;
        yearly.into_iter().find(|one| one.procedure == Procedure::FacilityCheck)
    };
    assert_eq!(due(&mut head).await.unwrap().last, None);
    assert!(due(&mut city).await.is_none(), "it is the facility's");
    assert!(due(&mut bench.sign_in("om-01").await).await.is_none(), "the contractor is no facility");
    let mut check = answers(Procedure::FacilityCheck, "kept");
    check.extend([("on", "2026-11-20"), ("accounts", "right"), ("loss", "improve")]);
    let problem = head.refused::<k::OpenCase>(&(), &asking(Procedure::FacilityCheck, &check)).await;
    assert_eq!(problem.fields[0].field, "improve");
    check.push(("improve", "印刷した紙の保管場所に鍵を付ける"));
    let mut nurse = bench.sign_in("hinata-n01").await;
    assert!(nurse.call::<k::OpenCase>(&(), &asking(Procedure::FacilityCheck, &check)).await.is_err());
    let case = ask(&mut head, Procedure::FacilityCheck, &check).await;
    assert!(case.number.starts_with("FC-2026-"), "{}", case.number);
    assert!(due(&mut head).await.is_none(), "it is under way");
    let case = stepped(&mut city, &case, Act::Return, &[("reason", "いつまでにかを書いてください")]).await;
    assert_eq!(case.state, State::Returned);
    check.push(("improve", "12月末までに、印刷した紙の保管場所に鍵を付ける"));
    let case = stepped(&mut head, &case, Act::AskAgain, &check).await;
    is_not_for(&mut head, &case, Act::ReceiveFiling, &[]).await;
    let case = stepped(&mut city, &case, Act::ReceiveFiling, &[]).await;
    assert_eq!(case.state, State::Done);
    assert!(due(&mut head).await.is_none());

    // Eleven months later it is time again, and the day is said.
    bench.clock.set("2027-10-22T09:00:00+09:00".parse().unwrap());
    let mut head = bench.sign_in("hinata-m01").await;
    let again = due(&mut head).await.unwrap();
    let day = |text: &str| text.parse::<Day>().ok();
    assert_eq!((again.last, again.due()), (day("2026-11-20"), day("2027-11-20")));
    // Late, the same day is said.
    bench.clock.set("2028-02-01T09:00:00+09:00".parse().unwrap());
    let late = due(&mut bench.sign_in("hinata-m01").await).await.unwrap();
    assert_eq!(late, again);
}

#[tokio::test]
async fn rules_and_checklists_come_back_until_the_city_approves() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("om-01").await, bench.sign_in("city-01").await);
    let rules = [
        ("subject", "アクセス管理規程"),
        ("version", "第2版"),
        ("kind", "rule"),
        ("change", "二要素認証を加えた"),
        ("place", "添付のとおり"),
        ("from_on", "2026-12-01"),
    ];
    let case = ask(&mut manager, Procedure::Regulation, &rules).await;
    is_not_for(&mut manager, &case, Act::Approve, &[]).await;
    // 「添付のとおり」, and nothing is attached: nobody could say later what was approved.
    let refused = city.refused::<k::StepCase>(&case.id, &take(&case, Act::Approve, &[])).await;
    assert_eq!(refused.code, Code::NoFile);
    let case = stepped(&mut city, &case, Act::Return, &[("reason", "罰則の条がない")]).await;
    assert_eq!(case.state, State::OfferReturned);
    let case = stepped(&mut manager, &case, Act::AskAgain, &rules).await;
    let case = attached(&mut manager, case.id, "規程.pdf", b"%PDF-1.7 rules").await;
    let case = stepped(&mut city, &case, Act::Approve, &[]).await;
    assert_eq!((case.state, case.files[0].sha256.len()), (State::Done, 64));

    let list = |met: &'static str| {
        vec![
            ("subject", "2026年度 準拠度チェックリスト"),
            ("topic", "medical_systems,city_policy"),
            ("versions", "第6.0版"),
            ("on", "2026-11-18"),
            ("items", "120"),
            ("met", met),
            ("place", "添付のとおり"),
        ]
    };
    for (met, field) in [("121", "met"), ("119", "unmet")] {
        let problem = manager.refused::<k::OpenCase>(&(), &asking(Procedure::Compliance, &list(met))).await;
        assert_eq!(problem.fields[0].field, field);
    }
    let case = ask(&mut manager, Procedure::Compliance, &list("120")).await;
    assert_eq!(case.form["topic"], "city_policy,medical_systems", "in the article's order");
    let case = attached(&mut manager, case.id, "準拠度.pdf", b"%PDF-1.7 list").await;
    let case = stepped(&mut city, &case, Act::Approve, &[]).await;
    assert_eq!(case.state, State::Done);
}

#[tokio::test]
async fn somebody_is_let_in_with_an_escort_and_a_key_comes_back() {
    let bench = Bench::start().await;
    let (mut admin, mut manager) = (bench.sign_in("sa-01").await, bench.sign_in("om-01").await);
    let mut entry = vec![
        ("subject", "保守会社の技術者（例示電機）"),
        ("purpose", "電源装置の交換"),
        ("from_at", "2026-11-20T13:00"),
        ("to_at", "2026-11-20T12:00"),
        ("escort", "システム管理者"),
        ("things", "工具一式"),
        ("recording", "none"),
    ];
    let problem = admin.refused::<k::OpenCase>(&(), &asking(Procedure::AreaEntry, &entry)).await;
    assert_eq!(problem.fields[0].field, "to_at");
    entry[3].1 = "2026-11-20T15:00";
    let case = ask(&mut admin, Procedure::AreaEntry, &entry).await;
    is_not_for(&mut admin, &case, Act::PermitEntry, &[("recording_permitted", "no")]).await;
    let case = stepped(&mut manager, &case, Act::PermitEntry, &[("recording_permitted", "no")]).await;
    // Nobody was in before it was permitted.
    let early = [("in_at", "2026-11-20T09:00"), ("escorted_by", "山田")];
    let problem = admin.refused::<k::StepCase>(&case.id, &take(&case, Act::RecordEntry, &early)).await;
    assert_eq!(problem.fields[0].field, "in_at");
    bench.later(4 * 3600);
    let (mut admin, mut manager) = (bench.sign_in("sa-01").await, bench.sign_in("om-01").await);
    let mut keeper = bench.sign_in("km-01").await;
    let case = stepped(
        &mut admin,
        &case,
        Act::RecordEntry,
        &[("in_at", "2026-11-20T13:05"), ("escorted_by", "山田")],
    )
    .await;
    assert_eq!(case.state, State::Inside);
    let out = |at: &'static str| [("out_at", at), ("result", "施錠した")];
    let problem =
        admin.refused::<k::StepCase>(&case.id, &take(&case, Act::RecordExit, &out("2026-11-20T13:04"))).await;
    assert_eq!(problem.fields[0].field, "out_at");
    let case = stepped(&mut admin, &case, Act::RecordExit, &out("2026-11-20T13:50")).await;
    assert_eq!(case.state, State::Done);

    let key = [
        ("subject", "ラック3"),
        ("purpose", "電源装置の交換"),
        ("from_at", "2026-11-20T13:00"),
        ("to_at", "2026-11-20T18:00"),
    ];
    let case = ask(&mut admin, Procedure::KeyLoan, &key).await;
    is_not_for(&mut manager, &case, Act::LendKey, &[("lent_at", "2026-11-20T13:10")]).await;
    let case = stepped(&mut keeper, &case, Act::LendKey, &[("lent_at", "2026-11-20T13:10")]).await;
    let back = |at: &'static str| [("back_at", at), ("locked", "yes")];
    let problem = keeper
        .refused::<k::StepCase>(&case.id, &take(&case, Act::TakeKeyBack, &back("2026-11-20T13:09")))
        .await;
    assert_eq!(problem.fields[0].field, "back_at");
    let case = stepped(&mut keeper, &case, Act::TakeKeyBack, &back("2026-11-20T13:55")).await;
    assert_eq!(case.state, State::Done);
}

#[tokio::test]
async fn an_entry_and_a_key_are_due_on_the_day_for_which_they_are_asked() {
    let bench = Bench::start().await;
    let mut admin = bench.sign_in("sa-01").await;
    // Today is Friday, 20 November.
    let on = |from: &'static str, to: &'static str| {
        vec![
            ("subject", "保守会社の技術者（例示電機）"),
            ("purpose", "電源装置の交換"),
            ("from_at", from),
            ("to_at", to),
            ("escort", "システム管理者"),
            ("things", "なし"),
            ("recording", "none"),
        ]
    };
    let (tuesday, friday) =
        (on("2026-11-24T13:00", "2026-11-24T15:00"), on("2026-11-27T13:00", "2026-11-27T15:00"));
    let due = |case: &Case| case.due_at.plus_seconds(-1).day().to_string();
    for procedure in [Procedure::AreaEntry, Procedure::KeyLoan] {
        let case = ask(&mut admin, procedure, &tuesday).await;
        assert_eq!(due(&case), "2026-11-24", "{procedure}");
        // Put off, it is due later; brought forward again, sooner.
        let case = stepped(&mut admin, &case, Act::AskAgain, &friday).await;
        assert_eq!(due(&case), "2026-11-27", "{procedure}");
        let case = stepped(&mut admin, &case, Act::AskAgain, &tuesday).await;
        assert_eq!(due(&case), "2026-11-24", "{procedure}");
    }
    let late = async |user_id: &str| {
        let mut person = bench.sign_in(user_id).await;
        let rows = person.ok::<k::ListCases>(&(), &k::CasesQuery::default()).await.rows;
        assert_eq!(rows.len(), 2);
        rows.into_iter().filter(|row| row.overdue).count()
    };
    bench.clock.set("2026-11-24T23:00:00+09:00".parse().unwrap());
    assert_eq!(late("sa-01").await, 0, "it is still the day");
    bench.clock.set("2026-11-25T00:30:00+09:00".parse().unwrap());
    assert_eq!(late("sa-01").await, 2);
}

#[tokio::test]
async fn the_power_is_inspected_on_a_day_agreed_three_months_before() {
    let bench = Bench::start().await;
    let (mut admin, mut city) = (bench.sign_in("sa-01").await, bench.sign_in("city-01").await);
    let on = |day: &'static str| {
        [
            ("subject", "受変電設備の年次点検"),
            ("planned_on", day),
            ("content", "停電を伴う点検"),
            ("stops", "no"),
        ]
    };
    // Today is 20 November.
    let problem =
        admin.refused::<k::OpenCase>(&(), &asking(Procedure::PowerInspection, &on("2027-02-19"))).await;
    assert_eq!(problem.fields[0].field, "planned_on");
    assert!(problem.fields[0].message.contains("2027年2月20日"), "{}", problem.fields[0].message);
    let case = ask(&mut admin, Procedure::PowerInspection, &on("2027-02-20")).await;
    let case = stepped(&mut city, &case, Act::Return, &[("reason", "健診の日と重なる")]).await;
    // The consultation counts from when it began.
    bench.later(5 * 24 * 3600);
    let (mut admin, mut city) = (bench.sign_in("sa-01").await, bench.sign_in("city-01").await);
    let case = stepped(&mut admin, &case, Act::AskAgain, &on("2027-02-21")).await;
    is_not_for(&mut admin, &case, Act::AgreeDate, &[]).await;
    let case = stepped(&mut city, &case, Act::AgreeDate, &[]).await;
    assert_eq!(case.due_at.day().to_string(), "2027-02-22", "by the end of the day agreed");
    let early = [("on", "2026-11-24"), ("hours", "24"), ("result", "異常なし")];
    let problem = admin.refused::<k::StepCase>(&case.id, &take(&case, Act::RecordInspection, &early)).await;
    assert_eq!(problem.fields[0].field, "on");
    bench.later(89 * 24 * 3600);
    let mut admin = bench.sign_in("sa-01").await;
    let done = [("on", "2027-02-21"), ("hours", "24"), ("result", "異常なし")];
    assert_eq!(stepped(&mut admin, &case, Act::RecordInspection, &done).await.state, State::Done);
}

const CHECKS: &[(&str, &str)] = &[
    ("method", "手順書11を改めた"),
    ("works", "試験すべて合格"),
    ("ledger", "第1版を登録"),
    ("copy", "yes"),
];

#[tokio::test]
async fn a_system_is_accepted_and_mended_with_its_backup_and_a_permission() {
    let bench = Bench::start().await;
    let (mut admin, mut manager) = (bench.sign_in("sa-01").await, bench.sign_in("om-01").await);
    let wanted = [
        ("subject", "つながる連絡帳 0.1.0"),
        ("kind", "new"),
        ("vendor", "例示システムズ"),
        ("asked_on", "2026-11-20"),
        ("content", "最初の受け入れ"),
    ];
    let case = ask(&mut admin, Procedure::Acceptance, &wanted).await;
    // There is no backup of the system data yet, and then none with the ledger.
    let problem = admin.refused::<k::StepCase>(&case.id, &take(&case, Act::CheckAcceptance, CHECKS)).await;
    assert_eq!(problem.fields[0].field, "copy");
    system::run_due(&bench.app).await.unwrap().unwrap();
    bench.later(60);
    let text = format!("{LEDGER_HEAD}\nサーバー,機器,設備,センター,契約事業者,高,高,高,x\n");
    admin.ok::<e::KeepLedger>(&(), &NewLedger { command: command(), follows: 0, text }).await;
    let problem = admin.refused::<k::StepCase>(&case.id, &take(&case, Act::CheckAcceptance, CHECKS)).await;
    assert!(problem.fields[0].message.contains("資産台帳"), "{}", problem.fields[0].message);
    bench.later(60);
    let kept = system::run_due(&bench.app).await.unwrap().unwrap();
    let case = stepped(&mut admin, &case, Act::CheckAcceptance, CHECKS).await;
    assert_eq!(case.taken.last().unwrap().form["kept_generation"], kept.id.to_string());
    is_not_for(&mut admin, &case, Act::PermitAcceptance, &[]).await;
    let case = stepped(&mut manager, &case, Act::Return, &[("reason", "試験の所在がない")]).await;
    let case = stepped(&mut admin, &case, Act::CheckAcceptance, CHECKS).await;
    assert_eq!(stepped(&mut manager, &case, Act::PermitAcceptance, &[]).await.state, State::Done);

    let work = [
        ("subject", "OSの更新"),
        ("topic", "software"),
        ("instruction", "製造元の通知 2026-11-18"),
        ("content", "再起動を伴う"),
        ("planned_at", "2026-11-20T22:00"),
    ];
    let case = ask(&mut admin, Procedure::Maintenance, &work).await;
    is_not_for(&mut admin, &case, Act::PermitWork, &[]).await;
    let case = stepped(&mut manager, &case, Act::PermitWork, &[]).await;
    let done = |at: &'static str| [("done_at", at), ("result", "更新した"), ("copy", "yes")];
    let problem = admin
        .refused::<k::StepCase>(&case.id, &take(&case, Act::RecordWork, &done("2026-11-20T09:00")))
        .await;
    assert_eq!(problem.fields[0].field, "done_at");
    bench.later(13 * 3600);
    let mut admin = bench.sign_in("sa-01").await;
    let case = stepped(&mut admin, &case, Act::RecordWork, &done("2026-11-20T22:30")).await;
    assert_eq!(case.taken.last().unwrap().form["kept_sha256"], kept.manifest_sha256);

    // The evidence knows of it.
    let mut city = bench.sign_in("city-01").await;
    let day = |text: &str| text.parse().ok();
    let query = u::EvidenceQuery { from: day("2026-11-20"), to: day("2026-11-20") };
    let findings = city.ok::<u::ReadEvidence>(&(), &query).await.findings;
    for at in ["第8条", "第20条(1)", "第20条(4)", "第21条(2)", "第21条(3)"] {
        let found = findings.iter().find(|finding| finding.at == at).unwrap();
        assert_eq!(found.state, ClauseState::Met, "{at} {}", found.why);
    }
    // A nurse has nothing to do with it.
    let mut nurse = bench.sign_in("hinata-n01").await;
    assert_eq!(nurse.refused::<k::ReadCase>(&case.id, &Empty {}).await.code.wire(), "not_found");
}
