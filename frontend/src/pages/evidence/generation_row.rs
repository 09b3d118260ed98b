//! One generation in the list, with its verification.

use super::state::{Verified, contents};
use crate::{
    clock,
    components::{Button, ButtonKind, DayText, Notice, NoticeKind, TimeText},
    session::may_ever,
    submission::Submission,
    words,
};
use leptos::prelude::*;
use shared::{
    api::{Command, evidence::VerifyBackup},
    authority::Action,
    evidence::Generation,
};
use std::time::Duration;

/// Reading a generation back takes longer than other calls.
const LIMIT: Duration = Duration::from_secs(120);

/// The row; the new state of the generation after a verification replaces the old one in it.
#[component]
pub fn GenerationRow(
    /// Which.
    generation: Generation,
) -> impl IntoView {
    let sending = Submission::new();
    let Generation { id, day, bytes, last_kept_day, locked_until, finished_at, .. } = generation;
    let contents = contents(&generation);
    let shown = RwSignal::new(generation);
    let verify = move || {
        let command = Command { command: clock::new_command() };
        sending.send_within::<VerifyBackup>(LIMIT, id, command, move |after| {
            shown.try_set(after);
        });
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <DayText day=day />
                // A day may have several generations, by hand after the automatic one.
                <span class="hint lock made">"作成 " <TimeText at=finished_at /></span>
            </th>
            <td role="cell" data-label="件数"><span>{contents.into_iter().map(|part| view! { <span class="whole">{part}</span> " " }).collect_view()}</span></td>
            <td role="cell" data-label="大きさ" class="number"><span>{words::size(bytes)}</span></td>
            <td role="cell" data-label="保管期限">
                <span>
                    <DayText day=last_kept_day />
                    <span class="hint lock whole">"ロック終了 " <TimeText at=locked_until /></span>
                </span>
            </td>
            <td role="cell" data-label="検証">
                <div role="status">{move || view! { <Verified generation=shown.get() /> }}</div>
            </td>
            <td role="cell" class="no-print acts">
                {may_ever(Action::VerifyBackup)
                    .then(|| {
                        view! {
                            <Button kind=ButtonKind::Secondary busy=sending.busy on_press=verify>
                                "検証する"
                                <span class="visually-hidden">"（" <DayText day=day /> "）"</span>
                            </Button>
                        }
                    })}
                {move || {
                    sending.failure
                        .get()
                        .map(|why| {
                            view! {
                                <Notice kind=NoticeKind::Error>
                                    <p>"検証できませんでした。" {why.sentence()}</p>
                                </Notice>
                            }
                        })
                }}
            </td>
        </tr>
    }
}
