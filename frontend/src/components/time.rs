//! Times and days in words, with the exact value for machines.

use crate::clock;
use leptos::prelude::*;
use shared::calendar::{Day, Timestamp};

/// 「今日 14:05」: kept right as the day goes on.
#[component]
pub fn TimeText(
    /// When.
    at: Timestamp,
) -> impl IntoView {
    view! { <time class="whole" datetime=at.to_string()>{move || at.in_words(clock::now_and_on())}</time> }
}

/// 「11月20日(金)」.
#[component]
pub fn DayText(
    /// Which day.
    day: Day,
) -> impl IntoView {
    view! { <time class="whole" datetime=day.to_string()>{move || day.in_words(clock::now_and_on().day())}</time> }
}
