//! Errors with two faces: a code and a sentence for the caller, a cause for the log.

use crate::store::{book::Closed, error::StoreError, tx::Conflict};
use shared::{
    api::error::{Code, FieldError},
    authority::Refusal,
    id::RequestId,
    procedure::Halt,
};

/// Why a request was not done.
#[derive(Debug)]
pub struct ApiError {
    /// What the caller learns.
    pub code: Code,
    /// Fields in error.
    pub fields: Vec<FieldError>,
    /// Seconds to wait.
    pub retry_after: Option<u32>,
    /// Until when the service is stopped, where that is why.
    pub halt: Option<Box<Halt>>,
    /// What only the log learns; never content, names or texts.
    cause: Option<String>,
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Self { code, fields: Vec::new(), retry_after: None, halt: None, cause: None }
    }
}

impl From<Halt> for ApiError {
    fn from(halt: Halt) -> Self {
        Self { halt: Some(Box::new(halt)), ..Code::Maintenance.into() }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Code::from(refusal).into()
    }
}

impl From<Vec<FieldError>> for ApiError {
    fn from(fields: Vec<FieldError>) -> Self {
        Self { fields, ..Code::Invalid.into() }
    }
}

impl From<FieldError> for ApiError {
    fn from(field: FieldError) -> Self {
        vec![field].into()
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let code = if matches!(error, StoreError::Busy(_)) { Code::Busy } else { Code::Internal };
        Self::from(code).because(error.to_string())
    }
}

impl From<Closed> for ApiError {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Refused(refusal) => refusal.into(),
            Closed::ConsentMissing => Code::ConsentMissing.into(),
            Closed::Store(error) => error.into(),
        }
    }
}

impl From<Conflict<Code>> for ApiError {
    fn from(conflict: Conflict<Code>) -> Self {
        match conflict {
            Conflict::Condition(code) => code.into(),
            Conflict::Store(error) => error.into(),
        }
    }
}

impl ApiError {
    /// With a cause for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// With a time to wait.
    #[must_use]
    pub const fn after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Logs what somebody who runs the system must know; what callers do wrong is in the audit log.
    pub fn log(&self, endpoint: &str, request: RequestId) {
        if let Some(cause) = &self.cause {
            tracing::error!(endpoint, %request, code = self.code.wire(), cause, "request failed");
        }
    }
}
