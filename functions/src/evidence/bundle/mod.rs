//! The evidence bundle 証跡一式: the facts of a period, judged clause by clause, and packed into one archive that lies in
//! the locked bucket and is signed. Why both: docs/decisions/0014.

mod gather;
mod overview;
mod pack;

use super::signing::Signer;
use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::{
        blob::{BlobKey, sha256_hex},
        tx::Tx,
    },
};
use shared::{
    api::{
        Empty,
        bundle::{BundleLink, Bundles, Evidence, EvidenceQuery, NewBundle},
        error::{Code, FieldError},
    },
    calendar::Day,
    evidence::bundle::{Bundle, PERIOD_DAYS_MAX, Tally, judge},
    id::BundleId,
};
use std::sync::Arc;
use tokio::sync::OnceCell;

const ZIP: &str = "application/zip";
const PEM: &str = "application/x-pem-file";
/// Days that are shown when nobody says which.
const USUAL_DAYS: i64 = 30;

/// The period, if it can be judged.
fn period(from: Day, to: Day, today: Day) -> Result<(Day, Day), FieldError> {
    if to > today {
        return Err(FieldError::new("to", "終わりは、今日までの日にしてください。"));
    }
    if from > to {
        return Err(FieldError::new("from", "始めは、終わりより前の日にしてください。"));
    }
    if from < to.plus_days(1 - PERIOD_DAYS_MAX) {
        return Err(FieldError::new("from", format!("期間は{PERIOD_DAYS_MAX}日以内にしてください。")));
    }
    Ok((from, to))
}

/// Every clause with its records in a period.
///
/// # Errors
/// The field in error; if the table or the bucket cannot be reached.
pub async fn read(cx: Arc<Cx>, (): (), query: EvidenceQuery) -> Result<Evidence, ApiError> {
    let today = cx.now.day();
    let to = query.to.unwrap_or(today);
    let from = query.from.unwrap_or_else(|| to.plus_days(1 - USUAL_DAYS));
    let (from, to) = period(from, to, today)?;
    let gathered = gather::run(&cx.app, from, to, cx.now).await?;
    let findings = judge(&gathered.facts);
    Ok(Evidence { from, to, tally: Tally::of(&findings), findings })
}

/// The bundles that were made, newest first.
///
/// # Errors
/// If the store cannot be reached.
pub async fn list(cx: Arc<Cx>, (): (), _: Empty) -> Result<Bundles, ApiError> {
    Ok(Bundles { bundles: cx.app.store.bundles().await? })
}

/// Makes the bundle of a period.
///
/// # Errors
/// The field in error; if the table or the bucket cannot be reached. Then nothing is recorded.
pub async fn make(cx: Arc<Cx>, (): (), request: NewBundle) -> Result<Bundle, ApiError> {
    period(request.from, request.to, cx.now.day())?;
    // Whatever has to be tried again, one command locks one archive.
    let made = OnceCell::new();
    cx.once(request.command, || async {
        if cx.app.store.done(request.command).await?.is_some() {
            return Err(Code::Busy.into());
        }
        let bundle = made.get_or_try_init(async || write(&cx, request.from, request.to).await).await?.clone();
        cx.about_once(bundle.id);
        let mut tx = Tx::default();
        cx.app.store.create_bundle(&mut tx, &bundle)?;
        cx.commit_command(tx, request.command, bundle).await
    })
    .await
}

async fn write(cx: &Cx, from: Day, to: Day) -> Result<Bundle, ApiError> {
    let gathered = gather::run(&cx.app, from, to, cx.now).await?;
    let findings = judge(&gathered.facts);
    let today = cx.now.day();
    let signer = Signer::of_year(&cx.app, today.ymd().0).await?;
    let archive = pack::archive(&cx.app.settings.network, &gathered, &findings, &signer)?;
    let id = random::id(cx.now, BundleId::from_parts);
    let key = BlobKey::Bundle(today, id);
    let (sha256, bytes) = (sha256_hex(&archive.body), archive.body.len() as u64);
    let blobs = &cx.app.store.blobs;
    let public = BlobKey::BundleKey(today, id);
    blobs.archive(&public, PEM, signer.public_pem()?.into(), today.locked_until()).await?;
    let version = blobs.archive(&key, ZIP, archive.body.into(), today.locked_until()).await?;
    Ok(Bundle {
        id,
        from,
        to,
        made_at: cx.now,
        by_name: cx.actor()?.name.clone(),
        tally: Tally::of(&findings),
        files: archive.files,
        bytes,
        sha256,
        signed_by: signer.fingerprint()?,
        key: key.to_string(),
        version,
        last_kept_day: today.last_kept_day(),
    })
}

/// An address to fetch a bundle, for a few minutes.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn download(cx: Arc<Cx>, id: BundleId, _: Empty) -> Result<BundleLink, ApiError> {
    let bundle = cx.app.store.bundle(id).await?.ok_or(Code::NotFound)?;
    let name = format!("証跡一式_{}_{}.zip", bundle.from, bundle.to);
    let url = cx.app.store.blobs.archived_address(&bundle.key, &bundle.version, &name).await?;
    Ok(BundleLink { url, bundle })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_names_its_wrong_end() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let today = day("2026-11-26");
        let wrong = |from, to| period(day(from), day(to), today).unwrap_err().field;
        assert_eq!(wrong("2026-11-26", "2026-11-27"), "to");
        assert_eq!(wrong("2026-11-25", "2026-11-24"), "from");
        assert_eq!(wrong("2025-11-25", "2026-11-26"), "from");
        assert!(period(day("2025-11-26"), today, today).is_ok());
    }
}
