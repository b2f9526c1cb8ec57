//! The texts for scripts, which choose plural forms and write numbers themselves: made of the same
//! files, each with placeholders like `{name}`.

use super::catalogue::Catalogue;
use fluent_bundle::{FluentArgs, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use gamification_core::preferences::Language;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// A number of each plural form, in both languages alike.
const FORMS: [(&str, f64); 2] = [("one", 1.0), ("other", 5.0)];

/// The texts of one file by their keys, counted ones by plural form; `None` without such a file.
pub(in crate::web) fn for_scripts(language: Language, area: &str) -> Option<Value> {
    let catalogue = Catalogue::of(language);
    let mut texts = Map::new();
    for entry in catalogue.areas.get(area)?.entries() {
        let Entry::Message(message) = entry else { continue };
        let Some(pattern) = &message.value else { continue };
        let mut names = BTreeSet::new();
        collect(pattern, &mut names);
        texts.insert(message.id.name.to_owned(), template(catalogue, message.id.name, &names));
    }
    Some(Value::Object(texts))
}

fn template(catalogue: &Catalogue, key: &str, names: &BTreeSet<&str>) -> Value {
    let mut arguments = FluentArgs::new();
    for name in names.iter().filter(|name| **name != "count") {
        arguments.set((*name).to_owned(), FluentValue::from(format!("{{{name}}}")));
    }
    if !names.contains("count") {
        return json!(catalogue.formatted(key, Some(&arguments)));
    }
    let forms = FORMS.map(|(form, count)| {
        arguments.set("count", FluentValue::from(count));
        (form.to_owned(), json!(catalogue.formatted(key, Some(&arguments))))
    });
    Value::Object(forms.into_iter().collect())
}

/// The names of what stands in a text.
fn collect<'p>(pattern: &'p Pattern<&'p str>, names: &mut BTreeSet<&'p str>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => collect_inline(inline, names),
            Expression::Select { selector, variants } => {
                collect_inline(selector, names);
                for variant in variants {
                    collect(&variant.value, names);
                }
            }
        }
    }
}

fn collect_inline<'p>(inline: &'p InlineExpression<&'p str>, names: &mut BTreeSet<&'p str>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            names.insert(id.name);
        }
        InlineExpression::Placeable { expression } => {
            if let Expression::Inline(inline) = &**expression {
                collect_inline(inline, names);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;

    #[test]
    fn scripts_get_the_plural_forms_with_a_place_for_the_number() {
        let texts = for_scripts(Language::French, "shared").unwrap();
        let days = json!({ "one": "{shown} jour", "other": "{shown} jours" });
        assert_eq!(texts["duration-days"], days);
        assert_eq!(texts["month-3"], "mars");
        assert!(for_scripts(Language::French, "nothing").is_none());
    }

    /// Every text of a language: its file and key, with the names of what stands in it.
    fn all(language: Language) -> BTreeSet<(String, String, Vec<String>)> {
        let mut all = BTreeSet::new();
        for (area, resource) in &Catalogue::of(language).areas {
            for entry in resource.entries() {
                let Entry::Message(message) = entry else { continue };
                let mut names = BTreeSet::new();
                collect(message.value.as_ref().unwrap(), &mut names);
                let names = names.into_iter().map(str::to_owned).collect();
                all.insert((area.clone(), message.id.name.to_owned(), names));
            }
        }
        all
    }

    #[test]
    fn both_languages_say_the_same_things_about_the_same_things() {
        let (english, french) = (all(Language::English), all(Language::French));
        let differ: Vec<_> = english.symmetric_difference(&french).collect();
        assert!(differ.is_empty(), "{differ:#?}");
        assert!(english.len() > 300, "{}", english.len());
    }

    #[test]
    fn every_text_that_a_template_names_is_there() {
        let known: BTreeSet<_> = all(Language::English).into_iter().map(|text| text.1).collect();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("pages/templates");
        let (mut folders, mut named) = (vec![folder], 0);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let template = std::fs::read_to_string(&path).unwrap();
                for said in template.split("say(\"").skip(1) {
                    let key = said.split('"').next().unwrap();
                    assert!(known.contains(key), "{}: {key}", path.display());
                    named += 1;
                }
            }
        }
        assert!(named > 200, "{named}");
    }
}
