//! The bytes' way to the attachment store: one PUT, with its progress. `fetch` cannot tell how much has left.

use crate::browser;
use leptos::prelude::*;
use shared::book::UploadTicket;
use std::{cell::Cell, rc::Rc, time::Duration};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ProgressEvent, XmlHttpRequest};

/// A transfer that does not move for so long is given up and tried again.
const STALLED_MS: f64 = 45_000.0;

/// How a PUT ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The store has it.
    Stored,
    /// The store refused; the same again can help when it says so.
    Refused {
        /// Whether trying again can help.
        retry: bool,
    },
    /// The connection broke or stalled.
    Lost,
}

/// Sends the bytes. `handle` gets the transfer, so that somebody can abort it; `progress` gets whole percents.
pub async fn put(
    ticket: &UploadTicket,
    file: &File,
    handle: impl FnOnce(XmlHttpRequest),
    progress: impl Fn(u8) + 'static,
) -> Ended {
    let Ok(transfer) = XmlHttpRequest::new() else { return Ended::Refused { retry: false } };
    let opened = transfer.open("PUT", &ticket.url).is_ok()
        && ticket.headers.iter().all(|(name, value)| transfer.set_request_header(name, value).is_ok());
    if !opened {
        return Ended::Refused { retry: false };
    }
    handle(transfer.clone());

    let moved_at = Rc::new(Cell::new(browser::since_start_ms()));
    let seen = Rc::clone(&moved_at);
    let moved = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        seen.set(browser::since_start_ms());
        if event.length_computable() && event.total() > 0.0 {
            // Between 0 and 100 by the division.
            progress((event.loaded() / event.total() * 100.0) as u8);
        }
    });
    if let Ok(upload) = transfer.upload() {
        upload.set_onprogress(Some(moved.as_ref().unchecked_ref()));
    }
    let watched = transfer.clone();
    let watchdog = set_interval_with_handle(
        move || {
            if browser::since_start_ms() - moved_at.get() > STALLED_MS {
                let _ = watched.abort();
            }
        },
        Duration::from_secs(5),
    );

    // `loadend` comes after success, error and abort alike; the status tells them apart.
    let end = js_sys::Promise::new(&mut |resolve, _| transfer.set_onloadend(Some(&resolve)));
    let sent = transfer.send_with_opt_blob(Some(file)).is_ok();
    if sent {
        let _ = JsFuture::from(end).await;
    }
    if let Ok(watchdog) = watchdog {
        watchdog.clear();
    }
    match transfer.status() {
        Ok(200..=299) => Ended::Stored,
        Ok(0) | Err(_) => Ended::Lost,
        Ok(status) => Ended::Refused { retry: status >= 500 || status == 408 || status == 429 },
    }
}
