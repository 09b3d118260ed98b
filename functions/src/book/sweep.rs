//! Orphans: files that were sent and never confirmed leave the bucket after a day. No input: compares what
//! lies there with what hangs on a note.

use crate::{
    app::App,
    store::{blob::BlobKey, error::StoreError},
};

/// Days after which a loose upload is an orphan, and how far back the sweep looks.
const ORPHAN_DAYS: std::ops::RangeInclusive<i64> = 2..=9;

/// Removes orphaned uploads; how many.
///
/// # Errors
/// If the store cannot be reached; what was removed until then stays removed.
pub async fn run(app: &App) -> Result<usize, StoreError> {
    let today = app.clock.now().day();
    let mut removed = 0;
    for days in ORPHAN_DAYS {
        for (id, _) in app.store.loose_attachments(today.plus_days(-days)).await? {
            if app.store.blobs.attachment_size(&BlobKey::Incoming(id)).await?.is_some() {
                app.store.blobs.remove_incoming(id).await?;
                removed += 1;
            }
        }
        for id in app.store.case_files_loose(today.plus_days(-days)).await? {
            if app.store.blobs.attachment_size(&BlobKey::Incoming(id)).await?.is_some() {
                app.store.blobs.remove_incoming(id).await?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}
