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
}
