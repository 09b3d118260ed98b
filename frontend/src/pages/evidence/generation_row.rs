//! One generation in the list, with its verification.

use super::{
    asked::Runs,
    state::{Verified, contents},
};
use crate::{
    components::{Button, ButtonKind, DayText, TimeText},
    session::may_ever,
    submission::{SendFailure, Submission},
    words,
};
use leptos::prelude::*;
use shared::{
    api::{Command, evidence::VerifyBackup},
    authority::Action,
    evidence::Generation,
};

/// The row.
#[component]
pub fn GenerationRow(
    /// Which.
    generation: Generation,
    /// The list in which it stands.
    all: Memo<Option<Vec<Generation>>>,
    /// What somebody asked for.
    runs: Runs,
) -> impl IntoView {
    let sending = Submission::new();
    let contents = contents(&generation);
    let Generation { id, day, bytes, last_kept_day, locked_until, finished_at, verification: first, .. } =
        generation;
    // What a run found just now, or what the list has.
    let verification = Memo::new(move |_| {
        let listed = all.with(|all| {
            let listed = all.iter().flatten().find(|generation| generation.id == id);
            listed.map_or_else(|| first.clone(), |generation| generation.verification.clone())
        });
        runs.found(id).filter(|found| found.at > listed.at).unwrap_or(listed)
    });
    let verifying = runs.verifying(id);
    let verify = move || {
        let command = Command { command: sending.command(&id) };
        sending.send::<VerifyBackup>(id, command, move |_| runs.again());
    };
    let busy = Signal::derive(move || sending.busy.get() || verifying.get());
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
                <div role="status">
                    {move || {
                        if verifying.get() {
                            "検証中…".into_any()
                        } else {
                            view! { <Verified verification=verification.get() /> }.into_any()
                        }
                    }}
                </div>
            </td>
            <td role="cell" class="no-print acts">
                {may_ever(Action::VerifyBackup)
                    .then(|| {
                        view! {
                            <Button kind=ButtonKind::Secondary busy=busy on_press=verify>
                                "検証する"
                                <span class="visually-hidden">"（" <DayText day=day /> "）"</span>
                            </Button>
                        }
                    })}
                <SendFailure sending=sending what="検証を受け付けられませんでした。" />
            </td>
        </tr>
    }
}
