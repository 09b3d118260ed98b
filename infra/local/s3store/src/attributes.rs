//! What an object carries besides its body: headers, metadata, tags and checksums, stored as one JSON text.

use std::collections::HashMap;

use s3s::dto::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest::Checksums;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Attributes {
    pub(crate) content_type: Option<String>,
    pub(crate) cache_control: Option<String>,
    pub(crate) content_disposition: Option<String>,
    pub(crate) content_encoding: Option<String>,
    pub(crate) content_language: Option<String>,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) redirect: Option<String>,
    pub(crate) storage_class: Option<String>,
    /// Recorded and reported, never carried out.
    pub(crate) encryption: Option<String>,
    pub(crate) encryption_key: Option<String>,
    pub(crate) bucket_key: Option<bool>,
    pub(crate) metadata: HashMap<String, String>,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) checksums: Checksums,
    /// The checksums are hashes over the parts' hashes, not over the object.
    pub(crate) composite: bool,
}

/// Collects the attributes out of the fields that every request making an object has for them.
macro_rules! requested_attributes {
    ($input:expr) => {{
        let tags = $input.tagging.as_deref().map($crate::text::tags_of_header).transpose()?;
        $crate::attributes::Attributes {
            content_type: $input.content_type.clone(),
            cache_control: $input.cache_control.clone(),
            content_disposition: $input.content_disposition.clone(),
            content_encoding: $input.content_encoding.clone(),
            content_language: $input.content_language.clone(),
            expires: $input.expires.clone(),
            redirect: $input.website_redirect_location.clone(),
            storage_class: $input.storage_class.as_ref().map(|class| class.as_str().to_owned()),
            encryption: $input.server_side_encryption.as_ref().map(|kind| kind.as_str().to_owned()),
            encryption_key: $input.ssekms_key_id.clone(),
            bucket_key: $input.bucket_key_enabled,
            metadata: $input.metadata.clone().unwrap_or_default(),
            tags: tags.unwrap_or_default(),
            ..Default::default()
        }
    }};
}

/// Reports the encryption that was asked for, in the fields that every answer about an object has for it.
macro_rules! report_encryption {
    ($into:expr, $attributes:expr) => {{
        let attributes = &$attributes;
        $into.server_side_encryption = attributes.encryption.clone().map(Into::into);
        $into.ssekms_key_id = attributes.encryption_key.clone();
        $into.bucket_key_enabled = attributes.bucket_key;
    }};
}

pub(crate) use {report_encryption, requested_attributes};
