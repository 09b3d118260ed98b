//! Icons: drawn in line, in the colour of the text, hidden from screen readers because words stand beside them.

use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Home,
    Person,
    People,
    Book,
    Archive,
    Table,
    Close,
    Check,
    Alert,
    Urgent,
    Info,
    Reload,
    Leave,
    Clip,
    Picture,
    Send,
    Edit,
    Remove,
    Reply,
    Download,
    Lock,
    Inbox,
    Eye,
    Print,
}

impl Shape {
    /// The lines, in a square of 24.
    const fn path(self) -> &'static str {
        match self {
            Self::Home => "M4 11 12 4l8 7v9h-5.5v-6h-5v6H4z",
            Self::Person => "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4.5 3.5-7 8-7s8 2.5 8 7z",
            Self::People => {
                "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-4 3-6.5 6.5-6.5s6.5 2.5 6.5 6.5zM16 4.5a3.3 3.3 0 0 1 0 6.2M17.5 13.8c2.5.7 4 3 4 6.2"
            }
            Self::Book => "M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11M9 8h6",
            Self::Archive => "M3 4.5h18v4H3zM5 8.5V20h14V8.5M10 12.5h4",
            Self::Table => "M4 4.5h16v15H4zM4 9.5h16M4 14.5h16M10 4.5v15",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Check => "M4.5 12.5 10 18 19.5 7",
            Self::Alert => "M12 3.5 22 20.5H2zM12 10v5M12 17.3v.4",
            Self::Urgent => "M12 21.5a9.5 9.5 0 1 0 0-19 9.5 9.5 0 0 0 0 19zM12 7v6.5M12 16.6v.4",
            Self::Info => "M12 21.5a9.5 9.5 0 1 0 0-19 9.5 9.5 0 0 0 0 19zM12 11v6M12 7.3v.4",
            Self::Reload => "M20 6v5h-5M4 18v-5h5M19.5 11A8 8 0 0 0 5.5 7.5M4.5 13a8 8 0 0 0 14 3.5",
            Self::Leave => "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
            Self::Clip => {
                "M19.5 11.5 11.8 19.2a4.6 4.6 0 0 1-6.5-6.5L13.5 4.5a3 3 0 0 1 4.3 4.3l-8.2 8.2a1.4 1.4 0 0 1-2-2l7.4-7.4"
            }
            Self::Picture => "M3.5 5h17v14h-17zM3.5 16.5 9 11l4 4 3-2.5 4.5 4M15.5 9.5v.1",
            Self::Send => "M3.5 4.5 21 12 3.5 19.5 6 12zM6 12h7",
            Self::Edit => "M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5",
            Self::Remove => "M4.5 6.5h15M9.5 6.5V4h5v2.5M6.5 6.5 7.5 20.5h9l1-14M10 10.5v6M14 10.5v6",
            Self::Reply => "M9.5 6 4 11.5 9.5 17M4 11.5h9c4 0 7 2.5 7 7",
            Self::Eye => {
                "M2.5 12s3.5-6.5 9.5-6.5 9.5 6.5 9.5 6.5-3.5 6.5-9.5 6.5S2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
            }
            Self::Inbox => "M4 13l3-8.5h10l3 8.5v6.5H4zM4 13h5l1.5 3h3L15 13h5",
            Self::Print => "M7 8.5V3.5h10v5M7 17H3.5V8.5h17V17H17M7 13.5h10v7H7z",
            Self::Lock => "M6 11h12v9.5H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11M12 14.5v2.5",
            Self::Download => "M12 4v11M7 10.5l5 5 5-5M4.5 20h15",
        }
    }
}

/// The icon.
#[component]
pub fn Icon(
    /// Which.
    shape: Shape,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=shape.path() />
        </svg>
    }
}
