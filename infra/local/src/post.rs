//! Mails of the local environment: nobody gets them; they lie in a folder and stand on a page (`/mails`).

use crate::secondfactor::{escaped, plain};
use anyhow::{Context, Result};
use bytes::Bytes;
use functions::{app::App, post::Folder};
use http::Response;
use std::{path::Path, sync::Arc};

/// The page's address.
pub const PATH: &str = "/mails";

/// The folder inside the data folder.
const FOLDER: &str = "mails";

/// Mails on the page.
const SHOWN: usize = 50;

/// Gives the environment a folder to put mails into.
///
/// # Errors
/// If the folder cannot be made.
pub fn give(app: &App, data: &Path) -> Result<Arc<Folder>> {
    let from = app.settings.mail_from.as_deref().unwrap_or("no-reply@example.jp");
    let folder = Arc::new(Folder::new(&data.join(FOLDER), from).context("the folder of mails")?);
    let _ = app.post.set(folder.clone());
    Ok(folder)
}

/// The page with the newest mails.
pub fn page(folder: &Folder) -> Response<Bytes> {
    let mails: String = folder
        .newest(SHOWN)
        .iter()
        .map(|mail| {
            format!(
                "<article><h2>{}</h2><p>宛先: {}</p><pre>{}</pre></article>",
                escaped(&mail.subject),
                escaped(&mail.to),
                escaped(&mail.text)
            )
        })
        .collect();
    let mails = if mails.is_empty() { "<p>まだありません。</p>".to_owned() } else { mails };
    plain(format!(
        "<!DOCTYPE html><html lang=\"ja\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"10\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>送られるはずのメール</title><link rel=\"icon\" href=\"/icon.svg\"><main><h1>送られるはずのメール</h1>\
         <p>手元の環境だけのページです。メールは外に送られず、データのフォルダーの {FOLDER} に置かれます。新しい順に{SHOWN}通まで。</p>{mails}</main></html>"
    ))
}
