//! データの処分 (Arts. 22 and 24(1)): the cases of what falls due, and the job behind a step that a person took.

use super::{open_by_system, system::step_by_system};
use crate::{
    app::App,
    evidence::{
        certify,
        erase::{self, EraseError},
    },
    http::{context::Cx, error::ApiError},
    store::keys,
};
use shared::{
    api::{
        audit::patient_number,
        error::{Code, FieldError},
    },
    calendar::{Day, Timestamp},
    evidence::{Certificate, ErasureProgress, KeptCertificate, KeyName},
    id::{AccountId, FacilityId, PatientId},
    procedure::{Act, Case, Form, OF_A_DAY, Party, Procedure, State, moment_text},
};

/// Days back from the newest that is due at which a case is looked for: longer than any repair should take.
const LOOK_BACK_DAYS: i64 = 95;
/// How long a run goes on with what was begun: well below what a function may take.
const RUN_SECONDS: i64 = 8 * 60;
/// Characters of the list of generations that a case keeps; the whole list is in the certificate in any case.
const LIST_MAX: usize = 40_000;

impl From<EraseError> for ApiError {
    fn from(error: EraseError) -> Self {
        let wrong = |words: String| Self::from(FieldError::new("target", words));
        match error {
            EraseError::Store(error) => error.into(),
            EraseError::NotDue(day) => wrong(format!(
                "{}に送られたデータは、{}まで保管します。",
                day.in_full(),
                day.last_kept_day().in_full()
            )),
            EraseError::NotAllowed => wrong(
                "同意が撤回されていない患者か、市が消去を行うと決めていないため、消去できません。".to_owned(),
            ),
            other @ EraseError::StillThere(_) => Self::from(Code::Internal).because(other.to_string()),
        }
    }
}

/// Of which key a case is.
fn name_of(case: &Case) -> Result<KeyName, ApiError> {
    let target = case.form.get("target").map_or("", String::as_str);
    let day = case.form.get("what").is_some_and(|what| what == OF_A_DAY);
    let name =
        if day { target.parse().map(KeyName::Day).ok() } else { target.parse().map(KeyName::Patient).ok() };
    let words = if day {
        "2026-11-20 のように、日付で入力してください。"
    } else {
        "患者の番号を入力してください。"
    };
    name.ok_or_else(|| FieldError::new("target", words).into())
}

/// Checks that what is asked may be erased at all.
///
/// # Errors
/// The field in error.
pub(super) async fn check_request(cx: &Cx, case: &Case) -> Result<(), ApiError> {
    if case.procedure == Procedure::Disposal {
        erase::may_erase(&cx.app, name_of(case)?).await?;
    }
    Ok(())
}

/// How far the system is with the erasure that a case waits for.
pub(super) async fn progress(app: &App, case: &Case) -> Result<Option<ErasureProgress>, ApiError> {
    if case.state != State::Erasing {
        return Ok(None);
    }
    Ok(app.store.erasure_progress(name_of(case)?).await?)
}

/// Goes on with every erasure that a person began in their own name, for some minutes, and ends its case when it is done
/// and proven; how many ended. It never begins one: that is the step of a case.
///
/// # Errors
/// The first trouble; the others were gone on with all the same, and the next run does the rest.
pub async fn run_begun(app: &App) -> Result<usize, ApiError> {
    let until = app.clock.now().plus_seconds(RUN_SECONDS);
    let nobody = (FacilityId::from_parts(0, 0), AccountId::from_parts(0, 0));
    let list = keys::cases_of(Party::System, nobody.0, nobody.1);
    let (mut ended, mut trouble) = (0, None);
    for brief in app.store.cases(&[list], false).await? {
        if brief.state != State::Erasing {
            continue;
        }
        let case = app.store.case(brief.id).await?.filter(|case| case.state == State::Erasing);
        let Some(case) = case else { continue };
        match go_on(app, &case, until).await {
            Ok(done) => ended += usize::from(done),
            Err(error) => {
                tracing::error!(case = %case.id, code = error.code.wire(), "an erasure failed; it is tried again");
                mark_in_vain(app, &case).await?;
                trouble = trouble.or(Some(error));
            }
        }
    }
    trouble.map_or(Ok(ended), Err)
}

/// Goes on with the erasure of a case; whether it ended.
async fn go_on(app: &App, case: &Case, until: Timestamp) -> Result<bool, ApiError> {
    let record = match erase::work(app, name_of(case)?, Some(case.id), Some(until)).await {
        Ok(Some(record)) => record,
        Ok(None) => return Ok(false),
        // Nothing was touched: since the step the ground for it has gone, such as by a new consent.
        Err(error @ (EraseError::NotDue(_) | EraseError::NotAllowed)) => {
            let words = ApiError::from(error).fields.into_iter().next().map(|field| field.message);
            let form = Form::from([("reason".to_owned(), words.unwrap_or_default())]);
            let back = step_by_system(app, case, Act::GiveUpErasure, &form, Form::new()).await?;
            return Ok(back.is_some());
        }
        Err(error) => return Err(error.into()),
    };
    let kept = record.certificate.ok_or(Code::Internal)?;
    let certificate = certify::certificate(app, &kept).await?;
    let certificate =
        certificate.ok_or_else(|| ApiError::from(Code::Internal).because("a certificate was changed"))?;
    let record = in_the_record(kept, &certificate);
    Ok(step_by_system(app, case, Act::EndErasure, &Form::new(), record).await?.is_some())
}

/// Lets whoever looks at the case see that the last try was in vain.
async fn mark_in_vain(app: &App, case: &Case) -> Result<(), ApiError> {
    let name = name_of(case)?;
    let is = app.store.erasure_progress(name).await?;
    let is = is.unwrap_or_else(|| ErasureProgress::new(app.clock.now()));
    Ok(app.store.put_erasure_progress(name, &ErasureProgress { in_vain: true, ..is }).await?)
}

/// What a case keeps of a certificate.
fn in_the_record(kept: KeptCertificate, certificate: &Certificate) -> Form {
    let live = certificate.live;
    let (objects, boxes) = (certificate.objects(), certificate.boxes());
    Form::from([
        ("kept_certificate".to_owned(), kept.key),
        ("kept_version".to_owned(), kept.version),
        ("kept_hash".to_owned(), kept.sha256),
        ("kept_erased_at".to_owned(), moment_text(certificate.destroyed_at)),
        ("kept_checked_at".to_owned(), moment_text(certificate.checked_at)),
        ("kept_method".to_owned(), certificate.method.clone()),
        (
            "kept_live".to_owned(),
            format!(
                "発信簿 {}件（連絡 {}件）、既読 {}件、添付 {}件",
                live.entries, live.notes, live.receipts, live.files
            ),
        ),
        (
            "kept_boxes".to_owned(),
            format!(
                "{}世代、{objects}オブジェクト版、{boxes}箱（すべて開けないことを確認）",
                certificate.reached.len()
            ),
        ),
        ("kept_reached".to_owned(), certificate.in_words(LIST_MAX)),
    ])
}

/// Goes on with what was begun, and opens a case for each day whose five years are over and, where the city decided so, for
/// each patient whose consent was withdrawn; the cases that there are for them. Safe to repeat, takes no input: of a day, and
/// of a withdrawal, there is one case ever.
///
/// # Errors
/// If the store cannot be reached.
pub async fn run_due(app: &App) -> Result<Vec<Case>, ApiError> {
    // What fails of what was begun keeps nobody from being asked about the rest.
    let begun = run_begun(app).await;
    let begun = match begun {
        Ok(_) => erase::resume(app).await.map(|_| ()).map_err(ApiError::from),
        Err(error) => Err(error),
    };
    let mut cases = Vec::new();
    for day in erase::due(app, LOOK_BACK_DAYS).await? {
        cases.push(
            open_by_system(app, Procedure::Disposal, &form(day), &KeyName::Day(day).to_string()).await?,
        );
    }
    cases.extend(of_withdrawn(app).await?);
    begun.map(|()| cases)
}

/// Opens a case for each patient whose consent was withdrawn lately, where the city decided that this erases. Nobody has to
/// know the patient's number; whether it is erased is the operations manager's to permit.
async fn of_withdrawn(app: &App) -> Result<Vec<Case>, ApiError> {
    let mut cases = Vec::new();
    if !app.settings.erase_on_withdrawal {
        return Ok(cases);
    }
    let today = app.clock.now().day();
    for back in (0..=LOOK_BACK_DAYS).rev() {
        for (patient, number, on) in app.store.withdrawn_on(today.plus_days(-back)).await? {
            let name = KeyName::Patient(patient);
            match erase::may_erase(app, name).await {
                Ok(record) if record.as_ref().is_none_or(|record| record.destroyed_at.is_none()) => {
                    let key = format!("{name}/{number}");
                    let form = form_of_patient(patient, on);
                    cases.push(open_by_system(app, Procedure::Disposal, &form, &key).await?);
                }
                // Erased already, or given again since.
                Ok(_) | Err(EraseError::NotAllowed) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(cases)
}

fn form_of_patient(patient: PatientId, withdrawn_on: Day) -> Form {
    let id = patient.to_string();
    Form::from([
        ("subject".to_owned(), format!("同意が撤回された患者のデータ（{}）", patient_number(&id))),
        ("what".to_owned(), "patient".to_owned()),
        ("target".to_owned(), id),
        (
            "ground".to_owned(),
            format!(
                "{}に同意が撤回されました。撤回された患者のデータを消去することは、市が決めています。",
                withdrawn_on.in_full()
            ),
        ),
    ])
}

fn form(day: Day) -> Form {
    Form::from([
        ("subject".to_owned(), format!("{}に送られたデータ（保管期限の満了）", day.in_full())),
        ("what".to_owned(), OF_A_DAY.to_owned()),
        ("target".to_owned(), day.to_string()),
        (
            "ground".to_owned(),
            format!("第23条(1)の保管期間（5年）が、{}に終わりました。", day.last_kept_day().in_full()),
        ),
    ])
}
