//! Our Foundry module, handed out by the server itself: `/foundry/module.json` is the address that a
//! GM gives to Foundry, and it leads to `/foundry/module.zip`. Both are made once, at the start.

use crate::foundry_http::CrossOrigin;
use poem::endpoint::make_sync;
use poem::http::header;
use poem::{Endpoint, EndpointExt, IntoEndpoint, Response, Route, get};
use rust_embed::RustEmbed;
use serde_json::{Value, json};
use std::io::{self, Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The path below which the module is handed out.
pub(crate) const PREFIX: &str = "/foundry";

const MANIFEST: &str = "module.json";

/// What Foundry needs of the module's folder; its tests and tools stay here.
#[derive(RustEmbed)]
#[folder = "../foundry-module"]
#[include = "module.json"]
#[include = "lang/*.json"]
#[include = "scripts/**/*.js"]
#[include = "styles/*.css"]
#[include = "templates/*.hbs"]
struct Files;

/// Why the module cannot be packed.
#[derive(Debug, thiserror::Error)]
pub enum ModuleError {
    /// Its manifest is not what it has to be.
    #[error("the manifest of the Foundry module is no JSON object")]
    Manifest,
    /// The archive cannot be written.
    #[error("the Foundry module cannot be packed")]
    Archive(#[from] zip::result::ZipError),
    /// The archive cannot be written.
    #[error("the Foundry module cannot be packed")]
    Write(#[from] io::Error),
}

/// The module as it is handed out by one server.
#[derive(Debug, Clone)]
pub struct ModulePackage {
    manifest: Vec<u8>,
    archive: Vec<u8>,
}

impl ModulePackage {
    /// Packs the module for the server at `public_url`: its manifest says where it and its updates
    /// come from. The same module and address give the same bytes.
    ///
    /// # Errors
    /// When the program was built from a folder that holds no module.
    pub fn new(public_url: &str) -> Result<Self, ModuleError> {
        let manifest = manifest(public_url.trim_end_matches('/'))?;
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        let mut names: Vec<_> = Files::iter().collect();
        names.sort();
        for name in names {
            archive.start_file(name.as_ref(), options)?;
            if name == MANIFEST {
                archive.write_all(&manifest)?;
            } else if let Some(file) = Files::get(&name) {
                archive.write_all(&file.data)?;
            }
        }
        let archive = archive.finish()?.into_inner();
        Ok(Self { manifest, archive })
    }

    /// The endpoints below [`PREFIX`]. Foundry's own server fetches them, and so may a browser on
    /// another origin.
    pub(crate) fn endpoint(&self) -> impl Endpoint<Output = Response> + 'static {
        let archive = file("application/zip", self.archive.clone());
        let manifest = file("application/json", self.manifest.clone());
        let routes = Route::new().at("/module.json", get(manifest)).at("/module.zip", get(archive));
        CrossOrigin(routes.into_endpoint().map_to_response())
    }
}

/// The module's manifest with the addresses of this server in it.
fn manifest(base: &str) -> Result<Vec<u8>, ModuleError> {
    let file = Files::get(MANIFEST).ok_or(ModuleError::Manifest)?;
    let manifest: Value = serde_json::from_slice(&file.data).map_err(|_| ModuleError::Manifest)?;
    let Value::Object(mut manifest) = manifest else { return Err(ModuleError::Manifest) };
    manifest.insert("url".to_owned(), json!(base));
    for (key, name) in [("manifest", "module.json"), ("download", "module.zip")] {
        manifest.insert(key.to_owned(), json!(format!("{base}{PREFIX}/{name}")));
    }
    serde_json::to_vec_pretty(&manifest).map_err(|_| ModuleError::Manifest)
}

fn file(media_type: &'static str, bytes: Vec<u8>) -> impl Endpoint<Output = Response> + 'static {
    make_sync(move |_| {
        Response::builder()
            .content_type(media_type)
            .header(header::CACHE_CONTROL, "no-cache")
            .body(bytes.clone())
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;
    use std::collections::BTreeSet;
    use std::io::Read;
    use zip::ZipArchive;

    const BASE: &str = "https://game.example";

    fn archive() -> ZipArchive<Cursor<Vec<u8>>> {
        let package = ModulePackage::new(&format!("{BASE}/")).unwrap();
        ZipArchive::new(Cursor::new(package.archive)).unwrap()
    }

    fn text(name: &str) -> String {
        let mut text = String::new();
        archive().by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn the_manifest_leads_back_to_the_server_and_has_the_programs_version() {
        let package = ModulePackage::new(BASE).unwrap();
        let manifest: Value = serde_json::from_slice(&package.manifest).unwrap();
        assert_eq!(manifest["manifest"], format!("{BASE}/foundry/module.json"));
        assert_eq!(manifest["download"], format!("{BASE}/foundry/module.zip"));
        assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"), "versions go in step");
        assert_eq!(serde_json::from_str::<Value>(&text(MANIFEST)).unwrap(), manifest);
    }

    #[test]
    fn the_archive_holds_every_file_that_the_manifest_names_and_no_tools() {
        let archive = archive();
        let names: BTreeSet<String> =
            archive.file_names().map(|name| name.unwrap().into_owned()).collect();
        let manifest: Value = serde_json::from_str(&text(MANIFEST)).unwrap();
        let listed = |key: &str| manifest[key].as_array().cloned().unwrap_or_default();
        let languages = listed("languages").into_iter().map(|language| language["path"].clone());
        let named = listed("esmodules").into_iter().chain(listed("styles")).chain(languages);
        for path in named {
            assert!(names.contains(path.as_str().unwrap()), "{path} is missing: {names:?}");
        }
        let is_tool =
            |name: &&String| ["tests", "node_modules", "types"].iter().any(|d| name.starts_with(d));
        assert_eq!(names.iter().filter(|name| is_tool(name)).count(), 0, "{names:?}");
    }

    #[test]
    fn the_same_module_gives_the_same_bytes() {
        let (a, b) = (ModulePackage::new(BASE).unwrap(), ModulePackage::new(BASE).unwrap());
        assert_eq!(a.archive, b.archive);
    }
}
