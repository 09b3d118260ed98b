//! ポータル管理 (Art. 14): what is published in every version, and the desk at which a change is prepared.

mod desk;
mod diff;
mod frame;
mod kept;
mod overview;
mod page;
mod version;

pub use desk::PortalDesk;
pub use overview::Portal;
pub use page::PortalPage;
pub use version::PortalVersion;
