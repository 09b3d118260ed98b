//! 同意の撤回: what will happen in one sentence, the reason, and a second confirmation, because it closes the book.

use super::{
    document::{Chosen, DocumentField, arrived},
    record::people,
};
use crate::{
    clock,
    components::{Button, ButtonKind, Notice, NoticeKind, RadioGroup, TextField},
    submission::{SendFailure, Submission},
    whenever::whenever,
};
use leptos::prelude::*;
use shared::{
    api::{book as api, error::FieldError},
    book::{ConsentBy, Withdraw},
    calendar::Day,
    id::PatientId,
    text::REASON_MAX,
};

/// The form within the dialog.
#[component]
pub fn WithdrawForm(
    /// Whose consent.
    patient: PatientId,
    /// The consent that is on the screen.
    number: u32,
    /// After it is on record.
    done: Callback<()>,
) -> impl IntoView {
    let form = Submission::new();
    let today = clock::now().day();
    let withdrawn_on = RwSignal::new(today.to_string());
    let withdrawn_by = RwSignal::new(ConsentBy::Patient.wire().to_owned());
    let reason = RwSignal::new(String::new());
    let chosen: Chosen = RwSignal::new_local(None);
    let sure = RwSignal::new(false);
    let checked = move || {
        let Ok(day) = withdrawn_on.get_untracked().parse::<Day>() else {
            return Err(vec![FieldError::new("withdrawn_on", "撤回の日を入力してください。")]);
        };
        let document = arrived(chosen);
        if document.is_none() && chosen.with_untracked(Option::is_some) {
            return Err(vec![FieldError::new(
                "document",
                "書面がまだ届いていません。届くのを待つか、選び直してください。",
            )]);
        }
        let by = ConsentBy::from_wire(&withdrawn_by.get_untracked()).unwrap_or(ConsentBy::Patient);
        let reason = reason.get_untracked();
        let request = Withdraw {
            command: clock::new_command(),
            number,
            withdrawn_on: day,
            withdrawn_by: by,
            reason,
            document,
        };
        request.check(clock::now().day())
    };
    // The fields lie below what is to be confirmed: where one is wrong, back to them.
    whenever(move || {
        if form.failure.with(|why| why.as_ref().is_some_and(|why| !why.fields().is_empty())) {
            sure.set(false);
        }
    });
    let next = Callback::new(move |()| match checked() {
        Ok(_) => {
            form.refuse(Vec::new());
            sure.set(true);
        }
        Err(errors) => form.refuse(errors),
    });
    let send = Callback::new(move |()| match checked() {
        Ok(request) => {
            let content = (
                request.number,
                request.withdrawn_on,
                request.withdrawn_by,
                &request.reason,
                request.document,
            );
            let command = form.command(&content);
            form.send::<api::WithdrawConsent>(patient, Withdraw { command, ..request }, move |_| {
                done.run(())
            });
        }
        Err(errors) => {
            sure.set(false);
            form.refuse(errors);
        }
    });
    view! {
        <div class="stack">
            <p>"撤回を記録すると、この患者の連絡帳は、あなたを含む支援チームの全員に対してすぐに閉じます。"</p>
            <div class="stack" hidden=move || sure.get()>
                <RadioGroup legend="申し出た人" options=people() value=withdrawn_by />
                <TextField
                    label="撤回の日"
                    kind="date"
                    value=withdrawn_on
                    required=true
                    max=today.to_string()
                    error=form.wrong("withdrawn_on")
                />
                <TextField
                    label="撤回の理由"
                    value=reason
                    lines=3
                    required=true
                    hint=format!("{REASON_MAX}文字まで")
                    error=form.wrong("reason")
                />
                <DocumentField
                    patient=patient
                    label="撤回の書面（あれば）"
                    id="withdrawal-document"
                    chosen=chosen
                    error=form.wrong("document")
                />
                <div class="actions">
                    <Button kind=ButtonKind::Danger on_press=next>"確認へ進む"</Button>
                </div>
            </div>
            <SendFailure sending=form what="記録できませんでした。" />
            {move || {
                sure.get()
                    .then(|| {
                        view! {
                            <Notice kind=NoticeKind::Warning>
                                <p>"本当に撤回を記録しますか。取り消すことはできません。また開くには、新しい同意の書面が必要です。"</p>
                            </Notice>
                            <div class="actions">
                                <Button kind=ButtonKind::Danger busy=form.busy on_press=send>"撤回を記録して連絡帳を閉じる"</Button>
                                <Button on_press=move |()| sure.set(false)>"戻る"</Button>
                            </div>
                        }
                    })
            }}
        </div>
    }
}
