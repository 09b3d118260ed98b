//! お知らせメール: where a person is told that a case waits for them. Nothing but a code goes to an address before the
//! code came back.

use crate::{
    daily::Today,
    http::{context::Cx, error::ApiError},
    post, random,
    store::{blob::sha256_hex, errand::MailDoc, tx::Tx},
};
use shared::{
    api::{
        Empty,
        error::{Code, FieldError},
    },
    id::EventId,
    people::{MailCode, NewMail},
    procedure::{Errand, Task},
};
use std::sync::Arc;

/// Codes that are sent for one person a day: each is a mail to somebody who may have asked for none.
const CODES_A_DAY: u32 = 5;
/// Codes that one person may type a day, however many were sent.
const TRIES_A_DAY: u32 = 10;

/// Names an address; a code is sent there.
///
/// # Errors
/// The field, if it is no address, the environment sends no mails, or too many codes were sent today.
pub async fn name(cx: Arc<Cx>, (): (), given: NewMail) -> Result<Empty, ApiError> {
    let address = given.address.trim().to_owned();
    if cx.app.settings.mail_from.is_none() {
        return Err(FieldError::new("address", "この環境では、メールのお知らせを使えません。").into());
    }
    if !post::is_address(&address) {
        let words = "メールアドレスの形になっていません。半角で、例のように入力してください（例: hanako@example.jp）。";
        return Err(FieldError::new("address", words).into());
    }
    cx.once(given.command, || async {
        let account = cx.actor()?.account;
        let today = Today::of(&cx, "mail").await?;
        if today.has_reached(CODES_A_DAY) {
            let words = format!(
                "確認コードを送れるのは、1日に{CODES_A_DAY}回までです。明日、もう一度登録してください。"
            );
            return Err(FieldError::new("address", words).into());
        }
        let doc = MailDoc { address: address.clone(), confirmed: false, code: None, code_ends: None };
        let id = random::id(cx.now, EventId::from_parts);
        let mut tx = Tx::default();
        today.count_with(&cx, &mut tx)?;
        cx.app.store.put_mail(&mut tx, account, &doc)?;
        cx.app.store.note_errand(&mut tx, &Errand::new(id, Task::AddressCode { account }, cx.now))?;
        cx.commit_command(tx, given.command, Empty {}).await
    })
    .await
}

/// Confirms the address.
///
/// # Errors
/// The field: wrong, too old, or tried too often today. [`Code::Busy`] beside another try.
pub async fn confirm(cx: Arc<Cx>, (): (), given: MailCode) -> Result<Empty, ApiError> {
    let account = cx.actor()?.account;
    let store = &cx.app.store;
    let seen = store.mail(account).await?.ok_or(Code::NotFound)?;
    let wrong = |words: &str| Err(FieldError::new("code", words).into());
    if seen.confirmed {
        return Ok(Empty {});
    }
    let valid = seen.code_ends.is_some_and(|end| cx.now < end);
    let Some(code) = seen.code.as_ref().filter(|_| valid) else {
        return wrong("確認コードの期限が切れました。もう一度、メールアドレスを登録してください。");
    };
    let today = Today::of(&cx, "mail-code").await?;
    if today.has_reached(TRIES_A_DAY) {
        return wrong(&format!(
            "確認コードを入力できるのは、1日に{TRIES_A_DAY}回までです。明日、もう一度、メールアドレスを登録してください。"
        ));
    }
    // Counted before it is compared, and whatever code was sent: a new one is no new chance to guess.
    today.count(&cx).await?;
    let typed: String =
        given.code.chars().filter_map(|c| c.to_digit(10).or_else(|| wide(c))).map(digit).collect();
    if sha256_hex(typed.as_bytes()) != *code {
        return wrong("確認コードが違います。メールに書かれた6桁の数字を入力してください。");
    }
    let doc = MailDoc { confirmed: true, code: None, code_ends: None, ..seen.clone() };
    let mut tx = Tx::default();
    store.settle_mail(&mut tx, account, &seen, &doc)?;
    cx.commit(tx).await?;
    Ok(Empty {})
}

fn wide(c: char) -> Option<u32> {
    u32::from(c).checked_sub(u32::from('０')).filter(|number| *number < 10)
}

fn digit(number: u32) -> char {
    char::from_digit(number, 10).unwrap_or('0')
}

/// No more mails.
///
/// # Errors
/// If the store cannot be reached.
pub async fn remove(cx: Arc<Cx>, (): (), _: Empty) -> Result<Empty, ApiError> {
    let mut tx = Tx::default();
    cx.app.store.remove_mail(&mut tx, cx.actor()?.account)?;
    cx.commit(tx).await?;
    Ok(Empty {})
}
