//! A short word that marks a state. The word says it; the colour only helps.

use leptos::prelude::*;

/// What kind of mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Says something without judging.
    Neutral,
    /// Something new waits.
    New,
    /// All is well.
    Good,
    /// Look at this soon.
    Warning,
    /// Look at this now.
    Alarm,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "badge",
            Self::New => "badge badge-new",
            Self::Good => "badge badge-good",
            Self::Warning => "badge badge-warning",
            Self::Alarm => "badge badge-alarm",
        }
    }
}

/// The mark.
#[component]
pub fn Badge(
    /// What kind.
    tone: Tone,
    /// The word.
    children: Children,
) -> impl IntoView {
    view! { <span class=tone.class()>{children()}</span> }
}
