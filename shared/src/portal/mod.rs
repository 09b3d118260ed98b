//! The portal ポータル: what everybody may read without signing in (Arts. 14, 18(6), 23(2)(3)).
//!
//! Pages change through a procedure only ([`crate::procedure::Procedure::PortalChange`]); every text that was published
//! stays, with its number. Notices and the state of the service may also come from other parts of the product.

mod hours;
mod notice;
mod page;
mod proposal;
mod status;

pub use hours::{HelpDesk, MonthlyAt};
pub use notice::{
    MARKED_DAYS, Mark, NOTICE_BODY_MAX, NOTICE_TITLE_MAX, NOTICES_SHOWN, Notice, NoticeKind, Service,
};
pub use page::{
    BODY_MAX, FIXED, NotAName, PAGES_MAX, PageName, PageRow, PageText, TITLE_MAX, Version, VersionRow,
};
pub use proposal::{Draft, Proposal, SaveProposal, Wanted};
pub use status::{STATUS_WORDS_MAX, ServiceState, ServiceStatus};
