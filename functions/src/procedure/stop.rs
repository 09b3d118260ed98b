//! Times of backups and planned stops, as they act on the service and the portal: both in the transaction of their step
//! (Art. 23(2)(3)).

use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::tx::Tx,
};
use shared::{
    api::error::{Code, FieldError},
    calendar::{Day, Timestamp},
    evidence::schedule::{BackupTimes, Monthly, TimeOfDay},
    id::NoticeId,
    portal::{BODY_MAX, Mark, NOTICE_BODY_MAX, NOTICE_TITLE_MAX, Notice, NoticeKind},
    procedure::{Case, PlannedStop, Service, ServiceMode, stop_span},
};

/// The first day on which what is published now may hold: a monthly stop may begin with it, and its notice precedes it by all
/// of the days (requirements §3, 5).
pub(super) fn soonest(cx: &Cx) -> Day {
    let at = cx.now.plus_seconds(cx.app.settings.notice_days * 24 * 3600);
    if at == at.day().start() { at.day() } else { at.day().plus_days(1) }
}

/// Publishes the approved times; they are in force from their day on.
///
/// # Errors
/// The day is too soon after the publication.
pub(super) async fn set_times(cx: &Cx, tx: &mut Tx<Code>, case: &Case) -> Result<(), ApiError> {
    let text = |name: &str| case.form.get(name).map(String::as_str).unwrap_or_default();
    let time = |name: &str| TimeOfDay::parse(text(name)).ok_or(Code::Invalid);
    let from = case.taken.last().and_then(|taken| taken.form.get("from_on")?.parse::<Day>().ok());
    let from = from.ok_or(Code::Invalid)?;
    let (days, soonest) = (cx.app.settings.notice_days, soonest(cx));
    if from < soonest {
        let words = format!("公開から{days}日以上あとの日（{soonest}以後）にしてください。");
        return Err(FieldError::new("from_on", words).into());
    }
    let monthly = Monthly {
        day: text("monthly_day").parse().map_err(|_| Code::Invalid)?,
        at: time("monthly_at")?,
        stop_minutes: text("stop_minutes").parse().map_err(|_| Code::Invalid)?,
    };
    let times = BackupTimes { from, daily: time("daily_at")?, monthly, case: case.id };
    change_service(cx, tx, |service| {
        // What is not in force yet and would begin on that day or later is replaced by what was decided last.
        service.times.retain(|known| known.from < from);
        service.times.push(times);
        Ok(())
    })
    .await?;
    let (year, month, day) = from.ymd();
    let notice = Notice {
        id: random::id(cx.now, NoticeId::from_parts),
        kind: NoticeKind::Backup,
        mark: Mark::Updated,
        title: format!("{year}年{month}月{day}日から、バックアップの時刻が変わります。"),
        body: format!(
            "毎日 {} から、毎月{}日の {} から行います。毎月のバックアップの間（最長{}分）は、連絡帳を見ることはできますが、書き込みはできません。",
            times.daily, monthly.day, monthly.at, monthly.stop_minutes
        ),
        at: cx.now,
        from: None,
        until: None,
        affected: Vec::new(),
        page: None,
        case: Some(case.id),
    };
    Ok(cx.app.store.put_notice(tx, &notice)?)
}

/// Publishes a stop; it holds from its time on.
///
/// # Errors
/// It begins too soon after its publication.
pub(super) async fn announce(cx: &Cx, tx: &mut Tx<Code>, case: &Case) -> Result<(), ApiError> {
    let (from, to) = span(case)?;
    let days = cx.app.settings.notice_days;
    if from < cx.now.plus_seconds(days * 24 * 3600) {
        let words = format!(
            "停止の開始が、公開から{days}日より前です。システム管理者が日時を直してから、許可をやり直します。"
        );
        return Err(FieldError::new("words", words).into());
    }
    let mode = case.form.get("mode").and_then(|mode| ServiceMode::from_wire(mode)).ok_or(Code::Invalid)?;
    let stop = PlannedStop { case: case.id, title: case.about.clone(), from, to, mode };
    change_service(cx, tx, |service| {
        service.stops.push(stop.clone());
        Ok(())
    })
    .await?;
    let said = case.taken.last().and_then(|taken| taken.form.get("words")).cloned().unwrap_or_default();
    publish(cx, tx, case, Mark::New, (from, to), &said)
}

/// Lets a stop last longer.
///
/// # Errors
/// If the store cannot be reached.
pub(super) async fn prolong(cx: &Cx, tx: &mut Tx<Code>, case: &Case) -> Result<(), ApiError> {
    let (from, to) = span(case)?;
    change_service(cx, tx, |service| {
        let stop = service.stops.iter_mut().find(|stop| stop.case == case.id).ok_or(Code::Stale)?;
        stop.to = to;
        Ok(())
    })
    .await?;
    publish(cx, tx, case, Mark::Updated, (from, to), "作業に時間がかかるため、停止を延長します。")
}

/// Lets the service go on now: the stop is over before its time.
///
/// # Errors
/// If the store cannot be reached.
pub(super) async fn end(cx: &Cx, tx: &mut Tx<Code>, case: &Case) -> Result<(), ApiError> {
    let (from, to) = span(case)?;
    change_service(cx, tx, |service| {
        if let Some(stop) = service.stops.iter_mut().find(|stop| stop.case == case.id) {
            stop.to = stop.to.min(cx.now);
        }
        Ok(())
    })
    .await?;
    let notice = Notice {
        kind: NoticeKind::News,
        title: title("作業が終わり、サービスを再開しました: ", &case.about),
        from: None,
        until: None,
        affected: Vec::new(),
        body: String::new(),
        ..notice(cx, case, Mark::Updated, (from, to.min(cx.now)), "")
    };
    Ok(cx.app.store.put_notice(tx, &notice)?)
}

/// Takes an announced stop back.
///
/// # Errors
/// If the store cannot be reached.
pub(super) async fn cancel(cx: &Cx, tx: &mut Tx<Code>, case: &Case) -> Result<(), ApiError> {
    change_service(cx, tx, |service| {
        service.stops.retain(|stop| stop.case != case.id);
        Ok(())
    })
    .await?;
    let notice = Notice {
        kind: NoticeKind::News,
        title: title("計画停止を取りやめました: ", &case.about),
        from: None,
        until: None,
        affected: Vec::new(),
        body: String::new(),
        ..notice(cx, case, Mark::Updated, span(case)?, "")
    };
    Ok(cx.app.store.put_notice(tx, &notice)?)
}

fn span(case: &Case) -> Result<(Timestamp, Timestamp), ApiError> {
    let (Some(from), Some(to)) = stop_span(case) else { return Err(Code::Invalid.into()) };
    Ok((from, to))
}

/// Adds a change of the service to the transaction of a step; what the change says of it.
///
/// # Errors
/// What the change refuses; the store cannot be reached.
pub(super) async fn change_service<T>(
    cx: &Cx,
    tx: &mut Tx<Code>,
    change: impl FnOnce(&mut Service) -> Result<T, Code>,
) -> Result<T, ApiError> {
    let seen = cx.app.store.service().await?;
    let mut next = seen.clone().unwrap_or_else(|| Service::open(cx.now));
    next.tidy(cx.now);
    let said = change(&mut next)?;
    cx.app.store.put_service(tx, seen.as_ref(), &next)?;
    Ok(said)
}

/// The notice of a stop: of one case there is one, and what changes is the same one again.
fn notice(cx: &Cx, case: &Case, mark: Mark, (from, to): (Timestamp, Timestamp), said: &str) -> Notice {
    let text = |name: &str| case.form.get(name).cloned().unwrap_or_default();
    let mode = ServiceMode::from_wire(&text("mode")).unwrap_or(ServiceMode::Closed);
    let scope = match mode {
        ServiceMode::ReadOnly => "この間、連絡帳を見ることはできますが、書き込みはできません。",
        _ => "この間、サービスは使えません。",
    };
    let body = [text("content"), said.to_owned(), scope.to_owned()];
    let body = body.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    Notice {
        id: NoticeId::from_bits(case.id.to_bits()),
        kind: NoticeKind::PlannedStop,
        mark,
        title: title("", &case.about),
        body: body.chars().take(NOTICE_BODY_MAX.min(BODY_MAX)).collect(),
        at: cx.now,
        from: Some(from),
        until: Some(to),
        affected: mode.closes(),
        page: None,
        case: Some(case.id),
    }
}

fn title(before: &str, about: &str) -> String {
    format!("{before}{about}").chars().take(NOTICE_TITLE_MAX).collect()
}

fn publish(
    cx: &Cx,
    tx: &mut Tx<Code>,
    case: &Case,
    mark: Mark,
    span: (Timestamp, Timestamp),
    said: &str,
) -> Result<(), ApiError> {
    Ok(cx.app.store.put_notice(tx, &notice(cx, case, mark, span, said))?)
}
