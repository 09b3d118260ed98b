//! Deleting: by a marker, or for good where no lock forbids it.

use std::sync::Arc;

use s3s::S3ErrorCode;
use s3s::dto::{
    DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, Error,
};

use crate::attributes::Attributes;
use crate::bucket::Bucket;
use crate::condition::WriteCondition;
use crate::fail::{Fail, Outcome};
use crate::lock;
use crate::retention::refused;
use crate::store::{Change, Inner};
use crate::version::{self, NULL_ID, NewVersion};

/// The most keys that S3 takes in one request.
const KEYS_LIMIT: usize = 1000;

/// What a deletion did.
#[derive(Debug, Default)]
struct Deleted {
    /// The id of the marker that was made, or of the version that is gone.
    id: Option<String>,
    /// A marker was made, or what is gone was one.
    marker: bool,
}

fn delete_one(
    change: &mut Change<'_>,
    bucket: &Bucket,
    key: &str,
    id: Option<&str>,
    bypass: bool,
) -> Outcome<Deleted> {
    let named = match (id, bucket.versioning) {
        (Some(id), _) => id,
        (None, None) => NULL_ID,
        (None, Some(_)) => {
            let attributes = Attributes::default();
            let id = version::insert(change, bucket, &NewVersion::marker(key, &attributes))?;
            return Ok(Deleted { id: Some(id), marker: true });
        }
    };
    // What is not there is as good as deleted: a client that lost the answer asks again.
    let Some(found) = version::with_id(&change.db, &bucket.name, key, named)? else {
        return Ok(Deleted { id: id.map(str::to_owned), marker: false });
    };
    lock::may_delete(found.lock, change.now, bypass).map_err(refused)?;
    version::remove(change, bucket, &found)?;
    Ok(Deleted { id: bucket.told_id(&found.id), marker: found.marker })
}

pub(crate) async fn delete(store: &Arc<Inner>, input: DeleteObjectInput) -> Outcome<DeleteObjectOutput> {
    let condition = WriteCondition::read(input.if_match, None)?;
    let bypass = input.bypass_governance_retention.unwrap_or(false);
    store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &input.bucket)?;
            condition.check(version::latest(&change.db, &bucket.name, &input.key)?.as_ref())?;
            let done = delete_one(change, &bucket, &input.key, input.version_id.as_deref(), bypass)?;
            let delete_marker = done.marker.then_some(true);
            Ok(DeleteObjectOutput { delete_marker, version_id: done.id, ..Default::default() })
        })
        .await
}

/// Deletes many keys in one transaction. A key that may not go is reported beside those that went; a failure of
/// the store itself undoes all of them.
pub(crate) async fn delete_many(
    store: &Arc<Inner>,
    input: DeleteObjectsInput,
) -> Outcome<DeleteObjectsOutput> {
    let wanted = input.delete;
    if wanted.objects.is_empty() || wanted.objects.len() > KEYS_LIMIT {
        return Err(S3ErrorCode::MalformedXML.into());
    }
    let quiet = wanted.quiet.unwrap_or(false);
    let bypass = input.bypass_governance_retention.unwrap_or(false);
    store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &input.bucket)?;
            let (mut deleted, mut errors) = (Vec::new(), Vec::new());
            for object in wanted.objects {
                match delete_one(change, &bucket, &object.key, object.version_id.as_deref(), bypass) {
                    Ok(_) if quiet => {}
                    Ok(done) => deleted.push(DeletedObject {
                        delete_marker: done.marker.then_some(true),
                        delete_marker_version_id: done.id.filter(|_| done.marker),
                        key: Some(object.key),
                        version_id: object.version_id,
                    }),
                    Err(Fail::Refused(told)) => errors.push(Error {
                        code: Some(told.code().as_str().to_owned()),
                        key: Some(object.key),
                        message: told.message().map(str::to_owned),
                        version_id: object.version_id,
                    }),
                    Err(broken) => return Err(broken),
                }
            }
            Ok(DeleteObjectsOutput { deleted: Some(deleted), errors: Some(errors), ..Default::default() })
        })
        .await
}
