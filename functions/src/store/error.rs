//! What can go wrong between us and the table or the buckets.

use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

/// A failed call, without any content of the items.
#[derive(Debug)]
pub enum StoreError {
    /// The service refused or could not be reached: its code.
    Service(String),
    /// Too much at once, or two at the same item: the same call may work a little later.
    Busy(String),
    /// A stored item is not what the code expects: which part.
    Shape(&'static str),
    /// A document cannot be read or written: where, without its content.
    Document(String),
    /// A destroyable key cannot be used: its name, and why.
    Key {
        /// Which.
        name: String,
        /// Why.
        why: &'static str,
    },
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Service(code) => write!(f, "the store refused: {code}"),
            Self::Busy(code) => write!(f, "the store is busy: {code}"),
            Self::Shape(part) => write!(f, "a stored item has no proper {part}"),
            Self::Key { name, why } => write!(f, "the key {name}: {why}"),
            Self::Document(place) => write!(f, "a stored document cannot be read: {place}"),
        }
    }
}

impl std::error::Error for StoreError {}

const BUSY: &[&str] = &[
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
    "SlowDown",
    "ServiceUnavailable",
];

impl<E: ProvideErrorMetadata> From<SdkError<E, HttpResponse>> for StoreError {
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        let code = error.code().unwrap_or(match &error {
            SdkError::TimeoutError(_) => "timeout",
            SdkError::DispatchFailure(_) => "unreachable",
            SdkError::ConstructionFailure(_) => "construction",
            _ => "unknown",
        });
        // An answer to a HEAD has no code, whatever went wrong.
        let status = error.raw_response().map(|response| response.status().as_u16());
        let lost = matches!(
            error,
            SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) | SdkError::ResponseError(_)
        );
        if lost || BUSY.contains(&code) || matches!(status, Some(429 | 500..=599)) {
            Self::Busy(code.to_owned())
        } else {
            Self::Service(code.to_owned())
        }
    }
}

impl From<BuildError> for StoreError {
    fn from(_: BuildError) -> Self {
        Self::Shape("request")
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        // serde's own words may quote the content; the place does not.
        Self::Document(format!("{:?} at {}:{}", error.classify(), error.line(), error.column()))
    }
}
