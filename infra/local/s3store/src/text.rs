//! Percent encoding, as listings and tag headers use it.

use s3s::S3ErrorCode;

use crate::fail::{Outcome, refuse};

/// Encodes everything but unreserved characters and `/`.
pub(crate) fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Decodes one name or value of a form-encoded text; `None` when it is malformed.
pub(crate) fn form_decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'+', _) => out.push(b' '),
            (b'%', [high, low, tail @ ..]) => {
                let digit =
                    |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                out.push(digit(high)? * 16 + digit(low)?);
                rest = tail;
            }
            (b'%', _) => return None,
            (other, _) => out.push(*other),
        }
    }
    String::from_utf8(out).ok()
}

/// Reads the tags of an `x-amz-tagging` header.
///
/// # Errors
///
/// `InvalidArgument` when the header is malformed.
pub(crate) fn tags_of_header(header: &str) -> Outcome<Vec<(String, String)>> {
    header
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            form_decode(name)
                .zip(form_decode(value))
                .ok_or_else(|| refuse(S3ErrorCode::InvalidArgument, "The tagging header is malformed."))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_decoded() {
        let tags = tags_of_header("kind=daily+backup&%E7%A8%AE=%2B&empty").unwrap();
        let expected = [("kind", "daily backup"), ("種", "+"), ("empty", "")];
        assert_eq!(tags, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert!(tags_of_header("a=%4").is_err());
        assert!(tags_of_header("a=%zz").is_err());
    }

    #[test]
    fn keys_are_encoded_for_listings() {
        assert_eq!(percent_encode("a b/ü+~"), "a%20b/%C3%BC%2B~");
    }
}
