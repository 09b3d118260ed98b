//! What an operator typed and has not saved yet: it survives a reload and the case being looked at again, until the
//! window is closed. It is a text for everybody, so it is not sealed as notes are.

use leptos::prelude::*;
use shared::{
    id::{AccountId, CaseId},
    portal::Proposal,
};
use web_sys::Storage;

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn name(by: AccountId, case: CaseId) -> String {
    format!("tsunagaru.portal.{by}.{case}")
}

/// What was typed, if anything was, and on which saving.
pub fn typed(by: AccountId, case: CaseId) -> Option<(u32, Proposal)> {
    let text = storage()?.get_item(&name(by, case)).ok().flatten()?;
    serde_json::from_str(&text).ok()
}

/// Keeps it.
pub fn keep(by: AccountId, case: CaseId, on: u32, proposal: &Proposal) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&(on, proposal))) {
        // A full storage keeps nothing; the page still has it.
        let _ = storage.set_item(&name(by, case), &text);
    }
}

/// Forgets it: it is saved.
pub fn forget(by: AccountId, case: CaseId) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&name(by, case));
    }
}
