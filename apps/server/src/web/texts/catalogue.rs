//! The texts of one language, read once.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use gamification_core::preferences::Language;
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use unic_langid::LanguageIdentifier;

#[derive(RustEmbed)]
#[folder = "pages/texts"]
struct Files;

static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::English));
static FRENCH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::French));

/// The texts of one language.
pub(super) struct Catalogue {
    pub(super) bundle: FluentBundle<Arc<FluentResource>>,
    /// Each file by its name without ending.
    pub(super) areas: BTreeMap<String, Arc<FluentResource>>,
}

impl Catalogue {
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::French => &FRENCH,
        }
    }

    fn read(language: Language) -> Self {
        let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        // Only what people wrote may run in another direction, and Said::name sees to that.
        bundle.set_use_isolating(false);
        let mut areas = BTreeMap::new();
        for path in Files::iter() {
            let Some((folder, name)) = path.split_once('/') else { continue };
            let area = name.strip_suffix(".ftl").filter(|_| folder == language.tag());
            let (Some(area), Some(file)) = (area, Files::get(&path)) else { continue };
            let source = String::from_utf8_lossy(&file.data).into_owned();
            let resource = FluentResource::try_new(source).unwrap_or_else(|(resource, errors)| {
                tracing::error!(file = %path, ?errors, "a text cannot be read");
                resource
            });
            let resource = Arc::new(resource);
            if let Err(errors) = bundle.add_resource(Arc::clone(&resource)) {
                tracing::error!(file = %path, ?errors, "a text is there twice");
            }
            areas.insert(area.to_owned(), resource);
        }
        Self { bundle, areas }
    }

    /// The text with what stands in it; its key where there is no such text.
    pub(super) fn formatted(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, "there is no such text");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, arguments, &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "a text lacks something");
        }
        text
    }
}
