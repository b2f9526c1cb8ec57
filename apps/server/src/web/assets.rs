//! Styles and scripts, embedded in the program. A page names a file with the hash of its content,
//! so that a browser may keep it for ever and never shows an old one.

use crate::auth::sha256_hex;
use crate::problem::Problem;
use poem::http::{StatusCode, header};
use poem::{Request, Response, handler};
use rust_embed::RustEmbed;
use std::collections::HashMap;
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

static HASHES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let files = Files::iter().filter_map(|name| Some((Files::get(&name)?, name)));
    files
        .map(|(file, name)| {
            (name.into_owned(), sha256_hex(&file.data)[..HASH_CHARACTERS].to_owned())
        })
        .collect()
});

/// The address of a file, for a page; it changes with the file.
pub(super) fn address(name: &str) -> String {
    match HASHES.get(name) {
        Some(hash) => format!("{PREFIX}/{name}?v={hash}"),
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
    let (hash, file) = HASHES.get(name).zip(Files::get(name)).ok_or_else(unknown)?;
    let tag = format!("\"{hash}\"");
    let is_named = request.uri().query().is_some_and(|query| query == format!("v={hash}"));
    let keep = if is_named { FOREVER } else { ASK_EACH_TIME };
    let answer = Response::builder().header(header::ETAG, &tag).header(header::CACHE_CONTROL, keep);
    if request.header(header::IF_NONE_MATCH).is_some_and(|known| known.contains(&tag)) {
        return Ok(answer.status(StatusCode::NOT_MODIFIED).finish());
    }
    Ok(answer.content_type(media_type(name)).body(file.data.into_owned()))
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
