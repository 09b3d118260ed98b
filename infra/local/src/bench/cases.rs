//! Procedures: the inbox of an office with ten thousand open cases, a step beside the bare transaction of the same items,
//! an official sheet as PDF.

use super::{
    Options,
    drive::Sample,
    report::{head, ms, times},
};
use crate::{
    cloud::{Cloud, TABLE, settings},
    commands::say,
    press,
    testclock::TestClock,
};
use anyhow::{Context, Result, anyhow};
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use functions::{
    random,
    store::{
        Store,
        item::Item,
        keys,
        schema::{INDEX, INDEX_PK},
        tx::Tx,
    },
};
use shared::{
    api::{error::Code, procedure::CASES_MAX},
    calendar::Timestamp,
    id::{AccountId, CaseId, CommandId, EventId, FacilityId},
    people::{Actor, Profession, Role},
    procedure::{
        Act, Ask, Asked, Case, Channel, Form, Party, Procedure, SheetKind, TakeStep, open, sheet_of, step,
    },
};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Open cases of the office.
const CASES: u64 = 10_000;
/// Steps that are timed.
const STEPS: usize = 40;

/// Measures over a cloud of its own.
pub async fn run(folder: &Path, options: &Options) -> Result<()> {
    let clock = TestClock::default();
    let cloud = Cloud::start(folder, &clock).await?;
    cloud.prepare(&["http://localhost".to_owned()]).await?;
    let (asker, city) = (actor(1, Role::Member), actor(2, Role::City));
    let mut cases = Vec::new();
    let mut items = Vec::new();
    for number in 1..=CASES {
        let case = begun(number, &asker)?;
        let item = Item::new(&keys::case(case.id), &case)?.number("version", case.version);
        items.push(item.listed(keys::CASES, keys::case_among_all(case.id)));
        items.extend(Store::ways_to_case(&case)?);
        cases.push(case);
    }
    cloud.import(items).await?;
    let app = cloud.endpoints.app(Arc::new(clock), settings(Vec::new()));
    head(&format!("procedures, {CASES} open cases"));

    let (table, _) = cloud.endpoints.clients();
    let list = keys::cases_of(Party::City, city.facility, city.account);
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..2 * options.starts() {
        let start = Instant::now();
        let found = app.store.cases(std::slice::from_ref(&list), false).await?;
        ours.push(start.elapsed());
        anyhow::ensure!(found.len() == CASES_MAX, "{} cases", found.len());
        let start = Instant::now();
        let query = table.query().table_name(TABLE).index_name(INDEX).limit(i32::try_from(CASES_MAX)?);
        let query = query.key_condition_expression(format!("{INDEX_PK} = :list"));
        query.expression_attribute_values(":list", AttributeValue::S(list.clone())).send().await?;
        bare.push(start.elapsed());
    }
    let (ours, bare) = (Sample::of(ours).percentile(50), Sample::of(bare).percentile(50));
    say(&format!(
        "  inbox of {CASES_MAX}: p50 {:.1} ms, {:.2} x the bare query",
        ms(ours),
        times(ours, bare)
    ));

    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for case in cases.iter().take(STEPS) {
        let (next, given) = answered(case, &actor(3, Role::Operator))?;
        let mut tx = Tx::default();
        let start = Instant::now();
        app.store.put_case(&mut tx, &next)?;
        tx.create(&app.store, Item::new(&keys::command(given.command), &next)?, Code::Busy)?;
        tx.commit(&app.store).await.map_err(|_| anyhow!("a step was refused"))?;
        ours.push(start.elapsed());
        bare.push(plain(&table, &next).await?);
    }
    let (ours, bare) = (Sample::of(ours).percentile(50), Sample::of(bare).percentile(50));
    say(&format!("  a step: p50 {:.1} ms, {:.2} x the bare transaction", ms(ours), times(ours, bare)));
    sheets(&app, &asker)?;
    cloud.stop().await;
    Ok(())
}

fn actor(number: u128, role: Role) -> Actor {
    Actor {
        account: AccountId::from_parts(1, number),
        name: "山田 花子".into(),
        profession: Profession::Clerk,
        facility: FacilityId::from_parts(1, number),
        facility_name: "施設".into(),
        roles: vec![role],
    }
}

fn form(pairs: &[(&str, &str)]) -> Form {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn asked(procedure: Procedure, pairs: &[(&str, &str)]) -> Asked {
    Asked {
        command: CommandId::from_parts(1, 1),
        procedure,
        facility: None,
        channel: Channel::Online,
        received_on: None,
        form: form(pairs),
    }
}

fn ask(number: u64, asker: &Actor) -> Ask {
    Ask {
        id: CaseId::from_parts(number, u128::from(number)),
        number: format!("Q-2026-{number:05}"),
        facility: asker.facility,
        facility_name: asker.facility_name.clone(),
        due_at: Timestamp::from_ms(1_800_000_000_000 + i64::try_from(number).unwrap_or(0)),
    }
}

fn begun(number: u64, asker: &Actor) -> Result<Case> {
    let question = "添付を押しても、写真を選ぶ画面が出ません。".repeat(4);
    let asked = asked(
        Procedure::Inquiry,
        &[("topic", "use"), ("subject", "写真が付かない"), ("question", &question)],
    );
    let now = Timestamp::from_ms(1_795_500_000_000);
    open(&asked, asker, ask(number, asker), now).map_err(|why| anyhow!("{why:?}"))
}

fn answered(case: &Case, operator: &Actor) -> Result<(Case, TakeStep)> {
    let now = Timestamp::from_ms(1_795_500_100_000);
    let given = TakeStep {
        command: random::id(now, CommandId::from_parts),
        act: Act::Answer,
        version: case.version,
        form: form(&[("answer", "設定で、写真の利用を許可してください。")]),
    };
    let (next, _) = step(case, &given, operator, now).map_err(|why| anyhow!("{why:?}"))?;
    Ok((next, given))
}

/// As many items of the same size, without a condition.
async fn plain(table: &aws_sdk_dynamodb::Client, case: &Case) -> Result<Duration> {
    let doc = serde_json::to_string(case)?;
    let brief = serde_json::to_string(&case.brief())?;
    let parties = shared::procedure::declaration(case.procedure).parties().len();
    let docs = [doc.clone(), doc].into_iter().chain(std::iter::repeat_n(brief, parties));
    let mut puts = Vec::new();
    for (at, doc) in docs.enumerate() {
        let text = |text: String| AttributeValue::S(text);
        let id = random::id(Timestamp::from_ms(0), EventId::from_parts);
        let put = Put::builder().table_name(TABLE).item("pk", text(format!("bench#{id}")));
        let put = put.item("sk", text(at.to_string())).item("doc", text(doc)).build()?;
        puts.push(TransactWriteItem::builder().put(put).build());
    }
    let start = Instant::now();
    table.transact_write_items().set_transact_items(Some(puts)).send().await?;
    Ok(start.elapsed())
}

fn sheets(app: &functions::app::App, asker: &Actor) -> Result<()> {
    press::give(app);
    let Some(press) = app.press.get() else {
        say("  no fonts: no sheets were set");
        return Ok(());
    };
    let contractor = Actor { roles: vec![Role::SystemAdmin], ..asker.clone() };
    let content = "送信に失敗する。".repeat(20);
    let asked = asked(
        Procedure::Incident,
        &[
            ("kind", "fault"),
            ("subject", "連絡が送れない"),
            ("found_at", "2026-11-20T09:30"),
            ("found_where", "API"),
            ("content", &content),
            ("scope", "全施設"),
        ],
    );
    let now = Timestamp::from_ms(1_795_500_000_000);
    let case = open(&asked, &contractor, ask(1, &contractor), now).map_err(|why| anyhow!("{why:?}"))?;
    let sheet = sheet_of(&case, SheetKind::IncidentReport, demo::CITY_NAME).context("a sheet")?;
    let mut times = Vec::new();
    for _ in 0..20 {
        let start = Instant::now();
        press.pdf(&sheet).map_err(|why| anyhow!(why))?;
        times.push(start.elapsed());
    }
    say(&format!("  Form 3 as PDF: p50 {:.1} ms", ms(Sample::of(times).percentile(50))));
    Ok(())
}
