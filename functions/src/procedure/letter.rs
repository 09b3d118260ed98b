//! 封書: the letter with user id and first password (Art. 13(1)). Printing makes the password; nothing keeps it.

use super::{case, effect};
use crate::{
    http::{context::Cx, error::ApiError},
    people::{credential, qr},
    store::tx::Tx,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use shared::{
    api::{error::Code, procedure::Letter},
    authority::Action,
    id::CaseId,
    people::{AccountState, Role},
    procedure::{Act, Case, TakeStep, step},
    sheet::{SealedLetter, Sheet},
};
use std::sync::Arc;

/// Makes a letter and gives it, once.
///
/// # Errors
/// [`Code::Stale`] when somebody printed it meanwhile, and for the same press sent twice: then the first answer was lost,
/// and printing again makes a new letter.
pub async fn print(cx: Arc<Cx>, id: CaseId, given: TakeStep) -> Result<Letter, ApiError> {
    if given.act != Act::Print {
        return Err(Code::Invalid.into());
    }
    let found = case::enter(&cx, id, Action::PrintLetter).await?;
    let (next, _) = step(&found, &given, cx.actor()?, cx.now)?;
    let row = effect::row(&cx, &next).await?;
    let mut tx = Tx::default();
    let (password, ends) = credential::issue(&cx, &mut tx, &row).await?;
    cx.app.store.put_case(&mut tx, &next)?;
    cx.commit(tx).await?;
    let address = format!("{}/signin", cx.app.settings.origins.first().cloned().unwrap_or_default());
    let link = format!("{address}#id={}", row.account.user_id);
    let qr = qr::of(&link).ok_or_else(|| ApiError::from(Code::Internal).because("QR code of the address"))?;
    let mut letter = Letter {
        postal: cx.app.store.facility(next.facility).await?.map(|found| found.postal).unwrap_or_default(),
        addressee: addressee(&cx, &next).await?,
        case: next,
        name: row.account.name,
        user_id: row.account.user_id,
        password,
        last_day: ends.plus_seconds(-1).day(),
        address,
        qr,
        sender: cx.app.settings.network.clone(),
        pdf: None,
    };
    // The password exists in this answer alone: whatever is printed of it is printed here.
    if let Some(press) = cx.app.press.get().cloned() {
        let sheet = Sheet::SealedLetter(SealedLetter::of(&letter, cx.now.day()));
        let pdf = tokio::task::spawn_blocking(move || press.pdf(&sheet)).await;
        let because = |why: String| ApiError::from(Code::Internal).because(why);
        letter.pdf = Some(STANDARD.encode(pdf.map_err(|why| because(why.to_string()))?.map_err(because)?));
    }
    Ok(letter)
}

/// The facility manager by name: who asked, or, for a paper, the first whom the facility has.
async fn addressee(cx: &Cx, found: &Case) -> Result<String, ApiError> {
    if !case::on_paper(found) {
        return Ok(found.asked_by_name.clone());
    }
    let people = cx.app.store.accounts(Some(found.facility)).await?;
    let manager = people.into_iter().find(|row| {
        row.account.state == AccountState::Active && row.account.roles.contains(&Role::FacilityManager)
    });
    Ok(manager.map_or_else(|| "施設管理者".to_owned(), |row| row.account.name))
}
