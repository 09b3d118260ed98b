//! 手動で実行: asks for a backup by hand, with its reason (Art. 24(1)).

use crate::{
    clock,
    components::{Button, ButtonKind, TextField},
    submission::{SendFailure, Submission},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    api::{error::FieldError, evidence::RunBackup},
    calendar::Day,
    evidence::ManualBackup,
    text,
};

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
    /// What to do once it is accepted.
    done: Callback<()>,
) -> impl IntoView {
    let today = clock::now().day();
    let day = RwSignal::new(today.previous().unwrap_or(today).to_string());
    let reason = RwSignal::new(String::new());
    let sending = Submission::new();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let (day, reason) = match check(&day.get_untracked(), &reason.get_untracked(), today) {
            Ok(checked) => checked,
            Err(wrong) => return sending.refuse(wrong),
        };
        let command = sending.command(&(day, &reason));
        sending.send::<RunBackup>((), ManualBackup { command, day, reason }, move |_| done.run(()));
    };
    view! {
        <form class="stack" on:submit=send novalidate>
            <p>
                "第24条(1)の手動運転です。理由はこの世代の記録として残ります。作成した世代は保管期限まで、だれにも削除・短縮できません。"
            </p>
            <TextField label="対象日" kind="date" value=day required=true max=today.plus_days(-1).to_string() error=sending.wrong("day") />
            <TextField
                label="手動で実行する理由"
                value=reason
                lines=3
                required=true
                hint=format!("{}文字まで", text::REASON_MAX)
                error=sending.wrong("reason")
            />
            <SendFailure sending=sending what="受け付けられませんでした。" />
            <div class="actions">
                <Button kind=ButtonKind::Primary submit=true busy=sending.busy>"実行する"</Button>
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
