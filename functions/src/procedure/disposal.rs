//! データの処分 (Arts. 22 and 24(1)): the cases of what falls due, and the erasure behind a step.

use super::open_by_system;
use crate::{
    app::App,
    evidence::erase::{self, EraseError},
    http::{context::Cx, error::ApiError},
};
use shared::{
    api::error::{Code, FieldError},
    calendar::Day,
    evidence::KeyName,
    procedure::{Case, Form, OF_A_DAY, Procedure, moment_text},
};

/// Days back from the newest that is due at which a case is looked for: longer than any repair should take.
const LOOK_BACK_DAYS: i64 = 95;
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

/// Erases what a case is about, before the step is written: whatever is cut off is completed by the next try, or by the
/// schedule. What the record keeps of it.
///
/// # Errors
/// It may not be erased; the store's trouble.
pub(super) async fn erase(cx: &Cx, case: &Case) -> Result<Form, ApiError> {
    let record = erase::run(&cx.app, name_of(case)?, Some(case.id)).await?;
    let kept = record.certificate.ok_or(Code::Internal)?;
    let certificate = erase::certificate(&cx.app, &kept).await?;
    let certificate =
        certificate.ok_or_else(|| ApiError::from(Code::Internal).because("a certificate was changed"))?;
    let live = certificate.live;
    let (objects, boxes) = (certificate.objects(), certificate.boxes());
    Ok(Form::from([
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
    ]))
}

/// Finishes erasures that were cut off, and opens a case for each day whose five years are over; how many cases are open
/// for a day. Safe to repeat, takes no input: of a day there is one case ever.
///
/// # Errors
/// If the store cannot be reached.
pub async fn run_due(app: &App) -> Result<Vec<Case>, ApiError> {
    erase::resume(app).await?;
    let mut cases = Vec::new();
    for day in erase::due(app, LOOK_BACK_DAYS).await? {
        cases.push(
            open_by_system(app, Procedure::Disposal, &form(day), &KeyName::Day(day).to_string()).await?,
        );
    }
    Ok(cases)
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
