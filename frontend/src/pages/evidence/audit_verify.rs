//! The verification of the audit log, in this browser: the server is asked for the seals of the locked bucket and the
//! entries, and is believed nothing else.

use crate::{
    client::{self, Failure},
    components::{Button, Notice, NoticeKind, Shape, TimeText},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    api::audit::{ReadSeal, SealQuery},
    calendar::Timestamp,
    evidence::seal::{Bad, Verifier},
};

/// How it ended.
#[derive(Clone)]
enum Verdict {
    Good { entries: u64, until: Option<Timestamp>, head: String },
    Bad { entries: u64, bad: Bad },
    Failed(Failure),
}

/// The button, its progress and its result.
#[component]
pub fn Verification() -> impl IntoView {
    let busy = RwSignal::new(false);
    let progress = RwSignal::new((0_u64, 0_u64));
    let verdict = RwSignal::new(None::<Verdict>);
    let start = move || {
        busy.set(true);
        verdict.set(None);
        progress.set((0, 0));
        spawn_local(async move {
            let result = run(progress).await;
            verdict.try_set(Some(result));
            busy.try_set(false);
        });
    };
    view! {
        <section class="stack">
            <h2>"改ざんの検証"</h2>
            <p>
                "記録は封印（前の封印につながる指紋の列）として、だれも消せない保管庫に写されています。このボタンは、今ある記録を封印とこの端末の中で照らし合わせます。"
            </p>
            <Button icon=Shape::Check busy=busy on_press=start>"記録を検証する"</Button>
            <div role="status">
                {move || {
                    let (done, all) = progress.get();
                    (busy.get() && all > 0)
                        .then(|| {
                            view! {
                                <p>"封印 " {done} " / " {all} " を照合しました"</p>
                                <progress class="progress" max=all.to_string() value=done.to_string()></progress>
                            }
                        })
                }}
            </div>
            {move || verdict.get().map(|verdict| view! { <Result verdict=verdict /> })}
        </section>
    }
}

async fn run(progress: RwSignal<(u64, u64)>) -> Verdict {
    let mut verifier = Verifier::default();
    let mut number = 1;
    loop {
        let part = match client::call::<ReadSeal>(&(), &SealQuery { number }).await {
            Ok(part) => part,
            Err(why) => return Verdict::Failed(why),
        };
        let Some(seal) = part.seal else {
            let head = verifier.head().unwrap_or_default().to_owned();
            return Verdict::Good { entries: verifier.checked(), until: verifier.until(), head };
        };
        if let Err(bad) = verifier.check(seal, &part.entries) {
            return Verdict::Bad { entries: verifier.checked(), bad };
        }
        // Nobody waits for this any more once the page is left.
        if progress.try_set((number, part.last)).is_some() {
            return Verdict::Good { entries: 0, until: None, head: String::new() };
        }
        number += 1;
    }
}

#[component]
fn Result(verdict: Verdict) -> impl IntoView {
    match verdict {
        Verdict::Good { entries, until, head } => view! {
            <Notice kind=NoticeKind::Done>
                <p>
                    {entries} "件の記録は、すべて封印されたときのままです。"
                    {until.map(|at| view! { "（" <TimeText at=at /> " までの記録。それより新しい記録は、まもなく封印されます）" })}
                </p>
                <p class="hint">"最後の指紋: " <code class="secret">{head}</code></p>
            </Notice>
        }
        .into_any(),
        Verdict::Bad { entries, bad } => view! {
            <Notice kind=NoticeKind::Error>
                <p>
                    <strong>{bad.index + 1} "件目の記録: " {bad.fault.in_words()} "。"</strong>
                    {bad.id.map(|id| format!("（記録番号 {id}）"))}
                </p>
                <p>"その前の" {entries} "件までの封印は正しく続いています。すぐにシステム管理者と市に知らせてください（第18条）。"</p>
            </Notice>
        }
        .into_any(),
        Verdict::Failed(why) => view! {
            <Notice kind=NoticeKind::Warning>
                <p>"検証を終えられませんでした。" {why.sentence()}</p>
            </Notice>
        }
        .into_any(),
    }
}
