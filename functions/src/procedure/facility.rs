//! What the city decides of facilities: one joins (Art. 2), what is registered of it changes, it leaves with its people.

use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::{facility::FacilityRow, keys, people::AccountRow, tx::Tx},
};
use shared::{
    api::{
        error::{Code, FieldError},
        procedure::FacilityQuery,
    },
    id::{AccountId, FacilityId},
    people::{AccountState, Facility, FacilityKind},
    procedure::{Case, Form, Leaving, Party, Procedure, State},
};
use std::sync::Arc;

/// What is registered of a facility: the own one, or another.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn read(cx: Arc<Cx>, (): (), query: FacilityQuery) -> Result<Facility, ApiError> {
    let id = query.facility.unwrap_or(cx.actor()?.facility);
    Ok(cx.app.store.facility(id).await?.ok_or(Code::NotFound)?)
}

/// A facility that a new request may be for.
///
/// # Errors
/// [`Code::NotFound`]; a field in error if it has left.
pub(super) async fn taking_part(cx: &Cx, id: FacilityId) -> Result<FacilityRow, ApiError> {
    let row = cx.app.store.facility_row(id).await?.ok_or(Code::NotFound)?;
    if !row.facility.takes_part() {
        return Err(FieldError::new("facility", "この施設は脱退しています。").into());
    }
    Ok(row)
}

/// Checks a request about a facility itself against what is registered.
///
/// # Errors
/// Fields in error.
pub(super) async fn check_request(cx: &Cx, case: &mut Case, of: &Facility) -> Result<(), ApiError> {
    match case.procedure {
        Procedure::FacilityChange => {
            name_is_free(cx, case, of).await?;
            // Whoever decides sees beside what is asked what is registered.
            let before = fill_in(&mut of.clone(), &case.form);
            case.form.extend(before);
            Ok(())
        }
        Procedure::FacilityLeave if case.procedure.comes_from(of.kind) => {
            case.about.clone_from(&of.name);
            Ok(())
        }
        Procedure::FacilityLeave => {
            Err(FieldError::new("facility", "市と契約事業者は脱退できません。").into())
        }
        _ => Ok(()),
    }
}

/// Two facilities of one name could not be told apart on the portal and on letters.
async fn name_is_free(cx: &Cx, case: &Case, of: &Facility) -> Result<(), ApiError> {
    let own = (case.procedure == Procedure::FacilityChange).then_some(of.id);
    let known = cx.app.store.facilities().await?;
    let taken = |other: &Facility| Some(other.id) != own && case.form.get("name") == Some(&other.name);
    if known.iter().any(taken) {
        return Err(FieldError::new("name", "同じ名称の施設が、すでに登録されています。").into());
    }
    Ok(())
}

/// The write that registers the facility of a case.
///
/// # Errors
/// A field in error if the name is taken.
pub(super) async fn register(cx: &Cx, tx: &mut Tx<Code>, case: &Case) -> Result<(), ApiError> {
    let text = |name: &str| case.form.get(name).cloned().unwrap_or_default();
    let facility = Facility {
        id: random::id(cx.now, FacilityId::from_parts),
        name: text("name"),
        kind: FacilityKind::from_wire(&text("kind")).ok_or(Code::Invalid)?,
        postal: text("postal"),
        phone: text("phone"),
        fax: text("fax"),
        mail: text("mail"),
        left_on: None,
    };
    name_is_free(cx, case, &facility).await?;
    cx.about_once(facility.id);
    Ok(cx.app.store.create_facility(tx, &facility)?)
}

/// The writes that change what is registered of the facility of a case; the step keeps what stood there before.
///
/// # Errors
/// A field in error if the name is taken, or the facility has left.
pub(super) async fn change(cx: &Cx, tx: &mut Tx<Code>, case: &mut Case) -> Result<(), ApiError> {
    let row = taking_part(cx, case.facility).await?;
    name_is_free(cx, case, &row.facility).await?;
    cx.about_once(row.facility.id);
    let mut facility = row.facility.clone();
    let before = fill_in(&mut facility, &case.form);
    if let Some(taken) = case.taken.last_mut() {
        taken.form.extend(before);
    }
    Ok(cx.app.store.change_facility(tx, &row, &facility)?)
}

/// Fills in what is asked, and gives what differed before.
fn fill_in(facility: &mut Facility, form: &Form) -> Vec<(String, String)> {
    let mut before = Vec::new();
    for (name, is) in [
        ("name", &mut facility.name),
        ("postal", &mut facility.postal),
        ("phone", &mut facility.phone),
        ("fax", &mut facility.fax),
        ("mail", &mut facility.mail),
    ] {
        let new = form.get(name).cloned().unwrap_or_default();
        if *is != new {
            let was = std::mem::replace(is, new);
            before.push((format!("before_{name}"), if was.is_empty() { NOTHING.to_owned() } else { was }));
        }
    }
    before
}

/// What stands in the record where nothing was registered.
const NOTHING: &str = "（登録なし）";

/// The writes by which the facility of a case leaves: it takes part no more, and every account of it is removed, in one
/// transaction. The step keeps who that was.
///
/// # Errors
/// Fields in error, which say all that stands in the way.
pub(super) async fn leave(cx: &Cx, tx: &mut Tx<Code>, case: &mut Case) -> Result<(), ApiError> {
    let store = &cx.app.store;
    let row = taking_part(cx, case.facility).await?;
    let mut people = store.accounts(Some(row.facility.id)).await?;
    people.retain(|person| person.account.state != AccountState::Removed);
    let in_the_way = standing(cx, case, &row.facility, &people).await?.in_the_way();
    if !in_the_way.is_empty() {
        return Err(in_the_way.into());
    }
    cx.about_once(row.facility.id);
    for person in &people {
        cx.about_once(person.account.id);
        store.remove_with_facility(tx, person, cx.now)?;
    }
    if let Some(taken) = case.taken.last_mut() {
        let name = |person: &AccountRow| format!("{}（{}）", person.account.name, person.account.user_id);
        let removed = people.iter().map(name).collect::<Vec<_>>().join("、");
        taken.form.insert("kept_removed".into(), if removed.is_empty() { "なし".into() } else { removed });
    }
    let gone = Facility { left_on: Some(cx.now.day()), ..row.facility.clone() };
    Ok(store.change_facility(tx, &row, &gone)?)
}

/// A facility as it stands when it is to leave.
async fn standing(
    cx: &Cx,
    case: &Case,
    facility: &Facility,
    people: &[AccountRow],
) -> Result<Leaving, ApiError> {
    let store = &cx.app.store;
    let ids: Vec<AccountId> = people.iter().map(|person| person.account.id).collect();
    let list = [keys::cases_of(Party::Facility, facility.id, case.asked_by)];
    let (sole, open) = futures::try_join!(store.sole_key_workers(&ids), store.cases(&list, false))?;
    let alone = |person: &AccountRow| Some((person.account.name.clone(), *sole.get(&person.account.id)?));
    // A draft is nobody's yet, and a stopped account is removed with the others.
    let waits = open
        .iter()
        .filter(|other| other.id != case.id && other.state != State::Draft && !other.state.is_resting());
    Ok(Leaving {
        people: people.len(),
        sole: people.iter().filter_map(alone).collect(),
        cases: waits.map(|other| other.number.clone()).collect(),
    })
}
