//! お知らせメール: where a person is told that a case waits for them. Nothing but a code goes to an address before the
//! code came back.

use crate::{
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

/// Wrong codes after which a new one must be asked for.
const WRONG_MAX: u32 = 5;

/// Names an address; a code is sent there.
///
/// # Errors
/// The field, if it is no address or the environment sends no mails.
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
        let doc =
            MailDoc { address: address.clone(), confirmed: false, code: None, code_ends: None, wrong: 0 };
        let id = random::id(cx.now, EventId::from_parts);
        let mut tx = Tx::default();
        cx.app.store.put_mail(&mut tx, account, &doc)?;
        cx.app.store.note_errand(&mut tx, &Errand::new(id, Task::AddressCode { account }, cx.now))?;
        cx.commit_command(tx, given.command, Empty {}).await
    })
    .await
}

/// Confirms the address. A wrong code is counted before it is refused.
///
/// # Errors
/// The field: wrong, too old, or tried too often.
pub async fn confirm(cx: Arc<Cx>, (): (), given: MailCode) -> Result<Empty, ApiError> {
    let account = cx.actor()?.account;
    let store = &cx.app.store;
    let seen = store.mail(account).await?.ok_or(Code::NotFound)?;
    let wrong = |words: &str| Err(FieldError::new("code", words).into());
    if seen.confirmed {
        return Ok(Empty {});
    }
    let valid = seen.wrong < WRONG_MAX && seen.code_ends.is_some_and(|end| cx.now < end);
    let Some(code) = seen.code.as_ref().filter(|_| valid) else {
        return wrong("確認コードの期限が切れました。もう一度、メールアドレスを登録してください。");
    };
    let typed: String =
        given.code.chars().filter_map(|c| c.to_digit(10).or_else(|| wide(c))).map(digit).collect();
    let right = sha256_hex(typed.as_bytes()) == *code;
    let doc = if right {
        MailDoc { confirmed: true, code: None, code_ends: None, ..seen.clone() }
    } else {
        MailDoc { wrong: seen.wrong + 1, ..seen.clone() }
    };
    let mut tx = Tx::default();
    store.settle_mail(&mut tx, account, &seen, &doc)?;
    if right {
        cx.commit(tx).await?;
        return Ok(Empty {});
    }
    tx.commit(store).await?;
    wrong("確認コードが違います。メールに書かれた6桁の数字を入力してください。")
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
