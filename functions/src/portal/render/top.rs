//! The top page: is it running, what is new, when will it stop, when are backups, whom to call, who takes part.

use super::{Frame, SiteData, address, page, text, time_in_words};
use maud::{Markup, PreEscaped, html};
use shared::{
    calendar::Timestamp,
    portal::{NOTICES_SHOWN, Notice, NoticeKind, Service, ServiceState},
};

/// The top page.
pub(super) fn page(data: &SiteData) -> Markup {
    let content = html! {
        h1 { (data.network) }
        p .lead { "医療・介護・福祉の施設が、患者の連絡帳を共有するための市のサービスです。" }
        (status(data))
        p .enter { a .button .primary href="/signin" { "サインインする" } }
        (notices(data))
        (stops(data))
        (help_desk(data))
        (backups(data))
        (facilities(data))
        (pages(data))
    };
    Frame { data, title: &data.network, here: None, listed: true, is_top: true }.around(&content)
}

fn section(id: &str, title: &str, content: &Markup) -> Markup {
    html! {
        section aria-labelledby=(id) {
            h2 #(id) { (title) }
            (content)
        }
    }
}

fn affected(services: &[Service]) -> Markup {
    html! {
        @if !services.is_empty() {
            p { "使えない機能: " (services.iter().map(|service| service.label()).collect::<Vec<_>>().join("、")) }
        }
    }
}

fn status(data: &SiteData) -> Markup {
    let status = &data.status;
    // The sign says the same as the colour.
    let (sign, class) = match status.state {
        ServiceState::Running => ("○", "state state-good"),
        ServiceState::Partial => ("△", "state state-warning"),
        ServiceState::Stopped => ("×", "state state-alarm"),
        ServiceState::Maintenance => ("◇", "state state-warning"),
    };
    section(
        "status",
        "今の状態",
        &html! {
            div class=(class) {
                p .state-word { span aria-hidden="true" { (sign) } " " strong { (status.state.label()) } }
                @if status.since.is_some() { p { (span_of(status.since, status.until)) } }
                @if !status.words.is_empty() { p .lines { (status.words) } }
                (affected(&status.affected))
            }
        },
    )
}

fn span_of(from: Option<Timestamp>, until: Option<Timestamp>) -> Markup {
    let end = |until: Timestamp| match from {
        Some(from) if from.day() == until.day() => {
            let (hour, minute) = until.wall_clock();
            format!("{hour}:{minute:02}")
        }
        _ => time_in_words(until),
    };
    html! {
        @if let Some(from) = from { time datetime=(from) { (time_in_words(from)) } " から" }
        @if let Some(until) = until { " " time datetime=(until) { (end(until)) } " まで" }
    }
}

fn notice(data: &SiteData, notice: &Notice) -> Markup {
    // Only what breaks or stops has a time of its own; elsewhere it is how long the notice stands here.
    let timed = matches!(notice.kind, NoticeKind::Trouble | NoticeKind::PlannedStop);
    html! {
        li {
            article {
                p .meta {
                    @if let Some(mark) = notice.marked(data.now) { strong class={ "mark mark-" (mark.wire()) } { (mark.label()) } " " }
                    time datetime=(notice.at) { (time_in_words(notice.at)) }
                    " " span .kind { (notice.kind.label()) }
                }
                h3 { (notice.title) }
                @if timed && (notice.from.is_some() || notice.until.is_some()) {
                    p { (span_of(notice.from, notice.until)) }
                }
                @if !notice.body.is_empty() { div .text { (PreEscaped(text::html_below(&notice.body))) } }
                (affected(&notice.affected))
                @if let Some(row) = notice.page.and_then(|page| data.pages.iter().find(|(row, _)| row.name == page)) {
                    p { a href=(address(row.0.name)) { "「" (row.0.title) "」を見る" } }
                }
            }
        }
    }
}

fn notices(data: &SiteData) -> Markup {
    let current = data.notices.iter().filter(|notice| !notice.is_over(data.now));
    let (troubles, others): (Vec<&Notice>, Vec<&Notice>) =
        current.partition(|notice| notice.kind == NoticeKind::Trouble);
    let others = others.into_iter().take(NOTICES_SHOWN);
    let shown: Vec<&Notice> = troubles.into_iter().chain(others).collect();
    section(
        "news",
        "お知らせ",
        &html! {
            @if shown.is_empty() { p { "今、お知らせはありません。" } }
            @else { ol .notices { @for one in shown { (notice(data, one)) } } }
        },
    )
}

fn stops(data: &SiteData) -> Markup {
    let mut stops: Vec<&Notice> = data.notices.iter().filter(|notice| notice.is_stop(data.now)).collect();
    stops.sort_by_key(|notice| notice.from);
    section(
        "stops",
        "計画停止の予定",
        &html! {
            @if stops.is_empty() && data.monthly_next().is_none() { p { "今、決まっている予定はありません。" } }
            @else {
                ul .stops {
                    @if let Some(stop) = data.monthly_next() {
                        li {
                            p { strong { (span_of(Some(stop.from), Some(stop.to))) } }
                            p { "毎月のバックアップ（連絡帳は閲覧だけになります。早く終われば、すぐに元に戻ります）" }
                        }
                    }
                    @for stop in stops {
                        li {
                            p { strong { (span_of(stop.from, stop.until)) } }
                            p { (stop.title) }
                            (affected(&stop.affected))
                        }
                    }
                }
            }
        },
    )
}

fn help_desk(data: &SiteData) -> Markup {
    let desk = &data.help_desk;
    let today = data.now.day();
    // So far ahead the script knows holidays and other closed days by itself, however long nothing is published.
    let closed: Vec<String> = (0..400)
        .map(|days| today.plus_days(days))
        .filter(|day| !data.hours.is_business_day(*day) && day.weekday_number() < 5)
        .map(|day| day.to_string())
        .collect();
    let closed = closed.join(" ");
    let phone: String = desk.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    section(
        "help",
        "困ったときの連絡先",
        &html! {
            p #now data-opens=(data.hours.opening_minutes) data-closes=(data.hours.closing_minutes) data-closed=(closed) hidden {}
            dl {
                dt { "窓口" }
                dd { (desk.name) }
                dt { "受付時間" }
                dd { (data.hours.in_words()) }
                dt { "受付時間内" }
                dd {
                    "電話 "
                    @if desk.phone.is_empty() { "（準備中）" } @else { a href={ "tel:" (phone) } { (desk.phone) } }
                }
                dt { "受付時間外" }
                dd {
                    "FAX " @if desk.fax.is_empty() { "（準備中）" } @else { (desk.fax) }
                    "　メール "
                    @if desk.mail.is_empty() { "（準備中）" } @else { a href={ "mailto:" (desk.mail) } { (desk.mail) } }
                }
            }
            p { "患者の情報は、電話・FAX・メールに書かないでください。" }
        },
    )
}

fn backups(data: &SiteData) -> Markup {
    section(
        "backups",
        "バックアップの時刻",
        &html! {
            dl {
                dt { "毎日" }
                dd { (data.daily_at) " から" }
                dt { "毎月" }
                dd {
                    @if let Some((day, hour, minute)) = data.monthly_at {
                        (format!("{day}日の {hour}:{minute:02} から"))
                        @match data.monthly_stop {
                            Some(minutes) => { (format!("（最長{minutes}分、連絡帳は閲覧だけになります）")) }
                            None => { "（サービスを止めるときは、前もってお知らせします）" }
                        }
                    } @else { "決まり次第、お知らせします" }
                }
                @if data.monthly_stop.is_none() {
                    dt { "承認" }
                    dd { "まだ承認されていません。導入のときの設定で動いています。" }
                }
                @for times in &data.times_to_come {
                    dt { (times.from.in_full()) "から" }
                    dd {
                        "毎日 " (times.daily) " から、毎月" (times.monthly.day) "日の " (times.monthly.at)
                        (format!(" から（最長{}分、連絡帳は閲覧だけになります）", times.monthly.stop_minutes))
                    }
                }
                @if let Some(proven) = data.proven {
                    dt { "最後に証明された復元" }
                    dd {
                        time datetime=(proven.at) { (time_in_words(proven.at)) }
                        @if let Some(day) = proven.newest_day { "（" (day.in_full()) "に送られた分まで）" }
                    }
                }
            }
        },
    )
}

fn facilities(data: &SiteData) -> Markup {
    let kinds = page::kinds(&data.facilities);
    let list = data.pages.iter().find(|(row, _)| row.name.as_str() == "facilities");
    section(
        "facilities",
        "利用施設",
        &html! {
            @if kinds.is_empty() { p { "今、参加している施設はありません。" } }
            ul .kinds { @for (kind, of) in kinds { li { (kind.label()) " " (of.len()) "施設" } } }
            @if let Some((row, _)) = list { p { a href=(address(row.name)) { "施設の名前を見る" } } }
        },
    )
}

fn pages(data: &SiteData) -> Markup {
    // A page is marked by the newest notice that speaks of it (Art. 14(3)).
    let mark = |name| {
        let about = data.notices.iter().find(|notice| notice.page == Some(name));
        about.and_then(|notice| notice.marked(data.now))
    };
    section(
        "pages",
        "ご案内",
        &html! {
            @if data.listed().next().is_none() { p { "準備中です。" } }
            ul .pages {
                @for (row, _) in data.listed() {
                    li {
                        a href=(address(row.name)) { (row.title) }
                        @if let Some(mark) = mark(row.name) { " " strong class={ "mark mark-" (mark.wire()) } { (mark.label()) } }
                        " " time .quiet datetime=(row.at) { (time_in_words(row.at)) }
                    }
                }
            }
        },
    )
}
