//! Everything that can go wrong inside, and what the caller is told about it.

use s3s::{S3Error, S3ErrorCode};

/// Why a request was not carried out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fail {
    /// The request is at fault, or asks for what is not there: told to the caller as it is.
    #[error("{0}")]
    Refused(#[from] S3Error),
    #[error("metadata: {0}")]
    Sql(#[from] rusqlite::Error),
    #[error("body file: {0}")]
    Io(#[from] std::io::Error),
    #[error("stored settings: {0}")]
    Json(#[from] serde_json::Error),
    #[error("background work: {0}")]
    Join(#[from] tokio::task::JoinError),
}

/// What every step inside the store returns.
pub(crate) type Outcome<T> = Result<T, Fail>;

impl From<S3ErrorCode> for Fail {
    fn from(code: S3ErrorCode) -> Self {
        Self::Refused(code.into())
    }
}

impl From<Fail> for S3Error {
    fn from(fail: Fail) -> Self {
        match fail {
            Fail::Refused(told) => told,
            hidden => {
                tracing::error!(error = %hidden, "request failed inside the S3 store");
                S3Error::with_message(
                    S3ErrorCode::InternalError,
                    "The store could not carry out the request.",
                )
            }
        }
    }
}

/// A refusal with the words that the caller reads.
pub(crate) fn refuse(code: S3ErrorCode, message: &'static str) -> Fail {
    Fail::Refused(S3Error::with_message(code, message))
}

/// An error code that the protocol library has no name for.
pub(crate) fn refuse_as(code: &'static str, status: http::StatusCode, message: &'static str) -> Fail {
    let code = S3ErrorCode::from_bytes(code.as_bytes()).unwrap_or(S3ErrorCode::InvalidRequest);
    let mut told = S3Error::with_message(code, message);
    told.set_status_code(status);
    Fail::Refused(told)
}
