//! The second factor of demo accounts: an authenticator app that nobody holds, so its codes are shown on a page of
//! the local environment (`/demo`) and given to journeys by the control address. No cloud environment has either.

use crate::describe::DemoAccount;
use anyhow::{Context, Result};
use bytes::Bytes;
use functions::{app::App, people::factor, store::tx::Tx};
use http::{HeaderValue, Response, header};
use sha2::{Digest, Sha256};

/// The page's address.
pub const PATH: &str = "/demo";

/// The one recovery code that every demo account has: a backup holds its hash and no authenticator app's secret, so
/// this is how demo people sign in after a restore.
pub const RECOVERY: &str = "yama-kawa-2222";

/// The secret of a demo account: the same in every demo.
pub fn secret(user_id: &str) -> String {
    let hash = Sha256::digest(format!("demo {user_id}").as_bytes());
    let mut bytes = [0; 20];
    bytes.copy_from_slice(&hash[..20]);
    factor::base32(bytes)
}

/// A code that a demo account can sign in with now, even if this half minute's code was used already: journeys do
/// not wait. After a restore the app counts as enrolled again.
///
/// # Errors
/// If there is no such account, or the table refuses.
pub async fn fresh_code(app: &App, user_id: &str) -> Result<String> {
    let login = app.store.login(user_id).await?.context("no such account")?;
    let mut doc = app.store.totp(login.account).await?;
    let secret = doc.secret.get_or_insert_with(|| secret(user_id)).clone();
    let mut tx = Tx::default();
    app.store.put_totp_used(&mut tx, login.account, &doc, 0)?;
    tx.commit(&app.store).await.map_err(|_| anyhow::anyhow!("the table refuses"))?;
    factor::code_at(&secret, app.clock.now()).context("no code")
}

/// The page with everybody's code of this half minute. It loads itself anew.
pub fn page(app: &App, accounts: &[DemoAccount]) -> Response<Bytes> {
    let now = app.clock.now();
    let mut rows = String::new();
    for account in accounts {
        let Some(secret) = &account.totp_secret else { continue };
        let code = factor::code_at(secret, now).unwrap_or_default();
        let roles: Vec<_> = account.roles.iter().map(|role| role.label()).collect();
        let cells = [&account.user_id, &account.name, &account.facility, &roles.join("・"), &code];
        let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
        rows.push_str(&format!("<tr>{cells}</tr>"));
    }
    let page = format!(
        "<!DOCTYPE html><html lang=\"ja\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"10\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>デモの利用者</title><link rel=\"icon\" href=\"/icon.svg\"><main><h1>デモの利用者と確認コード</h1>\
         <p>手元の環境だけのページです。コードは30秒ごとに変わり、一度だけ使えます。パスワードはだれでも <b>{}</b> です。復元した環境では、コードの代わりに回復コード <b>{RECOVERY}</b> を一度だけ使えます。</p>\
         <table border=\"1\" cellpadding=\"6\"><tr><th>ユーザーID<th>氏名<th>施設<th>役割<th>コード</tr>{rows}</table></main></html>",
        escaped(demo::DEMO_PASSWORD)
    );
    plain(page)
}

/// A page of the local environment: nothing on it runs, nothing is kept.
pub(crate) fn plain(page: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(page));
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; img-src 'self'"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_secret_of_their_own() {
        assert_ne!(secret("hinata-n01"), secret("hinata-n02"));
        assert_eq!(secret("hinata-n01").len(), 32);
    }
}
