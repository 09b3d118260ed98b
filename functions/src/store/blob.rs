//! Objects in the buckets: keys as an enum, so that no path is glued together elsewhere.

use super::error::StoreError;
use crate::settings::{AccessLog, Settings};
use aws_sdk_s3::{
    Client,
    config::ResponseChecksumValidation,
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        get_object::{GetObjectOutput, builders::GetObjectFluentBuilder},
        put_object::builders::PutObjectFluentBuilder,
    },
    presigning::PresigningConfig,
    primitives::{ByteStream, DateTime},
    types::{ChecksumAlgorithm, ObjectLockLegalHoldStatus, ObjectLockMode},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use shared::{
    book::FileType,
    calendar::{Day, Timestamp},
    evidence::{BackupKind, Holds, KeyName},
    id::{AttachmentId, BundleId, CaseId, CommandId, GenerationId, OutputId},
    portal::PageName,
};
use std::{fmt, time::Duration};

/// Where something lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlobKey {
    /// A file as it was sent, before it was checked; swept when nobody confirms it.
    Incoming(AttachmentId),
    /// A file after it was checked and cleaned.
    File(AttachmentId),
    /// A small picture of it.
    Preview(AttachmentId),
    /// A file of de-identified data; removed when its use period is over.
    Output(OutputId),
    /// Boxes of one kind in a generation: part by part.
    Boxes(BackupKind, Day, GenerationId, Holds, u32),
    /// What is not encrypted in a generation, because it holds nothing of anybody.
    Plain(BackupKind, Day, GenerationId, Holds),
    /// A file in a generation.
    Copy(BackupKind, Day, GenerationId, AttachmentId),
    /// The manifest of a generation.
    Manifest(BackupKind, Day, GenerationId),
    /// A seal of the audit log, with the last day that it covers.
    Seal(u64, Day),
    /// Part of a copy of evidence for an incident (Art. 18(4)).
    Evidence(CaseId, CommandId, String),
    /// The certificate of an erasure.
    Certificate(KeyName),
    /// The top page of the portal.
    PortalTop,
    /// What the portal answers where there is nothing.
    PortalMissing,
    /// A page of the portal as it is now.
    PortalPage(PageName),
    /// The list of a page's versions.
    PortalVersions(PageName),
    /// A version of a page.
    PortalVersion(PageName, u32),
    /// The portal's style.
    PortalStyle,
    /// What the portal adds where scripts run.
    PortalScript,
    /// The records of a day of monitoring.
    MonitorDay(Day),
    /// The proof of a restore.
    Proof(Day, GenerationId),
    /// A version of a runbook: its name, its version, the beginning of its text's SHA-256, and the kind of file.
    Runbook(&'static str, u32, String, &'static str),
    /// An evidence bundle, under the day on which it was made.
    Bundle(Day, BundleId),
    /// The public half of the key that signed it.
    BundleKey(Day, BundleId),
}

impl BlobKey {
    /// Beginning of the keys of all seals.
    pub const SEALS: &'static str = "audit/";
}

impl fmt::Display for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incoming(id) => write!(f, "incoming/{id}"),
            Self::File(id) => write!(f, "files/{id}"),
            Self::Preview(id) => write!(f, "previews/{id}.jpg"),
            Self::Output(id) => write!(f, "outputs/{id}.csv"),
            Self::Boxes(kind, day, run, holds, number) => {
                write!(f, "{}/{day}/{run}/{}-{number:04}.boxes", kind.wire(), holds.wire())
            }
            Self::Plain(kind, day, run, holds) => {
                write!(f, "{}/{day}/{run}/{}.ndjson.gz", kind.wire(), holds.wire())
            }
            Self::Copy(kind, day, run, id) => write!(f, "{}/{day}/{run}/files/{id}.box", kind.wire()),
            Self::Manifest(kind, day, run) => write!(f, "{}/{day}/{run}/manifest.json", kind.wire()),
            Self::Evidence(case, run, name) => write!(f, "evidence/{case}/{run}/{name}"),
            Self::Certificate(name) => write!(f, "erasure/{name}.json"),
            Self::PortalTop => f.write_str("portal/index.html"),
            Self::PortalMissing => f.write_str("portal/not-found.html"),
            Self::PortalPage(page) => write!(f, "portal/{page}.html"),
            Self::PortalVersions(page) => write!(f, "portal/versions/{page}/index.html"),
            Self::PortalVersion(page, number) => write!(f, "portal/versions/{page}/{number}.html"),
            Self::PortalStyle => f.write_str("portal/portal.css"),
            Self::PortalScript => f.write_str("portal/hours.js"),
            Self::MonitorDay(day) => write!(f, "monitor/{day}.json"),
            Self::Proof(day, id) => write!(f, "drills/{day}/{id}.json"),
            Self::Runbook(name, version, hash, kind) => write!(f, "runbooks/{name}/v{version}-{hash}.{kind}"),
            Self::Bundle(day, id) => write!(f, "bundles/{day}/{id}/evidence.zip"),
            Self::BundleKey(day, id) => write!(f, "bundles/{day}/{id}/public-key.pem"),
            Self::Seal(number, day) => write!(f, "{}{number:08}-{day}.json", Self::SEALS),
        }
    }
}

/// What an object in the archive is found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    /// Its bytes.
    pub body: Bytes,
    /// Nobody can remove it before: seconds since 1970; `None` without a COMPLIANCE lock.
    pub locked_until: Option<i64>,
}

/// A file of the portal as it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// Its bytes.
    pub body: Bytes,
    /// Its type.
    pub content_type: String,
    /// The bucket's name for this content.
    pub etag: Option<String>,
}

/// The buckets of one deployment.
#[derive(Clone, Debug)]
pub struct Blobs {
    pub(super) client: Client,
    pub(super) attachments: String,
    pub(super) archive: String,
    pub(super) portal: String,
    pub(super) access_log: Option<AccessLog>,
    pub(super) keys: String,
    pub(super) keys_copy: String,
}

/// How long a browser may start an upload.
const UPLOAD_FOR: Duration = Duration::from_secs(15 * 60);
/// How long an address of a preview or a file works.
const READ_FOR: Duration = Duration::from_secs(5 * 60);

/// The type of a file of de-identified data.
const CSV: &str = "text/csv; charset=utf-8";

/// SHA-256 in hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn checksum(bytes: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(bytes))
}

/// Labels as S3 takes tags.
fn tags_of(labels: &[(&str, String)]) -> Option<String> {
    let pairs = labels.iter().map(|(name, value)| (*name, value.as_str()));
    let tags = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    (!tags.is_empty()).then_some(tags)
}

fn presigning(time: Duration) -> Result<PresigningConfig, StoreError> {
    PresigningConfig::expires_in(time).map_err(|_| StoreError::Shape("expiry"))
}

/// `attachment; filename*=…` as RFC 6266 and RFC 8187 spell it: a download, whatever the content is.
fn disposition(name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("attachment; filename*=UTF-8''{encoded}")
}

impl Blobs {
    pub(super) fn new(client: Client, settings: &Settings) -> Self {
        let (attachments, archive) = (settings.attachments.clone(), settings.archive.clone());
        let (portal, access_log) = (settings.portal.clone(), settings.access_log.clone());
        let (keys, keys_copy) = (settings.keys.clone(), settings.keys_copy.clone());
        Self { client, attachments, archive, portal, access_log, keys, keys_copy }
    }

    /// An address for one PUT of exactly these bytes, with the headers that the PUT must carry.
    pub async fn upload_address(
        &self,
        key: &BlobKey,
        file_type: FileType,
        bytes: u64,
        sha256_hex: &str,
    ) -> Result<(String, Vec<(String, String)>), StoreError> {
        let hash = hex::decode(sha256_hex).map_err(|_| StoreError::Shape("sha256"))?;
        let ask = self
            .client
            .put_object()
            .bucket(&self.attachments)
            .key(key.to_string())
            .content_type(file_type.wire())
            .content_length(i64::try_from(bytes).unwrap_or(i64::MAX))
            .checksum_sha256(STANDARD.encode(hash));
        let signed = ask.presigned(presigning(UPLOAD_FOR)?).await?;
        // Host and length are the browser's own to send.
        let own = ["host", "content-length"];
        let headers = signed.headers().filter(|(name, _)| !own.contains(name));
        Ok((signed.uri().to_owned(), headers.map(|(n, v)| (n.to_owned(), v.to_owned())).collect()))
    }

    /// An address to look at a picture, for a few minutes.
    pub async fn picture_address(&self, key: &BlobKey) -> Result<String, StoreError> {
        let ask = self.client.get_object().bucket(&self.attachments).key(key.to_string());
        let ask = ask.response_content_type("image/jpeg").response_cache_control("private, no-store");
        Ok(ask.presigned(presigning(READ_FOR)?).await?.uri().to_owned())
    }

    /// An address to download a file, for a few minutes; never shown inside the page. Its name, which people give and which
    /// may be a patient's, is not in it: the bucket's log and the trail keep addresses for longer than the file may live.
    pub async fn download_address(&self, id: AttachmentId, kind: FileType) -> Result<String, StoreError> {
        let ask = self.client.get_object().bucket(&self.attachments).key(BlobKey::File(id).to_string());
        let name = format!("{id}.{}", kind.ending());
        let ask = ask.response_content_disposition(disposition(&name)).response_content_type(kind.wire());
        let ask = ask.response_cache_control("private, no-store");
        Ok(ask.presigned(presigning(READ_FOR)?).await?.uri().to_owned())
    }

    /// The bytes of an attachment; `None` if there is no such object.
    pub async fn attachment(&self, key: &BlobKey) -> Result<Option<Bytes>, StoreError> {
        let ask = self.client.get_object().bucket(&self.attachments).key(key.to_string());
        Ok(whole(ask).await?.map(|(_, body)| body))
    }

    /// The size of an attachment without its bytes; `None` if there is no such object.
    pub async fn attachment_size(&self, key: &BlobKey) -> Result<Option<u64>, StoreError> {
        let got = self.client.head_object().bucket(&self.attachments).key(key.to_string()).send().await;
        match got {
            Ok(head) => Ok(head.content_length.and_then(|n| u64::try_from(n).ok())),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Stores an attachment.
    pub async fn put_attachment(
        &self,
        key: &BlobKey,
        kind: FileType,
        bytes: Bytes,
    ) -> Result<(), StoreError> {
        let ask = self.client.put_object().bucket(&self.attachments).key(key.to_string());
        let ask = ask.content_type(kind.wire()).checksum_sha256(checksum(&bytes));
        ask.body(ByteStream::from(bytes)).send().await?;
        Ok(())
    }

    /// Erases an attachment with every version of it: what is left of a bucket's versions could be read.
    pub async fn erase_attachment(&self, key: &BlobKey) -> Result<(), StoreError> {
        let key = key.to_string();
        let ask = self.client.list_object_versions().bucket(&self.attachments).prefix(&key);
        let listed = ask.send().await?;
        let versions = listed.versions.unwrap_or_default().into_iter().map(|v| (v.key, v.version_id));
        let markers = listed.delete_markers.unwrap_or_default().into_iter().map(|m| (m.key, m.version_id));
        for (found, version) in versions.chain(markers) {
            if found.as_deref() == Some(&key) {
                let ask = self.client.delete_object().bucket(&self.attachments).key(&key);
                ask.set_version_id(version).send().await?;
            }
        }
        Ok(())
    }

    /// Stores a file of de-identified data.
    pub async fn put_output(&self, id: OutputId, bytes: Bytes) -> Result<(), StoreError> {
        let ask = self.client.put_object().bucket(&self.attachments).key(BlobKey::Output(id).to_string());
        let ask = ask.content_type(CSV).checksum_sha256(checksum(&bytes));
        ask.body(ByteStream::from(bytes)).send().await?;
        Ok(())
    }

    /// An address to download a file of de-identified data under its name, for a few minutes.
    pub async fn output_address(&self, id: OutputId, name: &str) -> Result<String, StoreError> {
        let ask = self.client.get_object().bucket(&self.attachments).key(BlobKey::Output(id).to_string());
        let ask = ask.response_content_disposition(disposition(name)).response_content_type(CSV);
        let ask = ask.response_cache_control("private, no-store");
        Ok(ask.presigned(presigning(READ_FOR)?).await?.uri().to_owned())
    }

    /// Removes a file of de-identified data.
    pub async fn remove_output(&self, id: OutputId) -> Result<(), StoreError> {
        let key = BlobKey::Output(id).to_string();
        self.client.delete_object().bucket(&self.attachments).key(key).send().await?;
        Ok(())
    }

    /// Removes a file that was never confirmed.
    pub async fn remove_incoming(&self, id: AttachmentId) -> Result<(), StoreError> {
        let key = BlobKey::Incoming(id).to_string();
        self.client.delete_object().bucket(&self.attachments).key(key).send().await?;
        Ok(())
    }

    /// Stores a file of the portal; what it was before stays as a version.
    pub async fn put_portal(&self, key: &BlobKey, content_type: &str, body: Bytes) -> Result<(), StoreError> {
        let ask = self.client.put_object().bucket(&self.portal).key(key.to_string());
        let ask = ask.content_type(content_type).cache_control("no-cache").checksum_sha256(checksum(&body));
        ask.body(ByteStream::from(body)).send().await?;
        Ok(())
    }

    /// A file of the portal by its key; `None` if there is no such file.
    pub async fn portal_file(&self, key: &str) -> Result<Option<Served>, StoreError> {
        match self.client.get_object().bucket(&self.portal).key(key).send().await {
            Ok(object) => {
                let content_type = object.content_type.unwrap_or_else(|| "application/octet-stream".into());
                Ok(Some(Served { body: collect(object.body).await?, content_type, etag: object.e_tag }))
            }
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// As [`Self::archive`], with labels that a person in the console sees: as tags and as metadata. Where the same bytes
    /// were put under the same key and lock before, nothing is put: a call whose answer was lost is carried out again, and
    /// its double would be locked for five years.
    pub async fn archive_labelled(
        &self,
        key: &BlobKey,
        content_type: &str,
        bytes: Bytes,
        until: Timestamp,
        labels: &[(&str, String)],
    ) -> Result<String, StoreError> {
        let ask = self.locked_away(key, content_type, &bytes, until, (None, labels));
        match ask.if_none_match("*").body(ByteStream::from(bytes.clone())).send().await {
            Ok(done) => done.version_id.ok_or(StoreError::Shape("version of a locked object")),
            Err(error) if exists(&error) => match self.archived_before(key, &bytes, until).await? {
                Some(version) => Ok(version),
                // Something else lies on our key: it hides nothing, and what we write is found by its version.
                None => self.lock_away(key, content_type, bytes, until, (None, labels)).await,
            },
            Err(error) => Err(error.into()),
        }
    }

    /// The first version of a key, if it has these bytes and is locked for as long.
    async fn archived_before(
        &self,
        key: &BlobKey,
        bytes: &Bytes,
        until: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let key = key.to_string();
        let found = self.first_version(&key).await?.filter(|(found, _)| *found == key);
        let Some((_, version)) = found else { return Ok(None) };
        let found = self.archived(&key, &version).await?;
        let same = found.is_some_and(|found| {
            found.body == bytes && found.locked_until.is_some_and(|locked| locked >= until.seconds())
        });
        Ok(same.then_some(version))
    }

    /// Stores an object under COMPLIANCE until an instant; its version.
    pub async fn archive(
        &self,
        key: &BlobKey,
        content_type: &str,
        bytes: Bytes,
        until: Timestamp,
    ) -> Result<String, StoreError> {
        self.lock_away(key, content_type, bytes, until, (None, &[])).await
    }

    /// As [`Self::archive`], and under a legal hold: it outlasts the lock until somebody lifts it.
    pub async fn hold(
        &self,
        key: &BlobKey,
        content_type: &str,
        bytes: Bytes,
        until: Timestamp,
    ) -> Result<String, StoreError> {
        let hold = Some(ObjectLockLegalHoldStatus::On);
        self.lock_away(key, content_type, bytes, until, (hold, &[])).await
    }

    async fn lock_away(
        &self,
        key: &BlobKey,
        content_type: &str,
        bytes: Bytes,
        until: Timestamp,
        beside: (Option<ObjectLockLegalHoldStatus>, &[(&str, String)]),
    ) -> Result<String, StoreError> {
        let ask = self.locked_away(key, content_type, &bytes, until, beside);
        let done = ask.body(ByteStream::from(bytes)).send().await?;
        done.version_id.ok_or(StoreError::Shape("version of a locked object"))
    }

    /// The call that locks an object away, without its bytes.
    fn locked_away(
        &self,
        key: &BlobKey,
        content_type: &str,
        bytes: &Bytes,
        until: Timestamp,
        (hold, labels): (Option<ObjectLockLegalHoldStatus>, &[(&str, String)]),
    ) -> PutObjectFluentBuilder {
        let ask =
            self.client.put_object().bucket(&self.archive).key(key.to_string()).content_type(content_type);
        let ask = ask.checksum_algorithm(ChecksumAlgorithm::Sha256).checksum_sha256(checksum(bytes));
        let ask = ask.object_lock_mode(ObjectLockMode::Compliance).set_object_lock_legal_hold_status(hold);
        let ask = ask.object_lock_retain_until_date(DateTime::from_secs(until.seconds()));
        let metadata = labels.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        ask.set_metadata(Some(metadata)).set_tagging(tags_of(labels))
    }

    /// An object of the archive with its lock; `None` if it is not there.
    pub async fn archived(&self, key: &str, version: &str) -> Result<Option<Archived>, StoreError> {
        let ask = self.client.get_object().bucket(&self.archive).key(key);
        // Whoever reads compares with what is known of the object: a changed one must arrive to be found and named.
        let trusting = aws_sdk_s3::config::Builder::new()
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        match ask.version_id(version).customize().config_override(trusting).send().await {
            Ok(object) => {
                let compliance = object.object_lock_mode == Some(ObjectLockMode::Compliance);
                let locked_until =
                    object.object_lock_retain_until_date.filter(|_| compliance).map(|d| d.secs());
                let body = match collect(object.body).await {
                    Ok(body) => body,
                    // A broken line, or bytes that are not what was stored: read again as they are, so that whoever
                    // compares them finds the difference instead of an error that comes back for ever.
                    Err(_) => self.archived_as_it_is(key, version).await?,
                };
                Ok(Some(Archived { body, locked_until }))
            }
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// An object of the archive without the service's own comparison.
    async fn archived_as_it_is(&self, key: &str, version: &str) -> Result<Bytes, StoreError> {
        let unchecked = aws_sdk_s3::config::Builder::new()
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        let ask = self.client.get_object().bucket(&self.archive).key(key).version_id(version);
        collect(ask.customize().config_override(unchecked).send().await?.body).await
    }

    /// An address to download a version of an archived object under a name, for a few minutes.
    pub async fn archived_address(&self, key: &str, version: &str, name: &str) -> Result<String, StoreError> {
        let ask = self.client.get_object().bucket(&self.archive).key(key).version_id(version);
        let ask = ask.response_content_disposition(disposition(name));
        let ask = ask.response_cache_control("private, no-store");
        Ok(ask.presigned(presigning(READ_FOR)?).await?.uri().to_owned())
    }

    /// The first object under a beginning of a key, with its first version: the one that we locked, whatever was put
    /// on top of it.
    pub async fn first_version(&self, prefix: &str) -> Result<Option<(String, String)>, StoreError> {
        let ask = self.client.list_object_versions().bucket(&self.archive).prefix(prefix);
        let mut found: Option<(String, String)> = None;
        for object in ask.send().await?.versions.unwrap_or_default() {
            if let (Some(key), Some(version)) = (object.key, object.version_id) {
                // Keys come in order, versions of a key newest first.
                match &found {
                    Some((first, _)) if *first != key => break,
                    _ => found = Some((key, version)),
                }
            }
        }
        Ok(found)
    }

    /// Key and first version of all manifests of a kind in the archive, in order of day and run. The first version is the
    /// one that we locked: a delete marker or another version on top of it hides nothing from us.
    pub async fn manifests(&self, kind: BackupKind) -> Result<Vec<(String, String)>, StoreError> {
        self.manifests_under(&format!("{}/", kind.wire())).await
    }

    /// The same, of the manifests under a beginning of a key.
    pub async fn manifests_under(&self, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        let mut found = std::collections::BTreeMap::new();
        self.each_version(prefix, |key, version, _| {
            if key.ends_with("/manifest.json") {
                // Versions of a key come newest first, so the last one stays.
                found.insert(key, version);
            }
        })
        .await?;
        Ok(found.into_iter().collect())
    }

    /// Every version that is there under a beginning of a key, and its size: of a thousand in one call.
    pub async fn versions_under(&self, prefix: &str) -> Result<Versions, StoreError> {
        let mut found = Versions::new();
        self.each_version(prefix, |key, version, bytes| {
            found.insert((key, version), bytes);
        })
        .await?;
        Ok(found)
    }

    async fn each_version(
        &self,
        prefix: &str,
        mut take: impl FnMut(String, String, u64),
    ) -> Result<(), StoreError> {
        let (mut next_key, mut next_version) = (None, None);
        loop {
            let ask = self.client.list_object_versions().bucket(&self.archive).prefix(prefix);
            let page = ask.set_key_marker(next_key).set_version_id_marker(next_version).send().await?;
            for object in page.versions.unwrap_or_default() {
                let bytes = object.size.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or_default();
                if let (Some(key), Some(version)) = (object.key, object.version_id) {
                    take(key, version, bytes);
                }
            }
            (next_key, next_version) = (page.next_key_marker, page.next_version_id_marker);
            if next_key.is_none() {
                return Ok(());
            }
        }
    }
}

/// Versions of objects by key and version, each with its size in bytes.
pub type Versions = std::collections::HashMap<(String, String), u64>;

/// How often an object is asked for whose body breaks off: a client's own tries end with the head of the answer.
const BODY_TRIES: u32 = 3;

/// An object with its body; `None` if there is none.
pub(super) async fn whole(
    ask: GetObjectFluentBuilder,
) -> Result<Option<(GetObjectOutput, Bytes)>, StoreError> {
    let mut tries = 1;
    loop {
        // On the heap: a call of the SDK is large, and whoever backs up or erases calls it at the end of a long chain.
        let mut object = match Box::pin(ask.clone().send()).await {
            Ok(object) => object,
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        match collect(std::mem::take(&mut object.body)).await {
            Ok(body) => return Ok(Some((object, body))),
            Err(_) if tries < BODY_TRIES => tries += 1,
            Err(error) => return Err(error),
        }
    }
}

pub(super) async fn collect(body: ByteStream) -> Result<Bytes, StoreError> {
    // A broken body is a broken line or a failed checksum; either way the object must be asked for again.
    body.collect()
        .await
        .map(aws_sdk_s3::primitives::AggregatedBytes::into_bytes)
        .map_err(|_| StoreError::Busy("body".into()))
}

/// Whether a put found something where nothing was to be.
pub(super) fn exists<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    matches!(error.code(), Some("PreconditionFailed" | "ConditionalRequestConflict"))
}

pub(super) fn is_missing<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    matches!(error.code(), Some("NoSuchKey" | "NotFound" | "NoSuchVersion"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_the_header() {
        let header = disposition("褥瘡 \"1\"\r\nX: y.pdf");
        assert!(header.is_ascii() && !header.contains(['\r', '\n', '"']), "{header}");
    }
}
