//! Founding 開設: the offices and the first people of an empty environment, before anybody could ask for anybody (Art. 13).
//! From then on people are registered by the procedures. It may be repeated, for a letter that was lost, until the first of
//! them has signed in; then never again.

use super::credential;
use crate::{
    app::App,
    random,
    store::{
        Store,
        error::StoreError,
        people::Login,
        tx::{Conflict, Tx},
    },
};
use serde::{Deserialize, Serialize};
use shared::{
    api::error::{Code, FieldError},
    authority::Action,
    calendar::Timestamp,
    evidence::{AuditEvent, Outcome, SYSTEM_SOURCE},
    id::{AccountId, EventId, FacilityId, RequestId},
    people::{Account, AccountState, Appointed, Facility, FacilityKind, Profession, Role, is_user_id},
};
use std::collections::BTreeSet;

/// Most people at once: they and their audit events are one transaction.
const PEOPLE_MAX: usize = 20;
/// So many of each at least: without them nobody could ask, decide, register and permit (Arts. 3, 12, 13, 17). Of the city two,
/// because nobody decides on what they asked themselves: one alone could let in neither a facility nor a colleague.
const NEEDED: [(Role, usize); 4] =
    [(Role::City, 2), (Role::OperationsManager, 1), (Role::SystemAdmin, 1), (Role::Operator, 1)];

/// An office to be: the city's or the contractor's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Its name.
    pub name: String,
    /// `city_office` or `contractor`.
    pub kind: FacilityKind,
    /// 郵便番号と所在地.
    #[serde(default)]
    pub postal: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// FAX.
    #[serde(default)]
    pub fax: String,
    /// E-mail.
    #[serde(default)]
    pub mail: String,
}

/// One of the first people.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Founder {
    /// ユーザーID.
    pub user_id: String,
    /// The person's name.
    pub name: String,
    /// Its reading, in hiragana.
    pub kana: String,
    /// The office's name, as above.
    pub office: String,
    /// In which roles.
    pub roles: Vec<Role>,
    /// Where the person can be reached, such as a telephone number.
    #[serde(default)]
    pub contact: String,
}

/// What is founded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Founding {
    /// The offices.
    pub offices: Vec<Office>,
    /// The people.
    pub people: Vec<Founder>,
}

/// What one of them is handed, sealed; it exists in this one answer only.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// ユーザーID.
    pub user_id: String,
    /// Whose.
    pub name: String,
    /// Opens nothing but the first sign-in.
    pub password: String,
    /// It works before this instant.
    pub ends_at: Timestamp,
}

/// Why nothing was founded.
#[derive(Debug)]
pub enum FoundingError {
    /// The table.
    Store(StoreError),
    /// Somebody uses this environment already.
    InUse,
    /// What was given is not enough or wrong.
    Wrong(FieldError),
}

impl std::fmt::Display for FoundingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::InUse => {
                f.write_str("この環境はもう使われています。利用者の登録は手続き（第13条）で行ってください。")
            }
            Self::Wrong(wrong) => wrong.fmt(f),
        }
    }
}

impl std::error::Error for FoundingError {}

impl<E: Into<StoreError>> From<E> for FoundingError {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

impl Founding {
    /// Whether it is enough to begin with.
    ///
    /// # Errors
    /// The field, and what to do.
    pub fn check(&self) -> Result<(), FieldError> {
        for (kind, words) in [(FacilityKind::CityOffice, "市役所"), (FacilityKind::Contractor, "契約事業者")]
        {
            if !self.offices.iter().any(|office| office.kind == kind) {
                return Err(FieldError::new(
                    "offices",
                    format!("{words}（{}）を1つ入れてください。", kind.wire()),
                ));
            }
        }
        for office in &self.offices {
            if ![FacilityKind::CityOffice, FacilityKind::Contractor].contains(&office.kind)
                || office.name.is_empty()
            {
                return Err(FieldError::new(
                    "offices",
                    "入れられるのは、名前のある市役所と契約事業者だけです。",
                ));
            }
        }
        let names: BTreeSet<&str> = self.offices.iter().map(|office| office.name.as_str()).collect();
        let ids: BTreeSet<&str> = self.people.iter().map(|one| one.user_id.as_str()).collect();
        if names.len() < self.offices.len() {
            return Err(FieldError::new("offices", "同じ名前が2つあります。"));
        }
        if ids.len() < self.people.len() || self.people.len() > PEOPLE_MAX {
            return Err(FieldError::new(
                "people",
                format!("違うユーザーIDの{PEOPLE_MAX}人までにしてください。"),
            ));
        }
        self.people.iter().try_for_each(|one| self.check_one(one))?;
        let count = |role: &Role| self.people.iter().filter(|one| one.roles.contains(role)).count();
        match NEEDED.iter().find(|(role, least)| count(role) < *least) {
            Some((role, least)) => {
                let words = format!("{}（{}）の人を{least}人以上入れてください。", role.label(), role.wire());
                Err(FieldError::new("people", words))
            }
            None => Ok(()),
        }
    }

    fn check_one(&self, one: &Founder) -> Result<(), FieldError> {
        let wrong =
            |field: &str, words: &str| Err(FieldError::new(field, format!("{}: {words}", one.user_id)));
        if !is_user_id(&one.user_id) {
            return wrong("user_id", "小文字の英字で始まる、英小文字・数字・「-」のIDにしてください。");
        }
        if one.name.is_empty() || one.kana.is_empty() {
            return wrong("name", "氏名とよみを入れてください。");
        }
        let Some(office) = self.offices.iter().find(|office| office.name == one.office) else {
            return wrong("office", "offices にある名前を入れてください。");
        };
        let of_city = [Role::City, Role::Auditor, Role::Council];
        let of_contractor = [Role::OperationsManager, Role::SystemAdmin, Role::Operator, Role::KeyKeeper];
        let fits = |role: &Role| match office.kind {
            FacilityKind::CityOffice => of_city.contains(role),
            _ => of_contractor.contains(role),
        };
        // Who asks is not who decides: the city's roles and the contractor's are never one person's.
        if one.roles.is_empty() || !one.roles.iter().all(fits) {
            return wrong(
                "roles",
                "市役所の人には city・auditor・council、契約事業者の人には operations_manager・system_admin・operator・key_keeper を入れてください。",
            );
        }
        Ok(())
    }
}

/// Founds the environment, or prints the letters anew while nobody has signed in; a letter for each of the people.
///
/// # Errors
/// [`FoundingError`]; then nothing was written.
pub async fn run(app: &App, founding: &Founding) -> Result<Vec<Letter>, FoundingError> {
    founding.check().map_err(FoundingError::Wrong)?;
    let is_new = !app.store.is_in_use().await?;
    if !is_new && app.store.is_signed_in_to().await? {
        return Err(FoundingError::InUse);
    }
    let now = app.clock.now();
    let mut tx = Tx::<Code>::default();
    let mut offices = Vec::new();
    for office in founding.offices.iter().filter(|_| is_new) {
        let id = random::id(now, FacilityId::from_parts);
        let Office { name, kind, postal, phone, fax, mail } = office.clone();
        let facility = Facility { id, name, kind, postal, phone, fax, mail, left_on: None };
        app.store.create_facility(&mut tx, &facility)?;
        offices.push(facility);
    }
    let mut letters = Vec::new();
    for one in &founding.people {
        let account = if is_new { Some(account(one, &offices, now)) } else { None };
        letters.push(letter(app, &mut tx, one, account, now).await?);
    }
    match tx.commit(&app.store).await {
        Ok(()) => Ok(letters),
        Err(Conflict::Store(error)) => Err(FoundingError::Store(error)),
        // Somebody else was quicker.
        Err(_) => Err(FoundingError::InUse),
    }
}

fn account(one: &Founder, offices: &[Facility], now: Timestamp) -> Account {
    let home = offices.iter().find(|office| office.name == one.office);
    let of_city = home.is_some_and(|office| office.kind == FacilityKind::CityOffice);
    // Roles of the contractor's people come and go with their appointments (Art. 3), which are filed afterwards.
    let held = |role: &Role| Appointed { role: *role, from: now.day(), to: None, case: None };
    let (profession, roles, appointed) = if of_city {
        (Profession::Official, one.roles.clone(), Vec::new())
    } else {
        (Profession::Engineer, Vec::new(), one.roles.iter().map(held).collect())
    };
    Account {
        id: random::id(now, AccountId::from_parts),
        user_id: one.user_id.clone(),
        name: one.name.clone(),
        kana: one.kana.clone(),
        profession,
        facility: home.map_or_else(|| FacilityId::from_parts(0, 0), |office| office.id),
        facility_name: one.office.clone(),
        roles,
        appointed,
        contact: one.contact.clone(),
        state: AccountState::Invited,
    }
}

/// The writes of a letter: of a new account, or of one that nobody has signed in with.
async fn letter(
    app: &App,
    tx: &mut Tx<Code>,
    one: &Founder,
    new: Option<Account>,
    now: Timestamp,
) -> Result<Letter, FoundingError> {
    let is_new = new.is_some();
    let mut login = match (&new, app.store.login(&one.user_id).await?) {
        (Some(account), None) => Login::without_password(account.id),
        (None, Some(login)) => login,
        // Of the founders, but not of those who were there before.
        _ => return Err(FoundingError::InUse),
    };
    let letter = credential::write_letter(&mut login, now).await;
    let (secret, ends_at) = letter.ok_or(StoreError::Shape("hash of a password"))?;
    match &new {
        Some(account) => {
            let [account, login] = Store::account_items(account, &login)?;
            tx.create(&app.store, account, Code::Busy)?;
            tx.create(&app.store, login, Code::UserIdTaken)?;
        }
        None => app.store.put_login(tx, &one.user_id, &login)?,
    }
    let event = AuditEvent {
        id: random::id(now, EventId::from_parts),
        at: now,
        request: random::id(now, RequestId::from_parts),
        action: if is_new { Action::TakeStep } else { Action::PrintLetter },
        who: None,
        thing: vec![login.account.to_string()],
        source: SYSTEM_SOURCE.into(),
        outcome: Outcome::Done,
    };
    app.store.note_event(tx, &event)?;
    Ok(Letter { user_id: one.user_id.clone(), name: one.name.clone(), password: secret, ends_at })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn founding() -> Founding {
        let office = |name: &str, kind| Office {
            name: name.into(),
            kind,
            postal: String::new(),
            phone: String::new(),
            fax: String::new(),
            mail: String::new(),
        };
        let one = |user_id: &str, office: &str, roles: &[Role]| Founder {
            user_id: user_id.into(),
            name: "名".into(),
            kana: "な".into(),
            office: office.into(),
            roles: roles.to_vec(),
            contact: String::new(),
        };
        Founding {
            offices: vec![office("市", FacilityKind::CityOffice), office("社", FacilityKind::Contractor)],
            people: vec![
                one("city-01", "市", &[Role::City]),
                one("om-01", "社", &[Role::OperationsManager]),
                one("sa-01", "社", &[Role::SystemAdmin, Role::Operator]),
                one("city-02", "市", &[Role::City]),
            ],
        }
    }

    fn wrong(change: impl FnOnce(&mut Founding)) -> String {
        let mut changed = founding();
        change(&mut changed);
        changed.check().unwrap_err().field
    }

    #[test]
    fn what_is_not_enough_is_refused_by_its_field() {
        assert_eq!(founding().check(), Ok(()));
        assert_eq!(wrong(|f| drop(f.offices.pop())), "offices");
        assert_eq!(wrong(|f| f.offices[0].kind = FacilityKind::Clinic), "offices");
        assert_eq!(wrong(|f| f.offices.push(f.offices[0].clone())), "offices");
        assert_eq!(wrong(|f| f.people.push(f.people[0].clone())), "people");
        // Nobody is spared, of the city neither of the two.
        for gone in 0..4 {
            assert_eq!(wrong(|f| drop(f.people.remove(gone))), "people", "{gone}");
        }
        assert_eq!(wrong(|f| f.people[0].user_id = "City 01".into()), "user_id");
        assert_eq!(wrong(|f| f.people[0].kana.clear()), "name");
        assert_eq!(wrong(|f| f.people[0].office = "別".into()), "office");
        // Nobody is both the city and the contractor.
        assert_eq!(wrong(|f| f.people[0].roles.push(Role::SystemAdmin)), "roles");
        assert_eq!(wrong(|f| f.people[1].roles = vec![Role::Member]), "roles");
    }
}
