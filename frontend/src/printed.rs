//! What the server prints, as a file of the browser.

use crate::{
    browser,
    client::{self, Failure},
    submission::Submission,
};
use leptos::task::spawn_local;
use shared::api::{Endpoint, procedure::Printed};

/// Asks for a PDF and keeps it, unless that is under way.
pub fn save<E: Endpoint<Reply = Printed> + 'static>(sending: Submission, path: E::Path, request: E::Request) {
    if !sending.begin() {
        return;
    }
    spawn_local(async move {
        let printed = client::call::<E>(&path, &request).await;
        let saved = printed.and_then(|printed| {
            let bytes = browser::from_base64(&printed.pdf).ok_or(Failure::Unreadable)?;
            browser::save(&printed.name, "application/pdf", &bytes).map_err(|_| Failure::Unreadable)
        });
        sending.end(saved.err());
    });
}
