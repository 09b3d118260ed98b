//! 証拠保全 (Art. 18(4)): the audit log of a time and the present state, copied into the locked bucket under a legal hold
//! that nobody lifts by mistake, with a manifest that says what there is.

use crate::{
    http::{context::Cx, error::ApiError},
    store::blob::{BlobKey, sha256_hex},
};
use flate2::{Compression, write::GzEncoder};
use serde::Serialize;
use shared::{
    api::error::FieldError,
    calendar::{Day, Timestamp},
    id::{CaseId, CommandId},
    procedure::{Form, moment_of},
};
use std::io::Write;

/// Longest time that is copied at once.
pub const FROZEN_DAYS_MAX: i64 = 31;
const HOUR_SECONDS: i64 = 60 * 60;

/// An object of the copy.
#[derive(Debug, Serialize)]
struct Part {
    key: String,
    version: String,
    bytes: usize,
    sha256: String,
    entries: u64,
}

/// What the manifest says.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    case: CaseId,
    number: &'a str,
    made_at: Timestamp,
    from: Timestamp,
    to: Timestamp,
    software: &'static str,
    parts: &'a [Part],
}

/// Copies what the step names; what the record of the case keeps of it.
///
/// # Errors
/// The time is empty or too long; the store or the bucket cannot be reached. Then nothing is recorded, and a repetition
/// writes the copy anew: what was written until then stays under its hold.
pub async fn freeze(
    cx: &Cx,
    case: CaseId,
    number: &str,
    command: CommandId,
    form: &Form,
) -> Result<Form, ApiError> {
    let moment = |name: &str| form.get(name).and_then(|text| moment_of(text));
    let wrong = |words: &str| ApiError::from(FieldError::new("to_at", words));
    let from = moment("from_at").ok_or_else(|| wrong("始めと終わりを入力してください。"))?;
    // A minute is meant whole.
    let to = moment("to_at").ok_or_else(|| wrong("始めと終わりを入力してください。"))?.plus_seconds(60);
    if to <= from {
        return Err(wrong("終わりは、始めより後にしてください。"));
    }
    if to.ms() - from.ms() > FROZEN_DAYS_MAX * 24 * HOUR_SECONDS * 1000 + 60_000 {
        return Err(wrong("31日分までにしてください。長いときは、分けて保存します。"));
    }
    let mut parts = Vec::new();
    let mut entries = 0;
    let (mut day, last) = (from.day(), to.plus_seconds(-1).day());
    while day <= last {
        let (part, count) = log_of(cx, case, command, day, from, to).await?;
        entries += count;
        parts.push(part);
        day = day.plus_days(1);
    }
    parts.push(state(cx, case, command).await?);
    let manifest = Manifest {
        case,
        number,
        made_at: cx.now,
        from,
        to,
        software: env!("CARGO_PKG_VERSION"),
        parts: &parts,
    };
    let body = serde_json::to_vec_pretty(&manifest).map_err(crate::store::error::StoreError::from)?;
    let made = put(cx, &BlobKey::Evidence(case, command, "manifest.json".into()), JSON, body, 0).await?;
    Ok(Form::from([
        ("kept_manifest".to_owned(), made.key),
        ("kept_version".to_owned(), made.version),
        ("kept_hash".to_owned(), made.sha256),
        ("kept_copied".to_owned(), entries.to_string()),
    ]))
}

const JSON: &str = "application/json";
const GZIP: &str = "application/gzip";

async fn put(cx: &Cx, key: &BlobKey, kind: &str, body: Vec<u8>, entries: u64) -> Result<Part, ApiError> {
    let (bytes, sha256) = (body.len(), sha256_hex(&body));
    let until = cx.now.day().locked_until();
    let version = cx.app.store.blobs.hold(key, kind, body.into(), until).await?;
    Ok(Part { key: key.to_string(), version, bytes, sha256, entries })
}

/// The audit log of one day, as stored, an hour at a time: only the compressed text is held whole.
async fn log_of(
    cx: &Cx,
    case: CaseId,
    command: CommandId,
    day: Day,
    from: Timestamp,
    to: Timestamp,
) -> Result<(Part, u64), ApiError> {
    let broken = |_| ApiError::from(shared::api::error::Code::Internal).because("compression of evidence");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let mut count = 0;
    let mut hour = day.start().max(from);
    let end = day.plus_days(1).start().min(to);
    while hour < end {
        let next = hour.plus_seconds(HOUR_SECONDS).min(end);
        for (_, line) in cx.app.store.stored_events(hour, next).await? {
            gzip.write_all(line.as_bytes()).map_err(broken)?;
            gzip.write_all(b"\n").map_err(broken)?;
            count += 1;
        }
        hour = next;
    }
    let body = gzip.finish().map_err(broken)?;
    let key = BlobKey::Evidence(case, command, format!("audit-{day}.ndjson.gz"));
    Ok((put(cx, &key, GZIP, body, count).await?, count))
}

/// The present state: how far the service is open, the settings, the newest seal, the newest generations.
async fn state(cx: &Cx, case: CaseId, command: CommandId) -> Result<Part, ApiError> {
    let store = &cx.app.store;
    let (service, seal, (generations, _)) = futures::try_join!(
        store.service(),
        store.last_seal(),
        store.generations(shared::evidence::BackupKind::Daily, None)
    )?;
    let state = serde_json::json!({
        "at": cx.now,
        "software": env!("CARGO_PKG_VERSION"),
        "service": service,
        "last_seal": seal,
        "generations": generations,
        "settings": cx.app.settings.shown(),
    });
    let body = serde_json::to_vec_pretty(&state).map_err(crate::store::error::StoreError::from)?;
    put(cx, &BlobKey::Evidence(case, command, "state.json".into()), JSON, body, 0).await
}
