//! Just enough of Signature Version 4 to send what the SDK would never send.

use std::time::SystemTime;

use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use sha2::{Digest as _, Sha256};

use crate::bench::{KEY_ID, SECRET};

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().to_vec()
}

/// The headers of a signed request, the given ones included.
pub fn sign(method: &str, path: &str, host: &str, headers: &[(&str, &str)]) -> Vec<(String, String)> {
    let now = DateTime::from(SystemTime::now()).fmt(DateTimeFormat::DateTime).unwrap();
    let digits: String = now.chars().filter(|letter| letter.is_ascii_digit() || *letter == 'T').collect();
    let stamp = format!("{}Z", &digits[..15]);
    let day = &stamp[..8];

    let mut signed: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), (*value).to_owned())).collect();
    signed.push(("host".to_owned(), host.to_owned()));
    signed.push(("x-amz-date".to_owned(), stamp.clone()));
    signed.sort();
    let names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(";");
    let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let payload = &signed.iter().find(|(name, _)| name == "x-amz-content-sha256").unwrap().1;
    let canonical = format!("{method}\n{path}\n\n{lines}\n{names}\n{payload}");

    let scope = format!("{day}/anywhere-1/s3/aws4_request");
    let text = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", hex::encode(Sha256::digest(canonical)));
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for step in [day, "anywhere-1", "s3", "aws4_request"] {
        key = hmac(&key, step);
    }
    let signature = hex::encode(hmac(&key, &text));
    let value =
        format!("AWS4-HMAC-SHA256 Credential={KEY_ID}/{scope}, SignedHeaders={names}, Signature={signature}");
    signed.push(("authorization".to_owned(), value));
    signed
}
