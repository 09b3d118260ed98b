//! A notice within the page. It stays until its reason is gone: nothing vanishes while somebody reads it.

use super::{Icon, Shape};
use leptos::prelude::*;

/// How urgent it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Good to know.
    Info,
    /// It was done.
    Done,
    /// Take care.
    Warning,
    /// Something failed; read aloud at once.
    Error,
}

impl NoticeKind {
    const fn parts(self) -> (&'static str, Shape, &'static str) {
        match self {
            Self::Info => ("notice", Shape::Info, "status"),
            Self::Done => ("notice notice-done", Shape::Check, "status"),
            Self::Warning => ("notice notice-warning", Shape::Alert, "status"),
            Self::Error => ("notice notice-error", Shape::Urgent, "alert"),
        }
    }
}

/// The notice.
#[component]
pub fn Notice(
    /// How urgent.
    kind: NoticeKind,
    /// The words, and a button if one helps.
    children: Children,
) -> impl IntoView {
    let (class, shape, role) = kind.parts();
    view! {
        <div class=class role=role>
            <Icon shape=shape />
            <div class="notice-body">{children()}</div>
        </div>
    }
}
