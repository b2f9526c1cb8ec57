//! What a page's form sends, read field by field, so that a mistake is told where it was made.

use crate::problem::Problem;
use gamification_core::validation::FieldError;
use poem::http::StatusCode;
use std::str::FromStr;

/// The field that shows that a form comes from a page of ours.
pub(super) const CSRF_FIELD: &str = "csrfToken";

/// The fields of a form as they were sent, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Submission(Vec<(String, String)>);

impl Submission {
    pub(super) const fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// Every field but the hidden proof of where it comes from.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.0.iter().filter(|(name, _)| name != CSRF_FIELD);
        fields.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A field as it was typed; `None` when it was not sent.
    pub(crate) fn typed(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// A field without the space around it; empty when it was not sent.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.typed(field).unwrap_or_default().trim()
    }

    /// Whether a box is ticked.
    pub(crate) fn flag(&self, field: &str) -> bool {
        self.typed(field).is_some()
    }

    /// What a field says, read as `T`; `None` when it is empty.
    ///
    /// # Errors
    /// 400 with the field's name and `reason`.
    pub(crate) fn optional<T: FromStr>(
        &self,
        field: &str,
        reason: &str,
    ) -> Result<Option<T>, Problem> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = |_| Problem::ill_formed(vec![FieldError::new(field, reason)]);
        text.parse().map(Some).map_err(wrong)
    }

    /// What a field says, read as `T`.
    ///
    /// # Errors
    /// 400 with the field's name and `reason`, also when it is empty.
    pub(crate) fn required<T: FromStr>(&self, field: &str, reason: &str) -> Result<T, Problem> {
        let missing = || Problem::ill_formed(vec![FieldError::new(field, reason)]);
        self.optional(field, reason)?.ok_or_else(missing)
    }
}

/// A form that was sent and not taken: what was typed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attempt {
    submission: Submission,
    problem: Option<Problem>,
}

impl Attempt {
    /// That form, refused for that reason.
    ///
    /// # Errors
    /// The problem itself when nothing on the page can be done about it.
    pub(crate) fn refused(submission: &Submission, problem: Problem) -> Result<Self, Problem> {
        let elsewhere = [StatusCode::UNAUTHORIZED, StatusCode::NOT_FOUND];
        if problem.status().is_server_error() || elsewhere.contains(&problem.status()) {
            return Err(problem);
        }
        Ok(Self { submission: submission.clone(), problem: Some(problem) })
    }

    /// That form, which was only tried.
    pub(crate) fn tried(submission: &Submission) -> Self {
        Self { submission: submission.clone(), problem: None }
    }

    /// What was typed.
    pub(crate) const fn submission(&self) -> &Submission {
        &self.submission
    }

    /// The status of the page that shows it.
    pub(crate) fn status(&self) -> StatusCode {
        self.problem.as_ref().map_or(StatusCode::OK, Problem::status)
    }

    /// Why it was not taken.
    pub(crate) const fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// Whether a box is to be ticked: as it was sent, else as `value` says.
    pub(crate) fn flag(&self, field: &str, value: bool) -> bool {
        if self.problem.is_some() { self.submission.flag(field) } else { value }
    }

    /// What to put into a field: what was typed, else `value`.
    pub(crate) fn value(&self, field: &str, value: impl ToString) -> String {
        self.submission.typed(field).map_or_else(|| value.to_string(), str::to_owned)
    }

    /// What is wrong with a field, in the words of who refused it.
    pub(crate) fn error(&self, field: &str) -> Option<&str> {
        let errors = self.problem.as_ref()?.field_errors();
        errors.iter().find(|error| error.field == field).map(|error| error.reason.as_str())
    }
}
