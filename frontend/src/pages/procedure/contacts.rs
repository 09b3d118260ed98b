//! 連絡先: whom to call by which way now (figure 3).

use crate::{
    clock,
    components::{Loaded, Notice, NoticeKind, PageHeading, TimeText},
    load::load,
};
use leptos::prelude::*;
use shared::api::{
    Empty,
    procedure::{Contact, Contacts, ReadContacts},
};

/// The page.
#[component]
pub fn ContactsPage() -> impl IntoView {
    let contacts = load::<ReadContacts>(|| ((), Empty {}));
    view! {
        <div class="page">
            <PageHeading
                title="連絡先"
                lead="図3の連絡体制です。受付時間内は電話、それ以外はFAXかE-mailで連絡し、つながるまで次の人に連絡します。"
            />
            <Loaded load=contacts what="連絡先を読み込めませんでした。" let:shown>
                <Shown contacts=shown />
            </Loaded>
        </div>
    }
}

#[component]
fn Shown(contacts: Contacts) -> impl IntoView {
    let now = clock::now();
    let open = contacts.hours.is_open(now);
    let next = contacts.hours.next_opening(now).filter(|_| !open);
    let list = |rows: Vec<Contact>| {
        rows.into_iter().map(|row| view! { <Row contact=row by_phone=open /> }).collect_view()
    };
    view! {
        <Notice kind=NoticeKind::Info>
            <p>
                <strong>{if open { "今は電話で連絡します。" } else { "今はFAXかE-mailで連絡します。" }}</strong>
                {next.map(|at| view! { " 次に電話で連絡できるのは " <TimeText at=at /> " からです。" })}
            </p>
            <p>{contacts.hours.in_words()}</p>
        </Notice>
        <section class="stack">
            <h2>"運営・市・関係箇所"</h2>
            <ul class="settings-list">{list(contacts.offices)}</ul>
        </section>
        <section class="stack">
            <h2>"利用施設"</h2>
            <ul class="settings-list">{list(contacts.facilities)}</ul>
        </section>
    }
}

#[component]
fn Row(contact: Contact, by_phone: bool) -> impl IntoView {
    let dialled: String = contact.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let phone = (!contact.phone.is_empty()).then(|| {
        view! { <span class:quiet=!by_phone>"電話 " <a href=format!("tel:{dialled}")>{contact.phone.clone()}</a></span> }
    });
    let fax = (!contact.fax.is_empty())
        .then(|| view! { <span class:quiet=by_phone>"FAX " {contact.fax.clone()}</span> });
    let mail = (!contact.mail.is_empty()).then(|| {
        view! {
            <span class:quiet=by_phone>
                "E-mail " <a href=format!("mailto:{}", contact.mail)>{contact.mail.clone()}</a>
            </span>
        }
    });
    let none = contact.phone.is_empty() && contact.fax.is_empty() && contact.mail.is_empty();
    view! {
        <li>
            <span class="settings-what">
                <strong>{contact.name}</strong>
                <span class="hint">
                    {contact.role} {(!contact.office.is_empty()).then(|| format!("　{}", contact.office))}
                </span>
            </span>
            <span class="contact-ways">
                {phone} {fax} {mail} {none.then_some("登録されていません")}
            </span>
        </li>
    }
}
