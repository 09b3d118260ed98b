//! System data (Art. 21(4)): settings, forms, programs and the asset ledger, kept for five years at acceptance and at each
//! change. It holds nothing of anybody, so it is not encrypted: whoever has only the console can read it.

use super::{
    boxes::Lines,
    left,
    ring::Ring,
    writer::{SOFTWARE, Writer},
};
use crate::{
    app::App,
    http::{context::Cx, error::ApiError, openapi},
    settings::Artefact,
    store::{blob::sha256_hex, error::StoreError},
};
use flate2::read::GzDecoder;
use serde::Serialize;
use shared::{
    CONTRACT,
    api::error::{Code, FieldError},
    evidence::{BackupKind, Generation, Holds, MANIFEST_FORMAT, Manifest, VerificationState},
    procedure::{self, Case},
};
use std::{
    io::{BufRead, BufReader},
    sync::OnceLock,
};

/// Days back that the job looks for a generation that nobody read back.
const LOOK_BACK_DAYS: i64 = 95;

/// One line of system data.
#[derive(Serialize)]
struct Line<'a, T: Serialize> {
    what: &'a str,
    #[serde(flatten)]
    value: T,
}

/// What is known only by its hash.
#[derive(Serialize)]
struct Hashed<'a> {
    name: &'a str,
    sha256: String,
}

/// Makes a generation of the system data if it differs from the newest one. Safe to repeat, takes no input.
///
/// # Errors
/// If the store cannot be reached.
pub async fn run_due(app: &App) -> Result<Option<Generation>, StoreError> {
    let _alone = app.backing_up.lock().await;
    let now_is = lines(app).await?;
    let (today, what) = (app.clock.now().day(), BackupKind::System.wire());
    let days = (today.plus_days(-LOOK_BACK_DAYS), today);
    let read_back = left::verify(app, BackupKind::System, days, |_| what.to_owned()).await?.pop();
    if newest(app).await?.is_some_and(|newest| newest == now_is) {
        return Ok(read_back);
    }
    let now = app.clock.now();
    if !app.store.claim_generation(what, now, super::backup::CLAIM_SECONDS).await? {
        return Ok(None);
    }
    let made = async {
        // Somebody else may have had it in hand just now.
        if newest(app).await?.is_some_and(|newest| newest == now_is) {
            return Ok(None);
        }
        let left = left::catalogue(app, BackupKind::System, &format!("{today}/")).await?.pop();
        let is_now = newest(app).await?.is_some_and(|newest| newest == now_is);
        let generation = match left.filter(|_| is_now) {
            Some(left) => left,
            None => run(app).await?,
        };
        let generation = super::verify::run(app, generation).await?;
        app.store.put_generation(&generation).await?;
        Ok(Some(generation))
    };
    let made = made.await;
    let released = app.store.release_generation(what).await;
    made.and_then(|made| released.map(|()| made))
}

/// Writes the system data as it is now, and catalogues it.
///
/// # Errors
/// If the store refuses.
pub async fn run(app: &App) -> Result<Generation, StoreError> {
    let ring = Ring::open(app)?;
    let mut writer = Writer::begin(app, &ring, BackupKind::System, app.clock.now().day());
    let mut all = Lines::default();
    for line in lines(app).await? {
        all.push(&line)?;
    }
    writer.plain(Holds::System, all).await?;
    writer.finish().await
}

/// Adds the newest generation to the step that accepts a system, or ends work on it (Arts. 20(4) and 21(3)).
///
/// # Errors
/// The field `copy` while there is none of this software that was read back, or the asset ledger has changed since.
pub async fn name(cx: &Cx, case: &mut Case) -> Result<(), ApiError> {
    let wrong = |words: &str| ApiError::from(FieldError::new("copy", words));
    let newest = newest_sound(&cx.app).await?.filter(|newest| newest.software == SOFTWARE);
    let newest = newest.ok_or_else(|| {
        wrong("今のソフトウェアのシステムデータの控えが、まだありません。自動で作られるまで数分待ってください。")
    })?;
    let ledger = cx.app.store.ledger().await?.version;
    if ledger.is_some_and(|ledger| newest.finished_at < ledger.at) {
        return Err(wrong(
            "資産台帳が登録されてから、システムデータの控えがまだありません。自動で作られるまで数分待ってください。",
        ));
    }
    let taken = case.taken.last_mut().ok_or(Code::Internal)?;
    for (name, value) in [
        ("kept_generation", newest.id.to_string()),
        ("kept_manifest", newest.manifest_key.clone()),
        ("kept_sha256", newest.manifest_sha256.clone()),
    ] {
        taken.form.insert(name.into(), value);
    }
    Ok(())
}

/// The newest generation that was read back and found sound.
pub(super) async fn newest_sound(app: &App) -> Result<Option<Generation>, StoreError> {
    let (generations, _) = app.store.generations(BackupKind::System, None).await?;
    Ok(generations.into_iter().find(|one| one.verification.state == VerificationState::Sound))
}

/// What the newest generation says; `None` if there is none that can be read.
async fn newest(app: &App) -> Result<Option<Vec<String>>, StoreError> {
    let (generations, _) = app.store.generations(BackupKind::System, None).await?;
    // Of one day the newest comes first, too.
    let Some(newest) = generations.first() else { return Ok(None) };
    let blobs = &app.store.blobs;
    let manifest = blobs.archived(&newest.manifest_key, &newest.manifest_version).await?;
    let Some(manifest) = manifest.and_then(|found| Manifest::read(&found.body).ok()) else { return Ok(None) };
    let Some(object) = manifest.of(Holds::System).next() else { return Ok(None) };
    let found = blobs.archived(&object.key, &object.version).await?;
    let lines = found.map(|found| BufReader::new(GzDecoder::new(found.body.as_ref())).lines().collect());
    Ok(lines.and_then(Result::ok))
}

/// The system data, a line for each thing.
async fn lines(app: &App) -> Result<Vec<String>, StoreError> {
    let ledger = app.store.ledger().await?;
    let mut lines = Vec::new();
    let mut add = |line: Result<String, serde_json::Error>| {
        lines.push(line?);
        Ok::<_, StoreError>(())
    };
    add(serde_json::to_string(&Line { what: "settings", value: app.settings.shown() }))?;
    let hashed = |name, text: &str| Hashed { name, sha256: sha256_hex(text.as_bytes()) };
    let contract = openapi::document().to_string();
    let program = serde_json::json!({
        "software": SOFTWARE, "contract": CONTRACT, "manifest_format": MANIFEST_FORMAT,
    });
    add(serde_json::to_string(&Line { what: "software", value: program }))?;
    let forms = hashed("procedures", &procedure::in_words());
    add(serde_json::to_string(&Line { what: "forms", value: forms }))?;
    add(serde_json::to_string(&Line { what: "endpoints", value: hashed("openapi.json", &contract) }))?;
    let own = own_program().filter(|_| app.settings.artefacts.is_empty());
    for artefact in app.settings.artefacts.iter().chain(own) {
        add(serde_json::to_string(&Line { what: "artefact", value: artefact }))?;
    }
    if ledger.version.is_some() {
        add(serde_json::to_string(&Line { what: "ledger", value: ledger }))?;
    }
    Ok(lines)
}

/// The program that is running, where nobody said what was deployed; read once.
fn own_program() -> Option<&'static Artefact> {
    static OWN: OnceLock<Option<Artefact>> = OnceLock::new();
    let read = || {
        let path = std::env::current_exe().ok()?;
        let name = path.file_name()?.to_string_lossy().into_owned();
        Some(Artefact { name, sha256: sha256_hex(&std::fs::read(path).ok()?) })
    };
    OWN.get_or_init(read).as_ref()
}
