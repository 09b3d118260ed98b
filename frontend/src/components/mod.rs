//! The parts that all pages are made of, after the patterns of the デジタル庁デザインシステム. Each is small and says
//! what it does for keyboard, screen reader and large text.

mod badge;
mod button;
mod choice;
mod dialog;
mod faces;
mod field;
mod heading;
mod icon;
mod loaded;
mod notice;
mod select;
mod time;

pub use badge::{Badge, Tone};
pub use button::{Button, ButtonKind, LinkButton};
pub use choice::{CheckGroup, RadioGroup};
pub use dialog::Dialog;
pub use faces::{Empty, Failed, Skeleton, Stale};
pub use field::{Field, FieldIds, TextField};
pub use heading::PageHeading;
pub use icon::{Icon, Shape};
pub use loaded::{Faces, Loaded};
pub use notice::{Notice, NoticeKind};
pub use select::Select;
pub use time::{DayText, TimeText};

use std::sync::atomic::{AtomicU32, Ordering};

/// An id that no other element of the page has, to tie labels, hints and errors together.
pub fn unique(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
