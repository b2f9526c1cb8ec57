//! Styles and scripts, embedded in the program. A page names a file with the hash of its content,
//! so that a browser may keep it for ever and never shows an old one.

use crate::auth::sha256_hex;
use crate::problem::Problem;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use poem::http::{StatusCode, header};
use poem::{Request, Response, handler};
use rust_embed::RustEmbed;
use std::collections::HashMap;
use std::io::Write;
use std::sync::LazyLock;

/// The path below which they are served.
pub(super) const PREFIX: &str = "/assets";

const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_EACH_TIME: &str = "no-cache";
/// How much of the hash tells two versions of a file apart.
const HASH_CHARACTERS: usize = 16;

#[derive(RustEmbed)]
#[folder = "pages/assets"]
struct Files;

/// What is known of a file.
struct Asset {
    hash: String,
    /// Its content as gzip, where that is shorter.
    packed: Option<Bytes>,
}

static ASSETS: LazyLock<HashMap<String, Asset>> = LazyLock::new(|| {
    let files = Files::iter().filter_map(|name| Some((Files::get(&name)?, name)));
    files
        .map(|(file, name)| {
            let hash = sha256_hex(&file.data)[..HASH_CHARACTERS].to_owned();
            (name.into_owned(), Asset { hash, packed: packed(&file.data) })
        })
        .collect()
});

fn packed(content: &[u8]) -> Option<Bytes> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(content).ok()?;
    gzip.finish().ok().filter(|packed| packed.len() < content.len()).map(Bytes::from)
}

/// The address of a file, for a page; it changes with the file.
pub(super) fn address(name: &str) -> String {
    match ASSETS.get(name) {
        Some(Asset { hash, .. }) => format!("{PREFIX}/{name}?v={hash}"),
        // A script names its neighbours without; it asks each time whether they changed.
        None => format!("{PREFIX}/{name}"),
    }
}

/// `GET /assets/{file}`
#[handler]
pub(super) fn asset(request: &Request) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("file");
    let name = request.uri().path().trim_start_matches('/').to_owned();
    let name = name.strip_prefix("assets/").unwrap_or(&name);
    let (known, file) = ASSETS.get(name).zip(Files::get(name)).ok_or_else(unknown)?;
    let Asset { hash, packed } = known;
    let tag = format!("\"{hash}\"");
    let is_named = request.uri().query().is_some_and(|query| query == format!("v={hash}"));
    let keep = if is_named { FOREVER } else { ASK_EACH_TIME };
    let answer = Response::builder().header(header::ETAG, &tag).header(header::CACHE_CONTROL, keep);
    if request.header(header::IF_NONE_MATCH).is_some_and(|known| known.contains(&tag)) {
        return Ok(answer.status(StatusCode::NOT_MODIFIED).finish());
    }
    let answer = answer.content_type(media_type(name)).header(header::VARY, "accept-encoding");
    let reads_gzip = request.header(header::ACCEPT_ENCODING).is_some_and(|it| it.contains("gzip"));
    Ok(match packed.as_ref().filter(|_| reads_gzip) {
        Some(packed) => answer.header(header::CONTENT_ENCODING, "gzip").body(packed.clone()),
        None => answer.body(file.data.into_owned()),
    })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
