//! Which methods a path has: for the `Allow` header, which poem's router does not tell.

/// Patterns with their methods. A pattern's `{name}` or `:name` stands for one segment, a `*` at
/// its end for the rest.
#[derive(Debug, Clone, Default)]
pub struct RouteTable(Vec<(Vec<String>, Vec<String>)>);

impl RouteTable {
    /// Adds a pattern.
    pub fn add<'a>(&mut self, pattern: &str, methods: impl IntoIterator<Item = &'a str>) {
        let segments = pattern.split('/').map(str::to_owned).collect();
        let mut methods: Vec<String> = methods.into_iter().map(str::to_uppercase).collect();
        if methods.iter().any(|m| m == "GET") {
            methods.push("HEAD".into());
        }
        self.0.push((segments, methods));
    }

    /// The methods of the path, separated by commas; `None` when no pattern fits.
    #[must_use]
    pub fn allow(&self, path: &str) -> Option<String> {
        let segments: Vec<&str> = path.split('/').collect();
        let mut methods: Vec<&str> = self
            .0
            .iter()
            .filter(|(pattern, _)| fits(pattern, &segments))
            .flat_map(|(_, methods)| methods.iter().map(String::as_str))
            .collect();
        methods.sort_unstable();
        methods.dedup();
        (!methods.is_empty()).then(|| methods.join(", "))
    }

    /// The name of the path's parameter number `index`, from 0, in the pattern that fits best: the
    /// one with the fewest parameters.
    #[must_use]
    pub fn parameter(&self, path: &str, index: usize) -> Option<&str> {
        let segments: Vec<&str> = path.split('/').collect();
        let fitting = self.0.iter().filter(|(pattern, _)| fits(pattern, &segments));
        let (pattern, _) = fitting.min_by_key(|(pattern, _)| parameters(pattern).count())?;
        parameters(pattern).nth(index)
    }
}

/// The names of a pattern's parameters, in order.
fn parameters(pattern: &[String]) -> impl Iterator<Item = &str> {
    pattern.iter().filter_map(|segment| {
        let braced = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        braced.or_else(|| segment.strip_prefix(':'))
    })
}

fn fits(pattern: &[String], path: &[&str]) -> bool {
    let open_ended = pattern.last().is_some_and(|last| last == "*");
    let fixed = if open_ended { &pattern[..pattern.len() - 1] } else { pattern };
    let long_enough = if open_ended { path.len() > fixed.len() } else { path.len() == fixed.len() };
    long_enough
        && fixed.iter().zip(path).all(|(pattern, segment)| {
            pattern.starts_with(':') || pattern.starts_with('{') || pattern == segment
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;

    #[test]
    fn a_path_is_allowed_the_methods_of_every_pattern_that_fits() {
        let mut routes = RouteTable::default();
        routes.add("/campaigns/{campaign}", ["get", "delete"]);
        routes.add("/docs/*", ["get"]);
        assert_eq!(routes.allow("/campaigns/7").as_deref(), Some("DELETE, GET, HEAD"));
        assert_eq!(routes.allow("/docs/x/y").as_deref(), Some("GET, HEAD"));
        assert_eq!(routes.allow("/campaigns/7/x"), None);
    }

    #[test]
    fn parameters_are_named_by_the_pattern_that_fits_best() {
        let mut routes = RouteTable::default();
        routes.add("/campaigns/{campaign}/instances/{instance}", ["get"]);
        routes.add("/campaigns/{game}/instances/cancel", ["post"]);
        assert_eq!(routes.parameter("/campaigns/x/instances/y", 1), Some("instance"));
        assert_eq!(routes.parameter("/campaigns/x/instances/cancel", 0), Some("game"));
        assert_eq!(routes.parameter("/campaigns/x/instances/y", 2), None);
        assert_eq!(routes.parameter("/nowhere", 0), None);
    }
}
