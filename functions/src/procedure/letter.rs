//! 封書: the letter with user id and first password (Art. 13(1)). Printing makes the password; nothing keeps it.

use super::{case, effect, facility};
use crate::{
    http::{context::Cx, error::ApiError},
    people::{credential, qr},
    store::tx::Tx,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use shared::{
    api::{error::Code, procedure::Letter},
    authority::Action,
    id::{CaseId, FacilityId},
    people::{AccountState, FacilityKind, Role},
    procedure::{Act, Case, Procedure, TakeStep, step},
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
    let office = facility::taking_part(&cx, next.facility).await?.facility;
    let (title, addressee) = addressee(&cx, &next, office.kind).await?;
    let mut tx = Tx::default();
    let renewed = next.procedure == Procedure::AccountReset;
    let (password, ends) = credential::issue(&cx, &mut tx, &row, renewed).await?;
    cx.app.store.put_case(&mut tx, &next)?;
    cx.commit(tx).await?;
    let address = format!("{}/signin", cx.app.settings.origins.first().cloned().unwrap_or_default());
    let link = format!("{address}#id={}", row.account.user_id);
    let qr = qr::of(&link).ok_or_else(|| ApiError::from(Code::Internal).because("QR code of the address"))?;
    let mut letter = Letter {
        postal: office.postal,
        facility: office.name,
        title,
        addressee,
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

/// Who is handed the letter, title and name: whoever asked for their people, or, for a paper, whoever answers for them. The
/// city's office has nobody of the kind: there it is whoever entered the paper.
async fn addressee(cx: &Cx, found: &Case, kind: FacilityKind) -> Result<(String, String), ApiError> {
    let role = match kind {
        FacilityKind::CityOffice => return Ok((String::new(), found.asked_by_name.clone())),
        FacilityKind::Contractor => Role::OperationsManager,
        _ => Role::FacilityManager,
    };
    let name = if case::on_paper(found) {
        manager(cx, found.facility, role).await?
    } else {
        found.asked_by_name.clone()
    };
    Ok((role.label().to_owned(), name))
}

/// Somebody in this role there, by name; empty where there is nobody. Whoever has signed in comes first: the first manager of
/// a new facility is still to come, by this very letter.
async fn manager(cx: &Cx, facility: FacilityId, role: Role) -> Result<String, ApiError> {
    let today = cx.now.day();
    let mut people = cx.app.store.accounts(Some(facility)).await?;
    people.retain(|row| {
        let out = matches!(row.account.state, AccountState::Stopped | AccountState::Removed);
        !out && row.account.roles_on(today).contains(&role)
    });
    let first = people.into_iter().min_by_key(|row| row.account.state != AccountState::Active);
    Ok(first.map(|row| row.account.name).unwrap_or_default())
}
