//! This program is older than the server: a banner with a button, so that nobody loses a sentence half typed.

use crate::{
    browser,
    client::alerts,
    components::{Button, ButtonKind, Notice, NoticeKind, Shape},
};
use leptos::prelude::*;

/// Shown only when needed.
#[component]
pub fn Outdated() -> impl IntoView {
    let outdated = alerts().outdated.clone();
    move || {
        outdated.get().then(|| {
            view! {
                <div class="page-banner no-print">
                    <Notice kind=NoticeKind::Warning>
                        <p>"新しい版があります。画面を再読み込みしてください。入力した内容は残ります。"</p>
                        <Button kind=ButtonKind::Secondary icon=Shape::Reload on_press=browser::reload>
                            "再読み込みする"
                        </Button>
                    </Notice>
                </div>
            }
        })
    }
}
