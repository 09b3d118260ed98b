//! 操作記録: the audit log with filters, as sentences, and its verification.

use super::{audit_row::AuditRows, audit_verify::Verification, export::Export, reviews::Reviews};
use crate::{
    clock,
    components::{Button, ButtonKind, Empty, Failed, PageHeading, Select, Skeleton, TextField},
    load::load,
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    api::{
        Empty as NoQuery,
        audit::{AuditQuery, ListAudit},
        book::ListFacilities,
    },
    authority::Action,
};

/// The page.
#[component]
pub fn Audit() -> impl IntoView {
    let today = clock::now().day().to_string();
    let (from, to) = (RwSignal::new(today.clone()), RwSignal::new(today));
    let user_id = RwSignal::new(String::new());
    let action = RwSignal::new(String::new());
    let facility = RwSignal::new(String::new());
    let patient = RwSignal::new(String::new());
    let facilities = load::<ListFacilities>(|| ((), NoQuery {}));
    let offices = Signal::derive(move || {
        facilities.shown.with(|shown| {
            let rows = shown.iter().flat_map(|shown| &shown.facilities);
            rows.map(|row| (row.id.to_string(), row.name.clone())).collect::<Vec<_>>()
        })
    });
    let refused = RwSignal::new(false);
    let wanted = RwSignal::new(AuditQuery::default());
    let page = load::<ListAudit>(move || ((), wanted.get()));
    let find = move |event: SubmitEvent| {
        event.prevent_default();
        wanted.set(AuditQuery {
            from: from.get_untracked().parse().ok(),
            to: to.get_untracked().parse().ok(),
            user_id: Some(user_id.get_untracked()).filter(|id| !id.trim().is_empty()),
            facility: facility.get_untracked().parse().ok(),
            patient: patient.get_untracked().trim().parse().ok(),
            action: Action::from_wire(&action.get_untracked()),
            refused: refused.get_untracked(),
            before: None,
        });
    };
    let actions: Vec<(String, String)> =
        Action::ALL.iter().map(|action| (action.wire().to_owned(), action.label().to_owned())).collect();
    let wrong = move |field: &'static str| {
        Signal::derive(move || page.failure.get().and_then(|why| why.field(field)))
    };
    view! {
        <div class="page">
            <PageHeading title="操作記録" lead="だれが、いつ、何をしたか。断られた操作も残ります。" />
            <form class="stack audit-filter" on:submit=find>
                <TextField label="はじめの日" kind="date" value=from error=wrong("from") />
                <TextField label="終わりの日" kind="date" value=to error=wrong("to") />
                <TextField label="ユーザーID" value=user_id error=wrong("user_id") />
                <Select label="施設" options=offices value=facility />
                <TextField label="患者の識別子" hint="26文字の英数字です。" value=patient error=wrong("patient") />
                <Select label="操作" options=Signal::derive(move || actions.clone()) value=action />
                <label class="radio">
                    <input
                        type="checkbox"
                        prop:checked=move || refused.get()
                        on:change=move |event| refused.set(event_target_checked(&event))
                    />
                    <span>"断られた操作だけ"</span>
                </label>
                <Button kind=ButtonKind::Primary submit=true busy=page.busy>"この条件で表示"</Button>
            </form>
            <section class="stack">
                <h2>"記録"</h2>
                {move || match (page.shown.get(), page.failure.get()) {
                    (_, Some(why)) => {
                        view! {
                            <Failed
                                what="操作記録を読み込めませんでした。"
                                failure=why
                                again=move || page.again()
                                busy=page.busy
                            />
                        }
                            .into_any()
                    }
                    (None, None) => view! { <Skeleton /> }.into_any(),
                    (Some(shown), None) => {
                        let (next, empty) = (shown.before, shown.rows.is_empty());
                        view! {
                            {empty.then(|| view! { <Empty words="この範囲に該当する記録はありません" /> })}
                            <AuditRows rows=shown.rows />
                            {next
                                .map(|next| {
                                    view! {
                                        <Button
                                            busy=page.busy
                                            on_press=move || wanted.update(|query| query.before = Some(next))
                                        >
                                            "さらに前の記録を見る"
                                        </Button>
                                    }
                                })}
                        }
                            .into_any()
                    }
                }}
            </section>
            <Export wanted=wanted />
            <Reviews />
            <Verification />
        </div>
    }
}
