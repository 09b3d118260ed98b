//! 手動で実行: a backup by hand, with its reason (Art. 24(1)).

use crate::{
    browser,
    client::{Failure, call_within},
    clock,
    components::{Button, ButtonKind, Notice, NoticeKind, TextField},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::{
    api::{error::FieldError, evidence::RunBackup},
    calendar::Day,
    evidence::{Generation, ManualBackup},
    text,
};
use std::time::Duration;

/// A run by hand may take minutes.
const LIMIT: Duration = Duration::from_secs(300);

/// What was typed, checked as the server checks it.
fn check(day: &str, reason: &str, today: Day) -> Result<(Day, String), Vec<FieldError>> {
    let mut errors = Vec::new();
    let parsed = day.parse::<Day>().ok().filter(|day| *day < today);
    if parsed.is_none() {
        errors.push(FieldError::new("day", "対象日は昨日までの日を選んでください。"));
    }
    let reason =
        text::required("reason", "理由", reason, text::REASON_MAX).map_err(|error| errors.push(error));
    match (parsed, reason) {
        (Some(day), Ok(reason)) => Ok((day, reason)),
        _ => Err(errors),
    }
}

/// The form within the dialog.
#[component]
pub fn RunForm(
    /// What to do with the new generation.
    done: Callback<Generation>,
) -> impl IntoView {
    let today = clock::now().day();
    let day = RwSignal::new(today.previous().unwrap_or(today).to_string());
    let reason = RwSignal::new(String::new());
    let errors = RwSignal::new(Vec::<FieldError>::new());
    let failure = RwSignal::new(None::<Failure>);
    let started = RwSignal::new(None::<f64>);
    let beat = RwSignal::new(0_u32);
    // The same act sent twice is done once; another content is another act.
    let sent = StoredValue::new(None::<ManualBackup>);
    if let Ok(timer) = set_interval_with_handle(move || beat.update(|n| *n += 1), Duration::from_secs(1)) {
        on_cleanup(move || timer.clear());
    }
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if started.with_untracked(Option::is_some) {
            return;
        }
        let (day, reason) = match check(&day.get_untracked(), &reason.get_untracked(), today) {
            Ok(checked) => checked,
            Err(wrong) => return errors.set(wrong),
        };
        errors.set(Vec::new());
        failure.set(None);
        let command = sent
            .get_value()
            .filter(|before| (before.day, &before.reason) == (day, &reason))
            .map_or_else(clock::new_command, |before| before.command);
        let request = ManualBackup { command, day, reason };
        sent.set_value(Some(request.clone()));
        started.set(Some(browser::since_start_ms()));
        spawn_local(async move {
            match call_within::<RunBackup>(LIMIT, &(), &request).await {
                Ok(generation) => done.run(generation),
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
            started.try_set(None);
        });
    };
    let wrong = move |name: &'static str| {
        Signal::derive(move || {
            let own = errors.with(|all| all.iter().find(|e| e.field == name).map(|e| e.message.clone()));
            own.or_else(|| failure.with(|why| why.as_ref().and_then(|why| why.field(name))))
        })
    };
    let busy = Signal::derive(move || started.with(Option::is_some));
    view! {
        <form class="stack" on:submit=send novalidate>
            <p>
                "第24条(1)の手動運転です。理由はこの世代の記録として残ります。作成した世代は保管期限まで、だれにも削除・短縮できません。"
            </p>
            <TextField label="対象日" kind="date" value=day required=true max=today.plus_days(-1).to_string() error=wrong("day") />
            <TextField
                label="手動で実行する理由"
                value=reason
                lines=3
                required=true
                hint=format!("{}文字まで", text::REASON_MAX)
                error=wrong("reason")
            />
            {move || {
                failure
                    .get()
                    .map(|why| {
                        view! {
                            <Notice kind=NoticeKind::Error>
                                <p>"実行を確かめられませんでした。" {why.sentence()}</p>
                                {why.may_retry().then_some("もう一度押しても、同じバックアップが二重に作られることはありません。")}
                            </Notice>
                        }
                    })
            }}
            <div role="status">
                {move || {
                    started
                        .get()
                        .map(|from| {
                            beat.track();
                            let seconds = ((browser::since_start_ms() - from) / 1000.0) as u32;
                            view! {
                                <progress class="progress" aria-label="バックアップを実行しています"></progress>
                                <p aria-live="off">"実行しています（" {seconds} "秒）。閉じても実行は続きます。"</p>
                            }
                        })
                }}
            </div>
            <div class="actions">
                <Button kind=ButtonKind::Primary submit=true busy=busy>"実行する"</Button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_a_reason() {
        let today = Day::new(2026, 11, 22).unwrap();
        let fields = |day, reason| {
            let errors = check(day, reason, today).err().unwrap_or_default();
            errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
        };
        assert_eq!(fields("2026-11-21", "訓練"), Vec::<String>::new());
        assert_eq!(fields("2026-11-22", "訓練"), ["day"]);
        assert_eq!(fields("", " "), ["day", "reason"]);
    }
}
