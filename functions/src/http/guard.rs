//! What is checked before anybody is asked who they are: origin, client version, size, hash of the body.

use super::error::ApiError;
use crate::{settings::Settings, store::blob::sha256_hex};
use bytes::Bytes;
use http::{HeaderMap, Request, header};
use shared::{
    api::{
        ACCOUNT_HEADER, BODY_HASH_HEADER, BODY_MAX, CONTRACT_HEADER, EndpointInfo, Method, OLDEST_CONTRACT,
        error::Code,
    },
    id::AccountId,
};

/// Checks a request as it came.
///
/// # Errors
/// What is wrong with it.
pub fn check(settings: &Settings, info: &EndpointInfo, request: &Request<Bytes>) -> Result<(), ApiError> {
    let headers = request.headers();
    same_origin(settings, headers)?;
    match text(headers, CONTRACT_HEADER).map(str::parse::<u32>) {
        Some(Ok(contract)) if contract >= OLDEST_CONTRACT => {}
        Some(Ok(_)) => return Err(Code::ClientOutdated.into()),
        Some(Err(_)) => return Err(Code::MalformedQuery.into()),
        // A plain link or form of a foreign page cannot set the header.
        None if info.method == Method::Get => {}
        None => return Err(Code::WrongOrigin.into()),
    }
    if request.body().len() > BODY_MAX {
        return Err(Code::TooLarge.into());
    }
    if info.method.has_body() && text(headers, BODY_HASH_HEADER) != Some(&sha256_hex(request.body())) {
        return Err(Code::BodyHash.into());
    }
    Ok(())
}

/// A browser that says where the request comes from must say one of our own origins.
///
/// # Errors
/// [`Code::WrongOrigin`].
pub fn same_origin(settings: &Settings, headers: &HeaderMap) -> Result<(), ApiError> {
    let site = text(headers, "sec-fetch-site");
    let ours = match text(headers, header::ORIGIN.as_str()) {
        // A page may keep its origin to itself; then the browser's own word on the site must be there.
        Some("null") => site == Some("same-origin"),
        Some(origin) => settings.origins.iter().any(|own| own == origin),
        None => true,
    };
    if ours && !matches!(site, Some("cross-site" | "same-site")) {
        Ok(())
    } else {
        Err(Code::WrongOrigin.into())
    }
}

/// Whether a page asks that says it is somebody else's than this account's.
pub fn is_of_another(headers: &HeaderMap, account: AccountId) -> bool {
    headers.get(ACCOUNT_HEADER).is_some_and(|named| *named != account.to_string())
}

/// A header as text.
pub fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
