//! Pages, their versions, and what stands where there is nothing.

use super::{Frame, SiteData, address, day_in_words, text, time_in_words};
use crate::store::blob::BlobKey;
use maud::{Markup, PreEscaped, html};
use shared::{
    people::{Facility, FacilityKind},
    portal::{PageName, Version, VersionRow},
};

/// A page as it is now.
pub(super) fn current(data: &SiteData, version: &Version) -> Markup {
    let content = html! {
        article {
            h1 { (version.text.title) }
            div .text { (PreEscaped(text::html(&version.text.body))) }
            @if version.page.as_str() == "facilities" { (facilities(&data.facilities)) }
            p .version {
                "第" (version.number) "版　"
                time datetime=(version.at.day()) { (day_in_words(version.at.day())) }
                " 公開　"
                a href={ "/" (BlobKey::PortalVersions(version.page)) } { "これまでの版" }
            }
        }
    };
    let (title, here) = (version.text.title.as_str(), Some(version.page));
    Frame { data, title, here, listed: true, is_top: false }.around(&content)
}

/// A version as it was shown. It does not say whether a newer one exists: its file is written once.
pub(super) fn version(data: &SiteData, version: &Version) -> Markup {
    let title = format!("{}（第{}版）", version.text.title, version.number);
    let content = html! {
        article {
            p .past {
                "これは第" (version.number) "版（"
                time datetime=(version.at) { (time_in_words(version.at)) }
                " 公開）の控えです。"
                a href=(address(version.page)) { "今のページを見る" }
            }
            h1 { (version.text.title) }
            div .text { (PreEscaped(text::html(&version.text.body))) }
            p .version { "内容のSHA-256: " code { (version.sha256) } }
        }
    };
    Frame { data, title: &title, here: None, listed: false, is_top: false }.around(&content)
}

/// The list of a page's versions.
pub(super) fn versions(data: &SiteData, page: PageName, rows: &[VersionRow]) -> Markup {
    let title = rows.first().map_or("", |row| row.title.as_str());
    let heading = format!("「{title}」のこれまでの版");
    let content = html! {
        h1 { (heading) }
        p { "公開したすべての版を残しています。" a href=(address(page)) { "今のページを見る" } }
        ol .versions reversed {
            @for (place, row) in rows.iter().enumerate() {
                li {
                    a href={ "/" (BlobKey::PortalVersion(page, row.number)) } { "第" (row.number) "版　" (row.title) }
                    " "
                    time datetime=(row.at) { (time_in_words(row.at)) }
                    " から"
                    @if let Some(next) = place.checked_sub(1).and_then(|newer| rows.get(newer)) {
                        " " time datetime=(next.at) { (time_in_words(next.at)) } " まで"
                    } @else {
                        "（今の版）"
                    }
                }
            }
        }
    };
    Frame { data, title: &heading, here: None, listed: false, is_top: false }.around(&content)
}

/// What stands where there is nothing.
pub(super) fn missing(data: &SiteData) -> Markup {
    let title = "ページが見つかりません";
    let content = html! {
        h1 { (title) }
        p { "アドレスが変わったか、間違っている可能性があります。" }
        p { a href="/portal/" { "トップページへ" } }
    };
    Frame { data, title, here: None, listed: false, is_top: false }.around(&content)
}

/// Those who take part, by kind. The city's office and the contractor take no part in care.
pub(super) fn kinds(facilities: &[Facility]) -> Vec<(FacilityKind, Vec<&Facility>)> {
    let kinds = FacilityKind::ALL
        .iter()
        .filter(|kind| !matches!(kind, FacilityKind::CityOffice | FacilityKind::Contractor));
    let of = |kind: &FacilityKind| {
        let mut of: Vec<&Facility> = facilities.iter().filter(|facility| facility.kind == *kind).collect();
        of.sort_by(|a, b| a.name.cmp(&b.name));
        (*kind, of)
    };
    kinds.map(of).filter(|(_, of)| !of.is_empty()).collect()
}

fn facilities(all: &[Facility]) -> Markup {
    let kinds = kinds(all);
    html! {
        @if kinds.is_empty() { p { "今、参加している施設はありません。" } }
        @for (kind, of) in kinds {
            h2 { (kind.label()) "（" (of.len()) "）" }
            ul { @for facility in of { li { (facility.name) } } }
        }
    }
}
