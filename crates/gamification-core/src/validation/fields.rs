//! Reads the flat object that configures a handler, naming each field that is wrong.

use super::limits::{check_text, colour, in_range};
use super::{FieldError, check_json};
use crate::event::Colour;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fmt::Display;
use std::ops::RangeInclusive;

/// One object being read. Every field that exists is asked for once, under its name; what was never
/// asked for is unknown and refused by [`Fields::finish`]. `null` is the same as a missing field.
///
/// A wrong field is remembered as a complaint and read as if it were missing, so that one look
/// finds everything that is wrong.
///
/// ```
/// use gamification_core::validation::Fields;
/// # use serde_json::json;
/// let config = json!({ "threshold": 0, "colour": "red" });
/// let mut fields = Fields::of(config.as_object().unwrap());
/// let threshold = fields.integer("threshold", 1..=100).unwrap_or(10);
/// let errors = fields.finish(threshold).unwrap_err();
/// let names: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
/// assert_eq!(names, ["threshold", "colour"]);
/// ```
#[derive(Debug)]
pub struct Fields<'a> {
    object: &'a Map<String, Value>,
    known: Vec<&'static str>,
    errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    /// Begins to read an object.
    #[must_use]
    pub const fn of(object: &'a Map<String, Value>) -> Self {
        Self { object, known: Vec::new(), errors: Vec::new() }
    }

    /// Complains about a field.
    pub fn refuse(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.errors.push(FieldError::new(field, reason));
    }

    /// Keeps what a check lets pass and remembers its complaint otherwise.
    pub fn keep<T>(&mut self, checked: Result<T, FieldError>) -> Option<T> {
        checked.map_err(|error| self.errors.push(error)).ok()
    }

    /// Complains when a field is missing. Reading it stays the work of the method of its type.
    pub fn require(&mut self, name: &'static str) {
        if self.object.get(name).is_none_or(Value::is_null) {
            self.refuse(name, "is missing");
        }
    }

    /// Any value, unchecked.
    pub fn any(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// `true` or `false`.
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.typed(name, "must be true or false", Value::as_bool)
    }

    /// A whole number within the limits.
    pub fn integer<T>(&mut self, name: &'static str, limits: RangeInclusive<T>) -> Option<T>
    where
        T: TryFrom<i64> + PartialOrd + Display,
    {
        let number = self.typed(name, "must be a whole number", Value::as_i64)?;
        self.keep(in_range(name, number, &limits))
    }

    /// A text whose number of characters lies within the limits, without control characters.
    pub fn text(&mut self, name: &'static str, chars: RangeInclusive<usize>) -> Option<&'a str> {
        let text = self.typed(name, "must be a text", Value::as_str)?;
        self.keep(check_text(name, text, &chars)).map(|()| text)
    }

    /// `#RRGGBB`, in either case.
    pub fn colour(&mut self, name: &'static str) -> Option<Colour> {
        let text = self.typed(name, "must be a text", Value::as_str)?;
        self.keep(colour(name, text))
    }

    /// One of the words of an enum.
    pub fn word<T: Deserialize<'a>>(&mut self, name: &'static str) -> Option<T> {
        let word = T::deserialize(self.any(name)?);
        self.keep(word.map_err(|error| FieldError::new(name, error.to_string())))
    }

    /// A list of at most `items_max` values of one type; empty when it is missing.
    pub fn list<T: Deserialize<'a>>(&mut self, name: &'static str, items_max: usize) -> Vec<T> {
        let Some(items) = self.typed(name, "must be a list", Value::as_array) else {
            return Vec::new();
        };
        if items.len() > items_max {
            self.refuse(name, format!("must not have more than {items_max} items"));
            return Vec::new();
        }
        let mut list = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match T::deserialize(item) {
                Ok(item) => list.push(item),
                Err(error) => self.refuse(format!("{name}.{index}"), error.to_string()),
            }
        }
        list
    }

    /// An object whose fields have any names.
    pub fn map(&mut self, name: &'static str) -> Option<&'a Map<String, Value>> {
        self.typed(name, "must be an object", Value::as_object)
    }

    /// An object inside, read by its own fields; complaints are named `name.field`.
    pub fn object<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Fields<'a>) -> T,
    ) -> Option<T> {
        let mut inner = Fields::of(self.map(name)?);
        let value = read(&mut inner);
        match inner.finish(value) {
            Ok(value) => Some(value),
            Err(errors) => {
                self.errors.extend(errors.into_iter().map(|error| error.below(name)));
                None
            }
        }
    }

    /// Free JSON within the limits of [`check_json`].
    pub fn json(&mut self, name: &'static str) -> Option<&'a Value> {
        let value = self.any(name)?;
        self.keep(check_json(name, value)).map(|()| value)
    }

    /// Hands over what was read.
    ///
    /// # Errors
    /// All complaints, with one for each field that nobody asked for.
    pub fn finish<T>(mut self, value: T) -> Result<T, Vec<FieldError>> {
        for name in self.object.keys().filter(|name| !self.known.contains(&name.as_str())) {
            self.errors.push(FieldError::new(name, "is not a known field"));
        }
        if self.errors.is_empty() { Ok(value) } else { Err(self.errors) }
    }

    fn typed<T>(
        &mut self,
        name: &'static str,
        reason: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let read = read(self.any(name)?);
        if read.is_none() {
            self.refuse(name, reason);
        }
        read
    }
}
