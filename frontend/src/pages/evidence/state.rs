//! How the backups stand, in a few lines: for the home page of those who answer for them.

use super::expected;
use crate::{
    clock,
    components::{Badge, DayText, Faces, Icon, LinkButton, Notice, NoticeKind, Shape, TimeText, Tone},
    load::{Load, load, refresh},
    route::Place,
    words,
};
use leptos::prelude::*;
use shared::{
    api::evidence::{Generations, GenerationsPage, ListBackups},
    evidence::{BackupKind, Generation, Verification, VerificationState},
};
use std::time::Duration;

/// How often it looks again.
const EVERY: Duration = Duration::from_secs(300);

/// The last generation, whether it is sound, and what is missing.
#[component]
pub fn BackupState() -> impl IntoView {
    let list = load::<ListBackups>(|| ((), GenerationsPage::default()));
    refresh(EVERY, move || list.again());
    view! {
        <section class="section">
            <h2>"バックアップの状態"</h2>
            <Faces load=list what="バックアップの状態を読み込めませんでした。" rows=2 />
            <MissingWarning list=list />
            {move || list.shown.with(|shown| shown.as_ref().map(|list| {
                let damaged = list.generations.iter().filter(|g| g.verification.state == VerificationState::Damaged).count();
                view! {
                    {(damaged > 0).then(|| view! {
                        <Notice kind=NoticeKind::Error>
                            <p>"検証で異常が見つかった世代が" {damaged} "件あります。一覧で確かめてください。"</p>
                        </Notice>
                    })}
                    {list.generations.first().map(|newest| view! { <Newest generation=newest.clone() /> })}
                }
            }))}
            <LinkButton href=Place::Backups.path()>"バックアップの一覧を開く"</LinkButton>
        </section>
    }
}

/// Says when the newest day that should be saved is not.
#[component]
pub fn MissingWarning(
    /// The newest page of the list.
    list: Load<Generations>,
) -> impl IntoView {
    move || {
        let missing = list.shown.with(|shown| {
            let shown = shown.as_ref()?;
            let newest = shown.generations.first().map(|generation| generation.day);
            expected::missing(newest, clock::now_and_on(), shown.daily_at)
        });
        missing.map(|day| {
            view! {
                <Notice kind=NoticeKind::Warning>
                    <p><DayText day=day /> "に送られた分のバックアップがまだありません。システム管理者が確かめてください。"</p>
                </Notice>
            }
        })
    }
}

#[component]
fn Newest(generation: Generation) -> impl IntoView {
    view! {
        <dl class="facts">
            <dt>"最新の世代"</dt>
            <dd><DayText day=generation.day /> "に送られた分"</dd>
            <dt>"中身"</dt>
            <dd>{contents(&generation).join("・")} "・" {words::size(generation.bytes)}</dd>
            <dt>"作成"</dt>
            <dd><TimeText at=generation.finished_at /></dd>
            <dt>"検証"</dt>
            <dd><Verified verification=generation.verification /></dd>
        </dl>
    }
}

/// 「連絡 1,234件」「添付 56件」 …
pub fn contents(generation: &Generation) -> Vec<String> {
    if generation.kind == BackupKind::System {
        return vec!["設定・様式・プログラム".to_owned()];
    }
    let counts = generation.counts;
    let part = |what, many| format!("{what} {}件", words::count(many));
    vec![
        part("連絡", counts.notes),
        part("添付", counts.attachments),
        part("手続き", counts.cases),
        part("操作記録", counts.events),
    ]
}

/// What the last verification found, and when.
#[component]
pub fn Verified(
    /// Which.
    verification: Verification,
) -> impl IntoView {
    let erased = verification.erased;
    let (tone, shape) = match verification.state {
        VerificationState::Pending => (Tone::Neutral, None),
        VerificationState::Sound => (Tone::Good, Some(Shape::Check)),
        VerificationState::Damaged => (Tone::Alarm, Some(Shape::Urgent)),
    };
    view! {
        <Badge tone=tone>{shape.map(|shape| view! { <Icon shape=shape /> })}{verification.state.label()}</Badge>
        {verification.at.map(|at| view! { " "<TimeText at=at /> })}
        {(erased > 0)
            .then(|| view! { <span class="hint">{format!("（期限が来て消去済み {}箱）", words::count(erased))}</span> })}
        {(!verification.findings.is_empty())
            .then(|| {
                view! {
                    <ul class="findings">
                        {verification.findings.into_iter().map(|finding| view! { <li>{finding}</li> }).collect_view()}
                    </ul>
                }
            })}
    }
}
