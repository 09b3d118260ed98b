//! 開いた人の記録: who opened a patient's book, for the care team.

use super::audit_row::AuditRows;
use crate::{
    components::{Button, Empty, Failed, PageHeading, Skeleton},
    load::load,
    route::Place,
};
use leptos::prelude::*;
use shared::{
    api::audit::{AccessQuery, ReadAccess},
    id::{EventId, PatientId},
};

/// The page.
#[component]
pub fn AccessLog(
    /// Whose book.
    patient: PatientId,
) -> impl IntoView {
    let before = RwSignal::new(None::<EventId>);
    let page = load::<ReadAccess>(move || (patient, AccessQuery { before: before.get() }));
    view! {
        <div class="page">
            <PageHeading
                title="開いた人の記録"
                lead="この患者さんの連絡帳に、だれが、いつ、何をしたか（新しい順）"
            />
            <p><a href=Place::Thread(patient).path()>"連絡帳に戻る"</a></p>
            {move || match (page.shown.get(), page.failure.get()) {
                (_, Some(why)) => {
                    view! {
                        <Failed
                            what="記録を読み込めませんでした。"
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
                        {empty.then(|| view! { <Empty words="記録はありません" /> })}
                        <AuditRows rows=shown.rows />
                        {next
                            .map(|next| {
                                view! {
                                    <Button busy=page.busy on_press=move || before.set(Some(next))>
                                        "前の記録を見る"
                                    </Button>
                                }
                            })}
                    }
                        .into_any()
                }
            }}
        </div>
    }
}
