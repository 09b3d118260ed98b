//! A person's account: who they are, how far they have come, and as what they may act today.

use super::{Profession, Role};
use crate::{
    calendar::Day,
    id::{AccountId, CaseId, FacilityId},
    label::labelled,
};
use serde::{Deserialize, Serialize};

labelled! {
    /// How far an account has come (Art. 13).
    pub enum AccountState {
        /// The city has registered it; no letter was printed, so nobody can sign in with it.
        Registered = "registered" "登録済み（封書は未発行）",
        /// The letter with the first password was printed; the first sign-in is still to come.
        Invited = "invited" "封書発行済み（初回サインイン前）",
        /// In use.
        Active = "active" "利用中",
        /// Held for a while: nobody signs in with it.
        Stopped = "stopped" "停止中",
        /// Removed for ever. It stays on record, because notes name it, and its user id is never given again.
        Removed = "removed" "削除済み",
    }
}

impl AccountState {
    /// Whether somebody may sign in with such an account.
    pub const fn may_sign_in(self) -> bool {
        matches!(self, Self::Invited | Self::Active)
    }
}

/// An appointment as it acts on an account (Art. 3): the role comes and goes with the days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Appointed {
    /// As what.
    pub role: Role,
    /// From this day on.
    pub from: Day,
    /// Through this day; `None` while no end is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// The filing that it follows from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
}

impl Appointed {
    /// Whether it holds on this day; first and last day included.
    pub fn holds_on(self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|last| day <= last)
    }
}

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Account {
    /// Its identifier.
    pub id: AccountId,
    /// ユーザーID: what the person types to sign in.
    pub user_id: String,
    /// The person's name.
    pub name: String,
    /// The reading of the name, in hiragana.
    pub kana: String,
    /// By profession.
    pub profession: Profession,
    /// Where the person belongs.
    pub facility: FacilityId,
    /// The facility's name.
    pub facility_name: String,
    /// What the person is registered as, without a term.
    pub roles: Vec<Role>,
    /// What the person is appointed as, with its days (Art. 3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appointed: Vec<Appointed>,
    /// Where the person can be reached for their account, such as a telephone number; may be empty.
    #[serde(default)]
    pub contact: String,
    /// How far it has come.
    #[serde(default = "in_use")]
    pub state: AccountState,
}

const fn in_use() -> AccountState {
    AccountState::Active
}

impl Account {
    /// The roles that hold on a day: the registered ones, and those whose appointment has begun and not ended.
    pub fn roles_on(&self, day: Day) -> Vec<Role> {
        let mut roles = self.roles.clone();
        for appointed in self.appointed.iter().filter(|appointed| appointed.holds_on(day)) {
            if !roles.contains(&appointed.role) {
                roles.push(appointed.role);
            }
        }
        roles
    }

    /// What the person is appointed as once a further appointment is filed; `None` where one is filed already for the same
    /// role and days. What nobody has filed, as a founding leaves it, the filing takes the place of from its first day on.
    pub fn appointed_with(&self, new: Appointed) -> Option<Vec<Appointed>> {
        let overlaps = |held: &Appointed| {
            held.role == new.role
                && held.to.is_none_or(|last| new.from <= last)
                && new.to.is_none_or(|last| held.from <= last)
        };
        if self.appointed.iter().any(|held| held.case.is_some() && overlaps(held)) {
            return None;
        }
        let (unfiled, mut all): (Vec<_>, Vec<_>) = self.appointed.iter().copied().partition(overlaps);
        let before = unfiled.into_iter().filter(|held| held.from < new.from);
        all.extend(before.map(|held| Appointed { to: Some(new.from.plus_days(-1)), ..held }));
        all.push(new);
        Some(all)
    }

    /// The person as they act on a day.
    pub fn actor_on(&self, day: Day) -> Actor {
        Actor {
            account: self.id,
            name: self.name.clone(),
            profession: self.profession,
            facility: self.facility,
            facility_name: self.facility_name.clone(),
            roles: self.roles_on(day),
        }
    }
}

/// The person who acts, with the roles of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Actor {
    /// Who.
    pub account: AccountId,
    /// By name.
    pub name: String,
    /// By profession.
    pub profession: Profession,
    /// For which facility.
    pub facility: FacilityId,
    /// By the facility's name.
    pub facility_name: String,
    /// In which roles.
    pub roles: Vec<Role>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn account(appointed: Vec<Appointed>) -> Account {
        Account {
            id: AccountId::from_parts(1, 1),
            user_id: "net-01".into(),
            name: "木村 亮太".into(),
            kana: "きむら りょうた".into(),
            profession: Profession::Engineer,
            facility: FacilityId::from_parts(1, 1),
            facility_name: "運営".into(),
            roles: vec![Role::Operator],
            appointed,
            contact: String::new(),
            state: AccountState::Active,
        }
    }

    #[test]
    fn a_role_comes_and_goes_with_its_appointment() {
        let account = account(vec![
            Appointed {
                role: Role::SystemAdmin,
                from: day("2026-04-01"),
                to: Some(day("2027-03-31")),
                case: None,
            },
            Appointed { role: Role::Operator, from: day("2026-04-01"), to: None, case: None },
        ]);
        for (on, roles) in [
            ("2026-03-31", vec![Role::Operator]),
            ("2026-04-01", vec![Role::Operator, Role::SystemAdmin]),
            ("2027-03-31", vec![Role::Operator, Role::SystemAdmin]),
            ("2027-04-01", vec![Role::Operator]),
        ] {
            assert_eq!(account.roles_on(day(on)), roles, "{on}");
        }
    }

    #[test]
    fn a_filing_takes_the_place_of_what_nobody_filed_and_of_nothing_else() {
        let held = |from: &str, to: Option<&str>, case| Appointed {
            role: Role::Operator,
            from: day(from),
            to: to.map(day),
            case,
        };
        let (filed, newer) = (Some(CaseId::from_parts(1, 1)), Some(CaseId::from_parts(1, 2)));
        let keeper = Appointed { role: Role::KeyKeeper, ..held("2026-04-01", None, None) };
        let new = held("2026-06-01", Some("2027-05-31"), newer);
        let after = |operator| account(vec![keeper, operator]).appointed_with(new);
        // From the day of the founding on, from a later day on, beside an earlier time.
        assert_eq!(after(held("2026-06-01", None, None)), Some(vec![keeper, new]));
        let until = held("2026-04-01", Some("2026-05-31"), None);
        assert_eq!(after(held("2026-04-01", None, None)), Some(vec![keeper, until, new]));
        assert_eq!(after(until), Some(vec![keeper, until, new]));
        // The same filed twice is a mistake.
        assert_eq!(after(held("2027-05-31", None, filed)), None);
        assert_eq!(after(held("2026-04-01", Some("2026-06-01"), filed)), None);
        let next = held("2027-06-01", None, filed);
        assert_eq!(after(next), Some(vec![keeper, next, new]));
    }

    #[test]
    fn an_account_stored_before_there_were_states_is_in_use() {
        let old = r#"{"id":"01J00000000000000000000000","user_id":"abcd","name":"a","kana":"a","profession":"nurse",
            "facility":"01J00000000000000000000000","facility_name":"f","roles":["member"]}"#;
        let account: Account = serde_json::from_str(old).unwrap();
        assert_eq!((account.state, account.appointed.len()), (AccountState::Active, 0));
    }
}
