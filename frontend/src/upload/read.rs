//! Reading a chosen file in small pieces: what it is and its SHA-256, while the screen stays alive.

use super::check;
use crate::browser;
use sha2::{Digest, Sha256};
use shared::book::FileType;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

const PIECE: u64 = 2 * 1024 * 1024;
const UNREADABLE: &str =
    "ファイルを読み取れませんでした（フォルダーは添付できません）。もう一度選んでください。";

async fn piece(file: &File, from: u64, to: u64) -> Result<Vec<u8>, &'static str> {
    // File sizes are far below 2^53.
    let blob = file.slice_with_f64_and_f64(from as f64, to as f64).map_err(|_| UNREADABLE)?;
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(|_| UNREADABLE)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// The file's size in bytes.
pub fn size(file: &File) -> u64 {
    file.size() as u64
}

/// What the file is, from its first and last bytes.
///
/// # Errors
/// The Japanese sentence.
pub async fn file_type(file: &File) -> Result<FileType, &'static str> {
    let all = size(file);
    let start = piece(file, 0, all.min(check::LOOK)).await?;
    let end = piece(file, all.saturating_sub(check::LOOK).max(all.min(check::LOOK)), all).await?;
    check::file_type(&file.name(), &start, &end)
}

/// The file's SHA-256 in hex; `progress` gets whole percents.
///
/// # Errors
/// The Japanese sentence, when the file cannot be read (any more).
pub async fn sha256(file: &File, progress: impl Fn(u8)) -> Result<String, &'static str> {
    let all = size(file);
    let mut hash = Sha256::new();
    let mut at = 0;
    while at < all {
        let to = all.min(at + PIECE);
        hash.update(piece(file, at, to).await?);
        at = to;
        progress(u8::try_from(at * 100 / all).unwrap_or(100));
        if at < all {
            // Lets the screen draw and answer between two pieces.
            browser::sleep(0).await;
        }
    }
    Ok(hex::encode(hash.finalize()))
}
