//! Tags of an object. A lock does not cover them, as in S3.

use std::sync::Arc;

use s3s::S3ErrorCode;
use s3s::dto::{
    DeleteObjectTaggingInput, DeleteObjectTaggingOutput, GetObjectTaggingInput, GetObjectTaggingOutput,
    PutObjectTaggingInput, PutObjectTaggingOutput, Tag,
};

use crate::bucket::Bucket;
use crate::fail::Outcome;
use crate::object::find;
use crate::store::Inner;
use crate::version;

const TAGS_LIMIT: usize = 10;

pub(crate) async fn get(store: &Arc<Inner>, input: GetObjectTaggingInput) -> Outcome<GetObjectTaggingOutput> {
    let found = find(store, &input.bucket, &input.key, input.version_id.as_deref()).await?;
    let version_id = found.bucket.told_id(&found.version.id);
    let tags = found.version.attributes.tags.into_iter();
    let tag_set = tags.map(|(key, value)| Tag { key: Some(key), value: Some(value) }).collect();
    Ok(GetObjectTaggingOutput { tag_set, version_id })
}

async fn set(
    store: &Arc<Inner>,
    bucket: String,
    key: String,
    id: Option<String>,
    tags: Vec<(String, String)>,
) -> Outcome<Option<String>> {
    store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &bucket)?;
            let mut found = version::find(&change.db, &bucket, &key, id.as_deref())?;
            found.attributes.tags = tags;
            version::set_attributes(change, &found)?;
            Ok(bucket.told_id(&found.id))
        })
        .await
}

pub(crate) async fn put(store: &Arc<Inner>, input: PutObjectTaggingInput) -> Outcome<PutObjectTaggingOutput> {
    let tag_set = input.tagging.tag_set;
    if tag_set.len() > TAGS_LIMIT {
        return Err(S3ErrorCode::InvalidTag.into());
    }
    let tags = tag_set
        .into_iter()
        .map(|tag| tag.key.zip(tag.value).ok_or_else(|| S3ErrorCode::MalformedXML.into()))
        .collect::<Outcome<_>>()?;
    let version_id = set(store, input.bucket, input.key, input.version_id, tags).await?;
    Ok(PutObjectTaggingOutput { version_id })
}

pub(crate) async fn delete(
    store: &Arc<Inner>,
    input: DeleteObjectTaggingInput,
) -> Outcome<DeleteObjectTaggingOutput> {
    let version_id = set(store, input.bucket, input.key, input.version_id, Vec::new()).await?;
    Ok(DeleteObjectTaggingOutput { version_id })
}
