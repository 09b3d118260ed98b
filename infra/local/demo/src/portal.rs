//! The portal of the fictional city as it began: its first pages, a notice, a planned stop that is to come.

use shared::{
    calendar::Timestamp,
    id::NoticeId,
    portal::{Mark, Notice, NoticeKind, PageName, PageText, Service, ServiceStatus},
};

const PAGES: [(&str, &str, &str); 5] = [
    ("about", "この連絡帳について", include_str!("portal/about.md")),
    ("begin", "はじめての方へ", include_str!("portal/begin.md")),
    ("facilities", "利用施設", include_str!("portal/facilities.md")),
    ("privacy", "個人情報とセキュリティ", include_str!("portal/privacy.md")),
    ("accessibility", "ウェブアクセシビリティ方針", include_str!("portal/accessibility.md")),
];

/// What the portal began with.
#[derive(Clone, Debug)]
pub struct Portal {
    /// When the pages were published.
    pub at: Timestamp,
    /// The pages, in order.
    pub pages: Vec<(PageName, PageText)>,
    /// The notices.
    pub notices: Vec<Notice>,
    /// Whether the service is running.
    pub status: ServiceStatus,
}

/// The portal on the day of `until`.
pub fn portal(until: Timestamp) -> Portal {
    let today = until.day();
    let at = today.plus_days(-60).start().plus_seconds(9 * 3600);
    let pages = PAGES.iter().filter_map(|(name, title, body)| {
        Some((name.parse().ok()?, PageText { title: (*title).into(), body: (*body).trim_end().into() }))
    });
    let notice = |number: u128, kind, title: &str, body: &str, days: i64| Notice {
        id: NoticeId::from_parts(u64::try_from(at.ms()).unwrap_or(0), number),
        kind,
        mark: Mark::New,
        title: title.into(),
        body: body.into(),
        at: today.plus_days(-days).start().plus_seconds(9 * 3600),
        from: None,
        until: None,
        affected: Vec::new(),
        page: None,
        case: None,
    };
    let welcome = notice(
        1,
        NoticeKind::News,
        "年末年始のヘルプデスクについて",
        "12月29日から1月3日まで、電話の受付を休みます。お急ぎのときは、FAXかメールでお知らせください。連絡帳は、いつもどおり使えます。",
        3,
    );
    let stop_on = today.plus_days(9).start();
    let stop = Notice {
        from: Some(stop_on.plus_seconds(3 * 3600)),
        until: Some(stop_on.plus_seconds(4 * 3600)),
        affected: vec![Service::SignIn, Service::Book, Service::Files, Service::Procedures],
        ..notice(
            2,
            NoticeKind::PlannedStop,
            "月次バックアップのため、サービスを1時間止めます",
            "この間は、連絡帳を開くことも送ることもできません。書きかけの連絡は、端末に残ります。",
            1,
        )
    };
    let status = ServiceStatus { since: Some(at), ..ServiceStatus::default() };
    Portal { at, pages: pages.collect(), notices: vec![stop, welcome], status }
}
