//! データの臨時使用 (Art. 15(3)): making an output, and giving it to whoever was granted it. The operator never sees a row.

use super::case;
use crate::{
    app::App,
    http::{context::Cx, error::ApiError},
    random,
    store::{
        blob::{BlobKey, sha256_hex},
        error::StoreError,
        tx::Tx,
    },
};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use shared::{
    api::{
        Empty,
        error::{Code, FieldError},
    },
    authority::{Action, Relation, decide},
    evidence::deidentify::{CsvMark, Made, Wanted, csv, deidentify, may_follow},
    id::{CaseId, OutputId, PatientId},
    procedure::{
        Act, Case, DataGrant, Form, NewOutput, OUTPUTS_MAX, Output, OutputLink, Outputs, TakeStep,
        is_recipient, step,
    },
    text,
};
use std::{ops::RangeInclusive, sync::Arc};

/// Characters of a pseudonym: 48 bits, so that a city's patients do not meet in one.
const PSEUDONYM: usize = 12;
/// Days after the end of a use period within which its files are removed.
const SWEPT_DAYS: RangeInclusive<i64> = 1..=9;

/// Makes an output: facts read, de-identified, written as a file, and its description kept with the case.
///
/// # Errors
/// [`Code::Stale`] without a granted and presented notice; [`Code::OutsideUsePeriod`]; the fields that go beyond the
/// grant, or for which there are too few people.
pub async fn make(cx: Arc<Cx>, id: CaseId, given: NewOutput) -> Result<Output, ApiError> {
    cx.once(given.command, || async {
        let found = case::enter(&cx, id, Action::MakeOutput).await?;
        let take =
            TakeStep { command: given.command, act: Act::Produce, version: given.version, form: Form::new() };
        let (mut next, _) = step(&found, &take, cx.actor()?, cx.now)?;
        let grant = DataGrant::of(&found).ok_or(Code::Stale)?;
        if !grant.may_make(cx.now) {
            return Err(Code::OutsideUsePeriod.into());
        }
        given.wanted.check()?;
        grant.wanted().covers(&given.wanted)?;
        if given.wanted.to >= cx.now.day() {
            // A day that goes on would be counted differently a moment later.
            return Err(FieldError::new("to", "昨日までの期間にしてください。").into());
        }
        beside_others(&cx, id, &given.wanted).await?;
        let (output, file) = make_file(&cx, &found, &grant, &given.wanted).await?;
        cx.app.store.blobs.put_output(output.id, file).await?;
        let done = keep(&cx, given.command, &found, &mut next, output.clone()).await;
        if done.is_err() {
            // A file that no case knows is of no use to anybody.
            cx.app.store.blobs.remove_output(output.id).await?;
        }
        done
    })
    .await
}

/// Whether the outputs of a case leave room for a further one.
async fn beside_others(cx: &Cx, id: CaseId, wanted: &Wanted) -> Result<(), ApiError> {
    let others = cx.app.store.outputs(id).await?;
    if others.len() >= OUTPUTS_MAX {
        let words = format!("1つの許可で出力できるのは{OUTPUTS_MAX}回までです。");
        return Err(FieldError::new("wanted", words).into());
    }
    if others.iter().any(|other| !may_follow(&other.wanted, wanted)) {
        let words = "前の出力と期間が重なっています。差から個人が分からないように、同じ期間か、重ならない期間にしてください。";
        return Err(FieldError::new("from", words).into());
    }
    Ok(())
}

async fn make_file(
    cx: &Cx,
    found: &Case,
    grant: &DataGrant,
    wanted: &Wanted,
) -> Result<(Output, Bytes), ApiError> {
    let too_much = || FieldError::new("to", "データが多すぎます。期間を短くしてください。");
    let source = cx.app.store.facts(grant, wanted, cx.now.day()).await?.ok_or_else(too_much)?;
    let least = cx.app.settings.least_people;
    let question = wanted.clone();
    // The key of the pseudonyms lives and dies here.
    let made = tokio::task::spawn_blocking(move || {
        let key: [u8; 32] = random::bytes();
        deidentify(&source, &question, least, &|patient| pseudonym(&key, patient))
    });
    let made = made.await.map_err(|_| Code::Internal)?.map_err(|_| {
        let words =
            format!("条件に合う患者が{least}人に満たないため、出力できません。期間を長くするか、項目を減らしてください。");
        ApiError::from(FieldError::new("to", words))
    })?;
    let mark = CsvMark { notice_number: grant.notice_number(), last_day: grant.last_day() };
    let file = Bytes::from(csv(&made, mark));
    Ok((describe(cx, found, grant, wanted, made, &file)?, file))
}

fn pseudonym(key: &[u8; 32], patient: PatientId) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(patient.to_string().as_bytes());
    let mut word = hex::encode(mac.finalize().into_bytes());
    word.truncate(PSEUDONYM);
    word
}

fn describe(
    cx: &Cx,
    found: &Case,
    grant: &DataGrant,
    wanted: &Wanted,
    made: Made,
    file: &Bytes,
) -> Result<Output, ApiError> {
    let actor = cx.actor()?;
    let id = random::id(cx.now, OutputId::from_parts);
    let shape = if wanted.by.is_empty() { "rows" } else { "counts" };
    let number: String = grant
        .notice_number()
        .chars()
        .map(|c| if c.is_whitespace() || "/\\".contains(c) { '-' } else { c })
        .collect();
    let name = format!("{number}_{}_{shape}_{}_{}.csv", wanted.dataset.wire(), wanted.from, wanted.to);
    Ok(Output {
        id,
        case: found.id,
        notice_number: grant.notice_number().to_owned(),
        wanted: wanted.clone(),
        least: cx.app.settings.least_people,
        rows: made.lines.len() as u64,
        dropped: made.dropped,
        hidden: made.hidden,
        method: made.method,
        file_name: text::file_name("notice_number", &name).map_err(|error| ApiError::from(vec![error]))?,
        bytes: file.len() as u64,
        sha256: sha256_hex(file),
        made_at: cx.now,
        made_by: actor.account,
        made_by_name: actor.name.clone(),
        last_day: grant.last_day(),
        downloads: 0,
    })
}

/// Writes the output and the step; the case keeps what was made for as long as it is kept itself.
async fn keep(
    cx: &Cx,
    command: shared::id::CommandId,
    before: &Case,
    next: &mut Case,
    output: Output,
) -> Result<Output, ApiError> {
    if let Some(taken) = next.taken.last_mut() {
        let kept = [
            ("kept_output", output.id.to_string()),
            ("kept_data", output.wanted.in_words()),
            ("kept_rows", output.rows.to_string()),
            ("kept_dropped", output.dropped.to_string()),
            ("kept_hidden", output.hidden.to_string()),
            ("kept_method", output.method.join("\n")),
            ("kept_sha256", output.sha256.clone()),
        ];
        taken.form.extend(kept.map(|(name, value)| (name.to_owned(), value)));
    }
    case::time_of_state(&cx.app, cx.now, before, next);
    let mut tx = Tx::default();
    cx.about_once(output.id);
    cx.app.store.create_output(&mut tx, &output)?;
    cx.app.store.put_case(&mut tx, next)?;
    cx.commit_command(tx, command, output).await
}

/// What was made for a case.
///
/// # Errors
/// [`Code::NotFound`] for somebody who has nothing to do with the case.
pub async fn list(cx: Arc<Cx>, id: CaseId, _: Empty) -> Result<Outputs, ApiError> {
    let found = case::enter(&cx, id, Action::ListOutputs).await?;
    let rows = cx.app.store.outputs(id).await?;
    let in_time = DataGrant::of(&found).is_some_and(|grant| grant.may_give(cx.now));
    let may_fetch = in_time && is_recipient(&found, cx.actor()?);
    Ok(Outputs { rows, may_fetch, least: cx.app.settings.least_people })
}

/// An address to fetch an output: for whoever was granted it, within the use period. Every time is a step of the case.
///
/// # Errors
/// [`Code::NotFound`] for everybody else; [`Code::OutsideUsePeriod`]; [`Code::Stale`] once the measure after use was
/// reported.
pub async fn download(
    cx: Arc<Cx>,
    (id, wanted): (CaseId, OutputId),
    _: Empty,
) -> Result<OutputLink, ApiError> {
    let store = &cx.app.store;
    let found = store.case(id).await?.ok_or(Code::NotFound)?;
    let actor = cx.actor()?;
    let own: &[Relation] = if is_recipient(&found, actor) { &[Relation::Recipient] } else { &[] };
    decide(Some(&actor.roles), Action::DownloadOutput, own)?;
    let mut output = store.output(id, wanted).await?.ok_or(Code::NotFound)?;
    let grant = DataGrant::of(&found).ok_or(Code::Stale)?;
    if !grant.may_give(cx.now) {
        return Err(Code::OutsideUsePeriod.into());
    }
    // An output is of the notice that is in force.
    if output.notice_number != grant.notice_number() {
        return Err(Code::NotFound.into());
    }
    let take = TakeStep {
        command: random::id(cx.now, shared::id::CommandId::from_parts),
        act: Act::Provide,
        version: found.version,
        form: Form::new(),
    };
    let (mut next, _) = step(&found, &take, actor, cx.now)?;
    if let Some(taken) = next.taken.last_mut() {
        taken.form.insert("kept_output".into(), output.id.to_string());
        taken.form.insert("kept_downloads".into(), (output.downloads + 1).to_string());
        taken.form.insert("kept_sha256".into(), output.sha256.clone());
    }
    case::time_of_state(&cx.app, cx.now, &found, &mut next);
    let url = store.blobs.output_address(output.id, &output.file_name).await?;
    let mut tx = Tx::default();
    store.count_download(&mut tx, &output)?;
    store.put_case(&mut tx, &next)?;
    cx.commit(tx).await?;
    output.downloads += 1;
    Ok(OutputLink { url, output })
}

/// Removes the files whose use period is over; how many. What was made stays described in its case.
///
/// # Errors
/// If the store cannot be reached; what was removed until then stays removed.
pub async fn sweep(app: &App) -> Result<usize, StoreError> {
    let today = app.clock.now().day();
    let mut removed = 0;
    for days in SWEPT_DAYS {
        for output in app.store.outputs_ending(today.plus_days(-days)).await? {
            if app.store.blobs.attachment_size(&BlobKey::Output(output.id)).await?.is_some() {
                app.store.blobs.remove_output(output.id).await?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}
