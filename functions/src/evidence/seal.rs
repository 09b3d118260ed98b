//! Sealing the audit log (requirements §2, 8): what has settled is chained and locked away, every few minutes.

use crate::{
    app::App,
    store::{blob::BlobKey, error::StoreError},
};
use shared::{
    calendar::Timestamp,
    evidence::seal::{Bad, SEALED_MAX, Seal, Stored, Verifier},
};

/// An event is written at the end of its request and carries the time of its beginning. No function runs longer than a
/// quarter of an hour, so what is older than this has settled.
pub const SETTLE_SECONDS: i64 = 20 * 60;
/// A window with entries is sealed when it is at least so long, in seconds …
const WINDOW_SECONDS: i64 = 10 * 60;
/// … and an empty one when it is so long: that nothing happened is a statement, too.
const EMPTY_SECONDS: i64 = 60 * 60;
/// The first window begins so many seconds back.
const FIRST_SECONDS: i64 = 24 * 60 * 60;

/// Makes the seals that are due; how many. Safe to repeat, takes no input.
///
/// # Errors
/// If the store or the bucket cannot be reached; seals made until then stay.
pub async fn run_due(app: &App) -> Result<usize, StoreError> {
    let now = app.clock.now();
    if app.store.is_being_restored().await? || !app.store.claim_sealing(now).await? {
        return Ok(0);
    }
    let made = seal_all(app, now).await;
    app.store.release_sealing().await?;
    made
}

async fn seal_all(app: &App, now: Timestamp) -> Result<usize, StoreError> {
    let until = now.plus_seconds(-SETTLE_SECONDS);
    let mut before = match app.store.last_seal().await? {
        Some(last) => Some(read(app, last.number).await?.ok_or(StoreError::Shape("last seal"))?),
        None => None,
    };
    let mut made = 0;
    loop {
        let number = before.as_ref().map_or(1, |seal| seal.number + 1);
        // A run that ended between bucket and catalogue has left a seal: the first version counts, so it is taken over.
        let left = app.store.blobs.first_version(&format!("{}{number:08}-", BlobKey::SEALS)).await?;
        let seal = match left {
            Some((key, version)) => Some(parse(app, &key, &version).await?),
            None => next(app, before.as_ref(), until).await?,
        };
        let Some(seal) = seal else { return Ok(made) };
        app.store.put_seal(&seal).await?;
        made += 1;
        before = Some(seal);
    }
}

/// The next seal, written into the locked bucket; `None` while none is due.
async fn next(app: &App, before: Option<&Seal>, until: Timestamp) -> Result<Option<Seal>, StoreError> {
    let from = before.map_or_else(|| until.plus_seconds(-FIRST_SECONDS), |seal| seal.to);
    let long = (until.ms() - from.ms()) / 1000;
    if long < WINDOW_SECONDS {
        return Ok(None);
    }
    let mut entries = app.store.stored_events(from, until).await?;
    if entries.is_empty() && long < EMPTY_SECONDS {
        return Ok(None);
    }
    let to = cut(&mut entries, until);
    let seal = Seal::over(before, from, to, &entries);
    let body = serde_json::to_vec(&seal)?;
    let key = BlobKey::Seal(seal.number, to.day());
    app.store.blobs.archive(&key, "application/json", body.into(), to.day().locked_until()).await?;
    Ok(Some(seal))
}

/// Cuts to [`SEALED_MAX`] entries, between two milliseconds; the end of the window.
fn cut(entries: &mut Vec<Stored>, until: Timestamp) -> Timestamp {
    let Some((over, _)) = entries.get(SEALED_MAX) else { return until };
    let end = over.at_ms();
    entries.retain(|(id, _)| id.at_ms() < end);
    Timestamp::from_ms(i64::try_from(end).unwrap_or(i64::MAX))
}

async fn parse(app: &App, key: &str, version: &str) -> Result<Seal, StoreError> {
    let found = app.store.blobs.archived(key, version).await?.ok_or(StoreError::Shape("seal"))?;
    Ok(serde_json::from_slice(&found.body)?)
}

/// A seal from the locked bucket: its first version, whatever was put on top of it.
///
/// # Errors
/// If the bucket cannot be reached, or holds something else under its key.
pub async fn read(app: &App, number: u64) -> Result<Option<Seal>, StoreError> {
    match app.store.blobs.first_version(&format!("{}{number:08}-", BlobKey::SEALS)).await? {
        Some((key, version)) => parse(app, &key, &version).await.map(Some),
        None => Ok(None),
    }
}

/// Verifies the whole log against the locked bucket.
///
/// # Errors
/// If the store or the bucket cannot be reached.
pub async fn verify(app: &App) -> Result<(Verifier, Option<Bad>), StoreError> {
    let mut verifier = Verifier::default();
    let bad = verify_some(app, &mut verifier, usize::MAX).await?.err();
    Ok((verifier, bad))
}

/// Goes on verifying the log against the locked bucket, by so many seals; whether there may be more.
///
/// # Errors
/// If the store or the bucket cannot be reached; inside, the first bad entry.
pub async fn verify_some(
    app: &App,
    verifier: &mut Verifier,
    most: usize,
) -> Result<Result<bool, Bad>, StoreError> {
    for _ in 0..most {
        let Some(seal) = read(app, verifier.next()).await? else { return Ok(Ok(false)) };
        let entries = app.store.stored_events(seal.from, seal.to).await?;
        if let Err(bad) = verifier.check(seal, &entries) {
            return Ok(Err(bad));
        }
    }
    Ok(Ok(true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::id::EventId;

    #[test]
    fn a_window_is_cut_between_two_milliseconds() {
        let mut entries: Vec<Stored> = (0..SEALED_MAX as u64 + 2)
            .map(|n| (EventId::from_parts(1000 + n / 3, u128::from(n)), String::new()))
            .collect();
        let to = cut(&mut entries, Timestamp::from_ms(999_999));
        assert!(entries.len() <= SEALED_MAX && entries.len() > SEALED_MAX - 3);
        assert!(entries.iter().all(|(id, _)| i64::try_from(id.at_ms()).unwrap() < to.ms()));
        let mut few = entries[..5].to_vec();
        assert_eq!(cut(&mut few, Timestamp::from_ms(999_999)).ms(), 999_999);
    }
}
