//! Checksums: what the client claims, what the bytes give, and whether the two agree.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::{HeaderMap, HeaderName};
use s3s::S3ErrorCode;
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256};
use s3s::header;
use serde::{Deserialize, Serialize};

use crate::fail::{Fail, Outcome, refuse, refuse_as};

/// The header that announces which headers follow the body.
const TRAILER_NAMES: HeaderName = HeaderName::from_static("x-amz-trailer");

/// The checksums that S3 knows, besides the MD5 of the ETag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

impl Algorithm {
    pub(crate) const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(name))
    }

    fn header(self) -> HeaderName {
        match self {
            Self::Crc32 => header::X_AMZ_CHECKSUM_CRC32,
            Self::Crc32c => header::X_AMZ_CHECKSUM_CRC32C,
            Self::Crc64Nvme => header::X_AMZ_CHECKSUM_CRC64NVME,
            Self::Sha1 => header::X_AMZ_CHECKSUM_SHA1,
            Self::Sha256 => header::X_AMZ_CHECKSUM_SHA256,
        }
    }

    fn length(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }
}

/// Checksums in Base64, as they are sent and stored.
pub(crate) type Checksums = BTreeMap<Algorithm, String>;

/// Puts the checksums into the fields that every S3 answer and request type has for them.
macro_rules! report_checksums {
    ($into:expr, $checksums:expr) => {{
        use $crate::digest::Algorithm;
        let checksums = &$checksums;
        $into.checksum_crc32 = checksums.get(&Algorithm::Crc32).cloned();
        $into.checksum_crc32c = checksums.get(&Algorithm::Crc32c).cloned();
        $into.checksum_crc64nvme = checksums.get(&Algorithm::Crc64Nvme).cloned();
        $into.checksum_sha1 = checksums.get(&Algorithm::Sha1).cloned();
        $into.checksum_sha256 = checksums.get(&Algorithm::Sha256).cloned();
    }};
}

/// Collects the checksums out of the fields that [`report_checksums`] fills.
macro_rules! claimed_checksums {
    ($from:expr) => {{
        use $crate::digest::Algorithm;
        [
            (Algorithm::Crc32, &$from.checksum_crc32),
            (Algorithm::Crc32c, &$from.checksum_crc32c),
            (Algorithm::Crc64Nvme, &$from.checksum_crc64nvme),
            (Algorithm::Sha1, &$from.checksum_sha1),
            (Algorithm::Sha256, &$from.checksum_sha256),
        ]
        .into_iter()
        .filter_map(|(algorithm, value)| Some((algorithm, value.clone()?)))
        .collect::<$crate::digest::Checksums>()
    }};
}

pub(crate) use {claimed_checksums, report_checksums};

/// What a client says about the body it sends: values ahead of it, and names of values that follow it.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    ahead: Checksums,
    trailing: Vec<Algorithm>,
    declared: Option<Algorithm>,
    md5: Option<Vec<u8>>,
}

impl Claims {
    /// Reads the claims of a request.
    ///
    /// # Errors
    ///
    /// A value that is no checksum of its kind, or an unknown algorithm, is refused before the body is read.
    pub(crate) fn read(
        ahead: Checksums,
        content_md5: Option<&str>,
        declared: Option<&str>,
        headers: &HeaderMap,
    ) -> Outcome<Self> {
        for (algorithm, value) in &ahead {
            check_form(*algorithm, value)?;
        }
        let md5 = content_md5.map(|value| BASE64.decode(value).unwrap_or_default());
        if md5.as_ref().is_some_and(|value| value.len() != 16) {
            return Err(S3ErrorCode::InvalidDigest.into());
        }
        let declared = declared
            .map(|name| {
                Algorithm::named(name).ok_or_else(|| {
                    refuse(S3ErrorCode::InvalidRequest, "The checksum algorithm is not known.")
                })
            })
            .transpose()?;
        let trailers: Vec<&str> =
            headers.get_all(TRAILER_NAMES).iter().filter_map(|value| value.to_str().ok()).collect();
        let trailing = Algorithm::ALL
            .into_iter()
            .filter(|algorithm| {
                let names = trailers.iter().flat_map(|line| line.split(','));
                names.into_iter().any(|name| name.trim().eq_ignore_ascii_case(algorithm.header().as_str()))
            })
            .collect();
        Ok(Self { ahead, trailing, declared, md5 })
    }

    /// Whether the client's bytes are protected by any value of its own.
    pub(crate) fn protect_the_body(&self) -> bool {
        self.md5.is_some() || !self.ahead.is_empty() || !self.trailing.is_empty()
    }

    /// What has to be computed. CRC64NVME is the one S3 keeps when a client names none.
    pub(crate) fn algorithms(&self) -> Vec<Algorithm> {
        let mut wanted: Vec<Algorithm> =
            self.ahead.keys().chain(&self.trailing).chain(&self.declared).copied().collect();
        if wanted.is_empty() {
            wanted.push(Algorithm::Crc64Nvme);
        }
        wanted
    }

    /// Compares the claims with what the bytes gave. `trailers` are the headers that followed the body.
    ///
    /// # Errors
    ///
    /// `BadDigest` when a value differs, `InvalidRequest` when a promised trailer is missing.
    pub(crate) fn verify(&self, found: &Digest, trailers: Option<&HeaderMap>) -> Outcome<()> {
        if self.md5.as_ref().is_some_and(|claimed| *claimed != found.md5) {
            return Err(refuse(S3ErrorCode::BadDigest, "The Content-MD5 does not match the body."));
        }
        for (algorithm, claimed) in &self.ahead {
            agree(*algorithm, claimed, found)?;
        }
        for algorithm in &self.trailing {
            let claimed = trailers
                .and_then(|headers| headers.get(algorithm.header()))
                .and_then(|value| value.to_str().ok())
                .ok_or_else(|| {
                    refuse(S3ErrorCode::InvalidRequest, "The announced checksum trailer is missing.")
                })?;
            check_form(*algorithm, claimed)?;
            agree(*algorithm, claimed, found)?;
        }
        Ok(())
    }
}

fn check_form(algorithm: Algorithm, value: &str) -> Outcome<()> {
    match BASE64.decode(value) {
        Ok(bytes) if bytes.len() == algorithm.length() => Ok(()),
        _ => Err(refuse(S3ErrorCode::InvalidRequest, "The value of the checksum header is not valid.")),
    }
}

fn agree(algorithm: Algorithm, claimed: &str, found: &Digest) -> Outcome<()> {
    if found.checksums.get(&algorithm).is_some_and(|computed| computed == claimed) {
        Ok(())
    } else {
        Err(refuse(S3ErrorCode::BadDigest, "The checksum that was given does not match the body."))
    }
}

/// The refusal of a body whose signed SHA-256 header was not its hash.
pub(crate) fn signed_hash_differs() -> Fail {
    refuse_as(
        "XAmzContentSHA256Mismatch",
        http::StatusCode::BAD_REQUEST,
        "The provided x-amz-content-sha256 header does not match what was computed.",
    )
}

/// Hashes bytes as they pass.
pub(crate) struct Digester {
    md5: Md5,
    others: ChecksumHasher,
}

/// What the bytes gave.
#[derive(Debug, Clone)]
pub(crate) struct Digest {
    pub(crate) md5: Vec<u8>,
    pub(crate) checksums: Checksums,
}

impl Digester {
    pub(crate) fn new(algorithms: &[Algorithm]) -> Self {
        let wanted = |algorithm| algorithms.contains(&algorithm);
        let others = ChecksumHasher {
            crc32: wanted(Algorithm::Crc32).then(Crc32::new),
            crc32c: wanted(Algorithm::Crc32c).then(Crc32c::new),
            sha1: wanted(Algorithm::Sha1).then(Sha1::new),
            sha256: wanted(Algorithm::Sha256).then(Sha256::new),
            crc64nvme: wanted(Algorithm::Crc64Nvme).then(Crc64Nvme::new),
        };
        Self { md5: Md5::new(), others }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        self.others.update(bytes);
    }

    pub(crate) fn finish(self) -> Digest {
        let found = self.others.finalize();
        Digest { md5: self.md5.finalize().to_vec(), checksums: claimed_checksums!(found) }
    }
}

/// The checksum of a multipart object whose parts were hashed one by one: the hash of the hashes, with their count.
pub(crate) fn composite(algorithm: Algorithm, parts: &[String]) -> Option<String> {
    let mut digester = Digester::new(&[algorithm]);
    for part in parts {
        digester.update(&BASE64.decode(part).ok()?);
    }
    let value = digester.finish().checksums.remove(&algorithm)?;
    Some(format!("{value}-{}", parts.len()))
}

/// The ETag of a multipart object, by the same scheme over the parts' MD5 values in hex.
pub(crate) fn composite_etag(parts: &[String]) -> String {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(&hex::decode(part).unwrap_or_default());
    }
    format!("{}-{}", hex::encode(md5.finalize()), parts.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY_SHA256: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    fn digest_of(bytes: &[u8], algorithms: &[Algorithm]) -> Digest {
        let mut digester = Digester::new(algorithms);
        digester.update(bytes);
        digester.finish()
    }

    fn trailer(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn a_value_ahead_of_the_body_is_compared() {
        let ahead = Checksums::from([(Algorithm::Sha256, EMPTY_SHA256.to_owned())]);
        let claims = Claims::read(ahead, None, None, &HeaderMap::new()).unwrap();
        assert!(claims.protect_the_body());
        assert!(claims.verify(&digest_of(b"", &claims.algorithms()), None).is_ok());
        assert!(claims.verify(&digest_of(b"x", &claims.algorithms()), None).is_err());
    }

    #[test]
    fn an_announced_trailer_must_come_and_must_agree() {
        let announced = trailer("x-amz-trailer", "x-amz-checksum-sha256");
        let claims = Claims::read(Checksums::new(), None, None, &announced).unwrap();
        let found = digest_of(b"", &claims.algorithms());
        assert!(claims.verify(&found, Some(&trailer("x-amz-checksum-sha256", EMPTY_SHA256))).is_ok());
        assert!(claims.verify(&found, None).is_err());
        assert!(claims.verify(&found, Some(&trailer("x-amz-checksum-sha256", "AAAA"))).is_err());
        let other = digest_of(b"x", &claims.algorithms());
        assert!(claims.verify(&other, Some(&trailer("x-amz-checksum-sha256", EMPTY_SHA256))).is_err());
    }

    #[test]
    fn malformed_values_are_refused_before_the_body() {
        let short = Checksums::from([(Algorithm::Sha256, "AAAA".to_owned())]);
        assert!(Claims::read(short, None, None, &HeaderMap::new()).is_err());
        assert!(Claims::read(Checksums::new(), Some("no base64"), None, &HeaderMap::new()).is_err());
        assert!(Claims::read(Checksums::new(), None, Some("ROT13"), &HeaderMap::new()).is_err());
    }

    #[test]
    fn a_client_that_names_nothing_gets_crc64nvme() {
        let claims = Claims::read(Checksums::new(), None, None, &HeaderMap::new()).unwrap();
        assert_eq!(claims.algorithms(), [Algorithm::Crc64Nvme]);
        assert!(!claims.protect_the_body());
    }
}
