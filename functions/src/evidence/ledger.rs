//! The asset ledger 資産台帳 (Arts. 8 and 20(3)): registered by the system administrator, read by those who read backups, and part
//! of the system data with each version.

use crate::{
    http::{context::Cx, error::ApiError},
    store::{blob::sha256_hex, tx::Tx},
};
use shared::{
    api::{
        Empty,
        error::{Code, FieldError},
    },
    evidence::{LEDGER_HEAD, LEDGER_MAX, Ledger, LedgerVersion, NewLedger, RATINGS},
};
use std::sync::Arc;

/// The columns with ratings.
const RATED: std::ops::Range<usize> = 5..8;
/// Columns that may be empty: 識別子 alone.
const LAST: usize = 8;

/// The ledger as it is now.
///
/// # Errors
/// If the store cannot be reached.
pub async fn read(cx: Arc<Cx>, (): (), _: Empty) -> Result<Ledger, ApiError> {
    Ok(cx.app.store.ledger().await?)
}

/// Registers a version; the backup job keeps it as system data within minutes.
///
/// # Errors
/// The line in error; [`Code::Stale`] where somebody else registered one meanwhile.
pub async fn keep(cx: Arc<Cx>, (): (), request: NewLedger) -> Result<LedgerVersion, ApiError> {
    let text = request.text.trim_start_matches('\u{feff}');
    let rows = count(text)?;
    cx.once(request.command, || async {
        let actor = cx.actor()?;
        let before = cx.app.store.ledger().await?.version.map_or(0, |version| version.number);
        if before != request.follows {
            return Err(Code::Stale.into());
        }
        let version = LedgerVersion {
            number: before + 1,
            rows,
            sha256: sha256_hex(text.as_bytes()),
            at: cx.now,
            by: actor.account,
            by_name: actor.name.clone(),
        };
        cx.about_once(version.number);
        let mut tx = Tx::default();
        let ledger = Ledger { version: Some(version.clone()), text: text.to_owned() };
        cx.app.store.put_ledger(&mut tx, before, &ledger)?;
        cx.commit_command(tx, request.command, version).await
    })
    .await
}

/// The assets of a table.
fn count(text: &str) -> Result<u32, FieldError> {
    let wrong = |words: String| FieldError::new("text", words);
    if text.len() > LEDGER_MAX {
        return Err(wrong(format!("資産台帳は{}KBまでにしてください。", LEDGER_MAX / 1000)));
    }
    // Between the two signs of such a line's end the reader would count the line before.
    let lines = text.replace("\r\n", "\n");
    let mut table = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .has_headers(false)
        .flexible(true)
        .from_reader(lines.as_bytes());
    let head: Vec<&str> = LEDGER_HEAD.split(',').collect();
    let mut rows = 0;
    for (nth, record) in table.records().enumerate() {
        let record = record.map_err(|_| wrong("表（CSV、UTF-8）として読めません。".to_owned()))?;
        let line = record.position().map_or(nth as u64 + 1, csv::Position::line);
        if nth == 0 {
            if record.iter().ne(head.iter().copied()) {
                return Err(wrong(format!("{line}行目: 見出しを「{LEDGER_HEAD}」にしてください。")));
            }
            continue;
        }
        if record.len() != head.len() {
            return Err(wrong(format!(
                "{line}行目: {}列にしてください（今は{}列）。",
                head.len(),
                record.len()
            )));
        }
        for (at, (field, name)) in record.iter().zip(&head).enumerate() {
            if at < LAST && field.trim().is_empty() {
                return Err(wrong(format!("{line}行目: 「{name}」を入力してください。")));
            }
            if RATED.contains(&at) && !RATINGS.contains(&field) {
                return Err(wrong(format!(
                    "{line}行目: 「{name}」は{}のどれかにしてください。",
                    RATINGS.join("・")
                )));
            }
        }
        rows += 1;
    }
    if rows == 0 { Err(wrong("資産が1件もありません。".to_owned())) } else { Ok(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(lines: &[&str]) -> String {
        format!("{LEDGER_HEAD}\n{}\n", lines.join("\n"))
    }

    #[test]
    fn what_the_deployed_environment_lists_is_accepted() {
        let good = table(&[
            "# 2026年11月",
            "10-keys/DataKey,暗号鍵,設備相当,AWS 東京リージョン,契約事業者,高,高,高,arn:aws:kms:x",
            "\"サーバー, 予備\",機器,設備,センター,契約事業者,中,低,中,",
        ]);
        assert_eq!(count(&good), Ok(2));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_line() {
        let cases = [
            (String::new(), "1件もありません"),
            ("名称,種類\na,b\n".to_owned(), "1行目: 見出し"),
            (table(&["a,b,c,d,e,高,高,高"]), "2行目: 9列"),
            (table(&["a,b,c,d,e,高,高,高,x", "a,,c,d,e,高,高,高,x"]), "3行目: 「種類」"),
            (table(&["a,b,c,d,e,高,最高,高,x"]), "2行目: 「完全性」"),
            (table(&["a,b,c,d,e,高,最高,高,x"]).replace('\n', "\r\n"), "2行目: 「完全性」"),
            ("x".repeat(LEDGER_MAX + 1), "KBまで"),
        ];
        for (text, words) in cases {
            let error = count(&text).unwrap_err();
            assert!(error.field == "text" && error.message.contains(words), "{error}");
        }
    }
}
