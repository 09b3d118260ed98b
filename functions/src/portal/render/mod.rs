//! From what is published to files: pure functions, so that the same data gives the same bytes.
//!
//! No page has a script or a style inside it, so that the strict policy holds, and every page is whole without either.

mod frame;
mod page;
mod text;
mod top;

pub use text::html as text_as_html;

use crate::store::blob::{BlobKey, sha256_hex};
use bytes::Bytes;
use frame::Frame;
use maud::Markup;
use shared::{
    calendar::{Day, Hours, Timestamp},
    evidence::drill::LastProven,
    evidence::schedule::{BackupTimes, TimeOfDay},
    people::Facility,
    portal::{HelpDesk, MonthlyAt, Notice, PageName, PageRow, ServiceStatus, Version, VersionRow},
    procedure::Stop,
};
use std::sync::LazyLock;

const STYLE: &str = include_str!("portal.css");
const SCRIPT: &str = include_str!("hours.js");

/// The hash of the templates themselves: other ones write every file anew, without anybody having to think of it.
static TEMPLATES: LazyLock<String> = LazyLock::new(|| {
    let sources = [
        include_str!("mod.rs"),
        include_str!("frame.rs"),
        include_str!("page.rs"),
        include_str!("text.rs"),
        include_str!("top.rs"),
        STYLE,
        SCRIPT,
    ];
    sha256_hex(sources.concat().as_bytes())
});

/// Which templates this program has.
pub fn templates() -> &'static str {
    &TEMPLATES
}

/// Everything that the portal shows.
#[derive(Clone, Debug)]
pub struct SiteData {
    /// The name of the city's network.
    pub network: String,
    /// The moment that the files speak of.
    pub now: Timestamp,
    /// Whether the service is running.
    pub status: ServiceStatus,
    /// Newest first.
    pub notices: Vec<Notice>,
    /// In order, each with what it says now.
    pub pages: Vec<(PageRow, Version)>,
    /// Those that take part.
    pub facilities: Vec<Facility>,
    /// Whom to call.
    pub help_desk: HelpDesk,
    /// When it answers.
    pub hours: Hours,
    /// When the daily backup starts.
    pub daily_at: TimeOfDay,
    /// Day, hour and minute of the monthly backup.
    pub monthly_at: Option<MonthlyAt>,
    /// For how many minutes at most a monthly backup leaves the book to read only; `None` while the times are those of the
    /// deployment, which nobody approved (Art. 23(2)).
    pub monthly_stop: Option<u16>,
    /// Times of backups that are decided and not in force yet, soonest first.
    pub times_to_come: Vec<BackupTimes>,
    /// Planned stops that hold or lie ahead, soonest first.
    pub stops: Vec<Stop>,
    /// The last restore that was proven.
    pub proven: Option<LastProven>,
    /// Shown in a frame in which no script may run.
    pub is_preview: bool,
}

impl SiteData {
    /// The pages that stand in lists: those that have not ended.
    fn listed(&self) -> impl Iterator<Item = &(PageRow, Version)> {
        self.pages.iter().filter(|(row, _)| !row.ended)
    }

    /// The stop for a monthly backup that holds, or the next one.
    fn monthly_next(&self) -> Option<&Stop> {
        self.stops.iter().find(|stop| stop.case.is_none())
    }
}

/// A file to be written.
#[derive(Clone, Debug)]
pub struct File {
    /// Where.
    pub path: BlobKey,
    /// What it is.
    pub content_type: &'static str,
    /// Its bytes.
    pub body: Bytes,
}

impl File {
    fn html(path: BlobKey, markup: Markup) -> Self {
        Self { path, content_type: "text/html; charset=utf-8", body: markup.into_string().into() }
    }
}

/// The files of the portal as it is now, the top page last: what it links to is there before it.
pub fn site(data: &SiteData) -> Vec<File> {
    let mut files = vec![
        File { path: BlobKey::PortalStyle, content_type: "text/css; charset=utf-8", body: STYLE.into() },
        File {
            path: BlobKey::PortalScript,
            content_type: "text/javascript; charset=utf-8",
            body: SCRIPT.into(),
        },
        File::html(BlobKey::PortalMissing, page::missing(data)),
    ];
    for (row, version) in &data.pages {
        files.push(File::html(BlobKey::PortalPage(row.name), page::current(data, version)));
    }
    files.push(File::html(BlobKey::PortalTop, top::page(data)));
    files
}

/// The files of a page's past and present: the list, and each version from a number on.
pub fn versions(data: &SiteData, all: &[Version], from: u32) -> Vec<File> {
    let Some(last) = all.last() else { return Vec::new() };
    let mut files: Vec<File> = all
        .iter()
        .filter(|version| version.number >= from)
        .map(|version| {
            File::html(BlobKey::PortalVersion(version.page, version.number), page::version(data, version))
        })
        .collect();
    let rows: Vec<VersionRow> = all.iter().rev().map(Version::row).collect();
    files.push(File::html(BlobKey::PortalVersions(last.page), page::versions(data, last.page, &rows)));
    files
}

/// A page as it would be, for a frame in the application.
pub fn preview(data: &SiteData, version: &Version) -> String {
    page::current(data, version).into_string()
}

/// The top page as it would be.
pub fn preview_top(data: &SiteData) -> String {
    top::page(data).into_string()
}

/// A version as it was shown, for a frame in the application.
pub fn past(data: &SiteData, version: &Version) -> String {
    page::version(data, version).into_string()
}

fn address(page: PageName) -> String {
    format!("/{}", BlobKey::PortalPage(page))
}

/// 「2026年11月20日(金)」: always with its year, because a file is read when it is read.
fn day_in_words(day: Day) -> String {
    let (year, month, of_month) = day.ymd();
    format!("{year}年{month}月{of_month}日({})", day.weekday())
}

/// 「2026年11月20日(金) 10:05」.
fn time_in_words(at: Timestamp) -> String {
    let (hour, minute) = at.wall_clock();
    format!("{} {hour}:{minute:02}", day_in_words(at.day()))
}

#[cfg(test)]
mod tests;
