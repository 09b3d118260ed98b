//! 連絡先: whom to call by which way (figure 3). Roles come from the appointments in force today, so that nobody keeps a
//! second list; 関係箇所 are set with the deployment.

use crate::http::{context::Cx, error::ApiError};
use shared::{
    api::{
        Empty,
        procedure::{Contact, Contacts},
    },
    people::{AccountState, Facility, FacilityKind, Role},
};
use std::sync::Arc;

/// In the order of figure 3: the help desk stands before them, the city and 関係箇所 after.
const ROLES: &[Role] = &[Role::Operator, Role::SystemAdmin, Role::OperationsManager, Role::KeyKeeper];

/// Whom to call.
///
/// # Errors
/// If the store cannot be reached.
pub async fn read(cx: Arc<Cx>, (): (), _: Empty) -> Result<Contacts, ApiError> {
    let settings = &cx.app.settings;
    let desk = settings.help_desk.clone();
    let mut offices = vec![Contact {
        role: "ヘルプデスク".into(),
        name: desk.name,
        office: String::new(),
        phone: desk.phone,
        fax: desk.fax,
        mail: desk.mail,
    }];
    let mut facilities = cx.app.store.facilities().await?;
    facilities.sort_by(|a, b| a.name.cmp(&b.name));
    for role in ROLES {
        for office in facilities.iter().filter(|facility| facility.kind == FacilityKind::Contractor) {
            offices.extend(holders(&cx, office, *role).await?);
        }
    }
    for office in facilities.iter().filter(|facility| facility.kind == FacilityKind::CityOffice) {
        offices.push(of(office, Role::City.label().to_owned()));
        offices.extend(holders(&cx, office, Role::City).await?);
    }
    offices.extend(settings.related.iter().cloned());
    let care = facilities
        .iter()
        .filter(|facility| !matches!(facility.kind, FacilityKind::Contractor | FacilityKind::CityOffice));
    let facilities = care.map(|facility| of(facility, facility.kind.label().to_owned())).collect();
    Ok(Contacts { hours: settings.hours.clone(), offices, facilities })
}

/// A facility itself.
fn of(facility: &Facility, role: String) -> Contact {
    Contact {
        role,
        name: facility.name.clone(),
        office: String::new(),
        phone: facility.phone.clone(),
        fax: facility.fax.clone(),
        mail: facility.mail.clone(),
    }
}

/// The people of an office who hold a role today.
async fn holders(cx: &Cx, office: &Facility, role: Role) -> Result<Vec<Contact>, ApiError> {
    let today = cx.now.day();
    let rows = cx.app.store.accounts(Some(office.id)).await?.into_iter();
    let active = rows.filter(|row| row.account.state == AccountState::Active);
    let holding = active.filter(|row| row.account.roles_on(today).contains(&role));
    let contact = |account: shared::people::Account| Contact {
        role: role.label().to_owned(),
        name: account.name,
        office: office.name.clone(),
        // A person's own number, where one is registered; else that of the office.
        phone: if account.contact.is_empty() { office.phone.clone() } else { account.contact },
        fax: office.fax.clone(),
        mail: office.mail.clone(),
    };
    Ok(holding.map(|row| contact(row.account)).collect())
}
