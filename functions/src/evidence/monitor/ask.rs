//! Asks our own public address over HTTP, as a browser would.

use crate::{settings::Settings, store::blob::sha256_hex};
use aws_smithy_http_client::{
    Connector,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorSettings},
    orchestrator::HttpRequest,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use shared::{
    CONTRACT,
    api::{BODY_HASH_HEADER, CONTRACT_HEADER, REQUEST_ID_HEADER},
};
use std::{sync::LazyLock, time::Duration};

const CONNECT: Duration = Duration::from_secs(5);
const READ: Duration = Duration::from_secs(10);

static CONNECTOR: LazyLock<Connector> = LazyLock::new(|| {
    let limits = HttpConnectorSettings::builder().connect_timeout(CONNECT).read_timeout(READ).build();
    let tls = Provider::Rustls(CryptoMode::AwsLc);
    Connector::builder()
        .tls_provider(tls)
        .connector_settings(limits)
        // Each look makes its own connection: that one can be made is part of what is looked at.
        .pool_max_idle_per_host(0)
        .build()
});

/// What came back.
#[derive(Clone, Debug)]
pub struct Asked {
    /// HTTP status.
    pub status: u16,
    /// The number that our dispatcher gives every answer.
    pub request_id: Option<String>,
    /// The session cookie, as it is sent back.
    pub cookie: Option<String>,
    /// The body.
    pub body: Bytes,
}

/// Asks. `path` begins with a slash.
///
/// # Errors
/// Why no answer came, in words without any content.
pub async fn ask(
    settings: &Settings,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<Vec<u8>>,
) -> Result<Asked, String> {
    let origin = settings.origins.first().ok_or("公開アドレスの設定がありません")?;
    let hash = sha256_hex(body.as_deref().unwrap_or_default());
    let contract = CONTRACT.to_string();
    let mut request = http::Request::builder().method(method).uri(format!("{origin}{path}"));
    request = request.header(CONTRACT_HEADER, &contract).header("user-agent", "tsunagaru-monitor");
    if body.is_some() {
        request = request.header(BODY_HASH_HEADER, &hash).header("content-type", "application/json");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = body.map_or_else(SdkBody::empty, SdkBody::from);
    let request = request.body(body).map_err(|_| "公開アドレスの設定が正しくありません")?;
    let request = HttpRequest::try_from(request).map_err(|_| "公開アドレスの設定が正しくありません")?;
    let response = CONNECTOR.call(request).await.map_err(|error| {
        let why = if error.is_timeout() { "時間切れ" } else { "接続できません" };
        why.to_owned()
    })?;
    let header = |name: &str| response.headers().get(name).map(str::to_owned);
    let cookie = header("set-cookie").and_then(|set| set.split(';').next().map(str::to_owned));
    let (status, request_id) = (response.status().as_u16(), header(REQUEST_ID_HEADER));
    let read = aws_smithy_types::byte_stream::ByteStream::new(response.into_body()).collect();
    let body = tokio::time::timeout(READ, read).await.map_err(|_| "時間切れ")?;
    let body = body.map_err(|_| "応答が途中で切れました")?.into_bytes();
    Ok(Asked { status, request_id, cookie, body })
}
