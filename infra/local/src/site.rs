//! The site's files, as the edge of the cloud serves them: compressed, cached by name, under a strict policy.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
    sync::LazyLock,
};

/// Which page loads the program of an address, by how the address begins (`*`: any one part): `frontend/src/route.rs`
/// in short, which a test there keeps equal. The edge in the cloud follows the same file.
const PROGRAMS: &str = include_str!("../../../frontend/programs.json");
/// The page of every other address: the program's own router decides what it shows.
const APPLICATION: &str = "index.html";

/// Which page answers an address that is no file.
fn program_of(path: &str) -> &'static str {
    static PAGES: LazyLock<BTreeMap<&str, Vec<&str>>> =
        LazyLock::new(|| serde_json::from_str(PROGRAMS).unwrap_or_default());
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let begins = |pattern: &&str| {
        let wanted: Vec<&str> = pattern.split('/').collect();
        wanted.len() <= parts.len()
            && wanted.iter().zip(&parts).all(|(wanted, part)| ["*", *part].contains(wanted))
    };
    let page = PAGES.iter().find(|(_, patterns)| patterns.iter().any(begins));
    page.map_or(APPLICATION, |(page, _)| *page)
}

/// A folder with the built site.
#[derive(Clone, Debug)]
pub struct Site {
    folder: PathBuf,
    policy: HeaderValue,
}

impl Site {
    /// Over a folder; `bucket` is the origin to which attachments go.
    pub fn new(folder: &Path, bucket: &str) -> Self {
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' data: blob: {bucket}; connect-src 'self' {bucket}; manifest-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
        );
        let policy =
            HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"));
        Self { folder: folder.to_owned(), policy }
    }

    /// A file of the site, or the application for every other address.
    pub async fn get(&self, path: &str, asked: &HeaderMap) -> Response<Bytes> {
        let name = path.trim_start_matches('/');
        let page = format!("{name}.html");
        let candidates = [name, page.as_str(), program_of(path)];
        // A name with an ending is a file: an old hashed name must not be answered with a page.
        let candidates =
            if Path::new(name).extension().is_some() { &candidates[..1] } else { &candidates[..] };
        for name in candidates.iter().filter(|name| !name.is_empty()) {
            if let Some(response) = self.file(name, asked).await {
                return response;
            }
        }
        let mut missing = Response::new(Bytes::from_static(b"not found"));
        *missing.status_mut() = StatusCode::NOT_FOUND;
        missing
    }

    async fn file(&self, name: &str, asked: &HeaderMap) -> Option<Response<Bytes>> {
        let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        let kind = content_type(name)?;
        if !inside {
            return None;
        }
        let accepts =
            asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let path = self.folder.join(name);
        let mut found = None;
        for (encoding, ending) in [("br", ".br"), ("gzip", ".gz")] {
            if accepts.contains(encoding) && found.is_none() {
                let mut compressed = path.clone().into_os_string();
                compressed.push(ending);
                found = tokio::fs::read(compressed).await.ok().map(|bytes| (bytes, Some(encoding)));
            }
        }
        let (bytes, encoding) = match found {
            Some(found) => found,
            None => (tokio::fs::read(&path).await.ok()?, None),
        };
        let mut response = Response::new(Bytes::from(bytes));
        let headers = response.headers_mut();
        let cache = if is_hashed(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
        for (header, value) in
            [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache), (header::VARY, "accept-encoding")]
        {
            headers.insert(header, HeaderValue::from_static(value));
        }
        secure(headers);
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        Some(response)
    }
}

/// The headers that every page of ours carries.
pub(crate) fn secure(headers: &mut HeaderMap) {
    for (header, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not `no-referrer`: with that, browsers hide the origin of the plain sign-in form even from ourselves.
        (header::REFERRER_POLICY, "same-origin"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    ] {
        headers.insert(header, HeaderValue::from_static(value));
    }
}

fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}

/// Names with a hash change with their content and may be kept for ever.
fn is_hashed(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim_end_matches("_bg");
    let last = stem.rsplit('-').next().unwrap_or_default();
    last.len() == 16 && last.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::program_of;

    #[test]
    fn each_address_loads_its_program() {
        for (path, page) in [
            ("/", "index.html"),
            ("/patients", "index.html"),
            ("/patients/01J", "index.html"),
            ("/patients/new", "offices.html"),
            ("/patients/01J/team", "offices.html"),
            ("/patients/01J/team/", "offices.html"),
            ("/patients/team", "index.html"),
            ("/cases", "offices.html"),
            ("/cases/01J", "offices.html"),
            ("/office", "offices.html"),
            ("/nothing", "index.html"),
        ] {
            assert_eq!(program_of(path), page, "{path}");
        }
    }
}
