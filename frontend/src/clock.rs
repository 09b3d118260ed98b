//! The time, as the server counts it. The device's own clock never matters: a ward PC that is an hour off shows
//! the same 「今日 14:05」 as everybody else.

use crate::browser;
use leptos::prelude::*;
use shared::{calendar::Timestamp, id::CommandId};
use std::{
    sync::{
        LazyLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

/// What to add to [`browser::since_start_ms`] to get the server's milliseconds.
static OFFSET_MS: AtomicI64 = AtomicI64::new(0);
static MINUTE: LazyLock<ArcRwSignal<u32>> = LazyLock::new(|| ArcRwSignal::new(0));

fn since_start_ms() -> i64 {
    // Whole milliseconds since the page was opened: far from any limit of i64.
    browser::since_start_ms() as i64
}

/// Takes over the server's time.
pub fn set(server: Timestamp) {
    OFFSET_MS.store(server.ms() - since_start_ms(), Ordering::Relaxed);
    MINUTE.update(|n| *n = n.wrapping_add(1));
}

/// The server's time now.
pub fn now() -> Timestamp {
    Timestamp::from_ms(OFFSET_MS.load(Ordering::Relaxed) + since_start_ms())
}

/// [`now`], and again every half minute: for what says 「今日」 or an age.
pub fn now_and_on() -> Timestamp {
    MINUTE.track();
    now()
}

/// Starts the half-minute beat.
pub fn start() {
    set_interval(|| MINUTE.update(|n| *n = n.wrapping_add(1)), Duration::from_secs(30));
}

/// A number for one act of this person: sent twice, the act is done once.
pub fn new_command() -> CommandId {
    let mut bytes = [0_u8; 16];
    if getrandom::fill(&mut bytes).is_err() {
        // No browser in use lacks it; were it missing, a repeated number would only be refused by the server.
        bytes = std::array::from_fn(|_| (js_sys::Math::random() * 256.0) as u8);
    }
    let at = u64::try_from(now().ms()).unwrap_or(0);
    CommandId::from_parts(at, u128::from_le_bytes(bytes) >> 48)
}
