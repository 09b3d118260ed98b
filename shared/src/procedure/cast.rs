//! Who acts in the tests of procedures, and what they fill in.

use super::Form;
use crate::{
    id::{AccountId, FacilityId},
    people::{Actor, Profession, Role},
};

/// Somebody of a facility, in one role.
pub fn actor(number: u128, facility: u128, role: Role) -> Actor {
    Actor {
        account: AccountId::from_parts(1, number),
        name: format!("人{number}"),
        profession: Profession::Clerk,
        facility: FacilityId::from_parts(1, facility),
        facility_name: format!("施設{facility}"),
        roles: vec![role],
    }
}

/// What is filled in.
pub fn form(pairs: &[(&str, &str)]) -> Form {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
