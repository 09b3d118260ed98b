use super::*;
use shared::{
    calendar::Hours,
    id::{FacilityId, NoticeId},
    people::FacilityKind,
    portal::{Mark, NoticeKind, PageText, ServiceState},
};

const EVIL: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn page(name: &str, title: &str, body: &str) -> (PageRow, Version) {
    let (at, name) = (at("2026-11-01T09:00:00+09:00"), name.parse().unwrap());
    let version = Version {
        page: name,
        number: 2,
        text: PageText { title: title.into(), body: body.into() },
        sha256: "0".repeat(64),
        at,
        by: None,
        by_name: "山田".into(),
        case: None,
        case_number: None,
        ends: false,
    };
    (PageRow { name, title: title.into(), number: 2, at, first_at: at, ended: false }, version)
}

fn notice(kind: NoticeKind, title: &str) -> Notice {
    Notice {
        id: NoticeId::from_parts(1, 1),
        kind,
        mark: Mark::Updated,
        title: title.into(),
        body: format!("# 見出し\n{EVIL}"),
        at: at("2026-11-19T09:00:00+09:00"),
        from: None,
        until: None,
        affected: Vec::new(),
        page: "about".parse().ok(),
        case: None,
    }
}

fn data() -> SiteData {
    SiteData {
        network: "みなと野市 つながる連絡帳".into(),
        now: at("2026-11-20T10:00:00+09:00"),
        status: ServiceStatus {
            words: EVIL.into(),
            since: Some(at("2026-11-20T09:00:00+09:00")),
            ..ServiceStatus::default()
        },
        notices: vec![notice(NoticeKind::Page, EVIL)],
        pages: vec![
            page("about", "この連絡帳について", EVIL),
            page("facilities", EVIL, "参加している施設です。"),
        ],
        facilities: vec![Facility {
            id: FacilityId::from_parts(1, 1),
            name: EVIL.into(),
            kind: FacilityKind::Clinic,
            postal: String::new(),
            phone: String::new(),
            fax: String::new(),
            mail: String::new(),
            left_on: None,
        }],
        hours: Hours::default(),
        help_desk: HelpDesk { phone: "0000-00-1600".into(), ..HelpDesk::default() },
        daily_at: TimeOfDay { hour: 2, minute: 0 },
        monthly_at: Some((1, 3, 0)),
        monthly_stop: None,
        times_to_come: Vec::new(),
        stops: Vec::new(),
        proven: None,
        is_preview: false,
    }
}

fn text_of(file: &File) -> String {
    String::from_utf8(file.body.to_vec()).unwrap()
}

/// Every page that there is.
fn pages(data: &SiteData) -> Vec<(String, String)> {
    let mut files = site(data);
    for (_, version) in &data.pages {
        files.extend(versions(data, &[Version { number: 1, ..version.clone() }, version.clone()], 1));
    }
    files
        .into_iter()
        .filter(|file| file.content_type.starts_with("text/html"))
        .map(|file| (file.path.to_string(), text_of(&file)))
        .collect()
}

#[test]
fn whatever_was_typed_stays_words() {
    for (path, html) in pages(&data()) {
        assert!(!html.contains("<script>") && !html.contains("<img"), "{path}: {html}");
        // A script is one of ours, by its address; nothing has a style or a handler inside.
        assert_eq!(
            html.matches("<script").count(),
            html.matches("<script src=\"/portal/hours.js\" defer>").count(),
            "{path}"
        );
        for never in ["style=", "<style", "onclick=", "javascript:"] {
            assert!(!html.contains(never), "{path}: {never}");
        }
    }
}

#[test]
fn every_page_reads_aloud() {
    for (path, html) in pages(&data()) {
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"ja\">"), "{path}");
        for once in
            ["<h1", "<main id=\"main\"", "<header", "<footer", "<title>", "class=\"skip\" href=\"#main\""]
        {
            assert_eq!(html.matches(once).count(), 1, "{path}: {once}");
        }
        assert!(html.contains("<nav aria-label="), "{path}");
        // No rank of headings is left out.
        let mut rank = 0;
        for at in html.match_indices("<h").map(|(at, _)| at) {
            let Some(found) = html[at + 2..].chars().next().and_then(|c| c.to_digit(10)) else { continue };
            assert!(found <= rank + 1, "{path}: h{found} after h{rank}");
            rank = found;
        }
        let listed = !html.contains("noindex");
        assert_eq!(listed, !path.contains("/versions/") && !path.contains("not-found"), "{path}");
    }
}

#[test]
fn the_top_page_comes_last_and_says_what_people_ask() {
    let mut data = data();
    data.status.state = ServiceState::Partial;
    let stop = Notice {
        from: Some(at("2026-12-01T03:00:00+09:00")),
        until: Some(at("2026-12-01T04:00:00+09:00")),
        ..notice(NoticeKind::PlannedStop, "月次バックアップ")
    };
    let over = Notice { until: Some(data.now), ..notice(NoticeKind::Trouble, "終わった障害") };
    data.notices.extend([stop, over]);
    let files = site(&data);
    let top = files.last().unwrap();
    assert_eq!(top.path, BlobKey::PortalTop);
    let html = text_of(top);
    for words in [
        "一部停止",
        "2026年11月20日(金) 9:00",
        "更新",
        "お知らせ",
        "計画停止の予定",
        "2026年12月1日(火) 3:00",
        ">4:00</time> まで",
        "2:00 から",
        "1日の 3:00 から",
        "月曜日から金曜日の午前9時から午後5時まで",
        "診療所 1施設",
        "href=\"/signin\"",
        "/portal/about.html",
        "tel:0000001600",
    ] {
        assert!(html.contains(words), "{words}");
    }
    assert!(!html.contains("終わった障害"));
    // A mark ends by itself, without a publication.
    data.now = at("2026-12-04T00:00:00+09:00");
    assert!(!text_of(site(&data).last().unwrap()).contains("class=\"mark"));
}

#[test]
fn versions_are_written_from_a_number_on() {
    let data = data();
    let newest = data.pages[0].1.clone();
    let all: Vec<Version> = (1..=3).map(|number| Version { number, ..newest.clone() }).collect();
    let paths: Vec<String> = versions(&data, &all, 3).iter().map(|file| file.path.to_string()).collect();
    assert_eq!(paths, ["portal/versions/about/3.html", "portal/versions/about/index.html"]);
    let list = text_of(versions(&data, &all, 3).last().unwrap());
    assert_eq!(list.matches("<li><a href=\"/portal/versions/about/").count(), 3);
    assert_eq!(list.matches("（今の版）").count(), 1);
}
