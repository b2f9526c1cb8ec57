//! Whom a browser wants to be at the sandbox Twitch. Another Twitch asks the person itself.

use crate::problem::Problem;
use crate::services::Shared;

/// The login of that person of the sandbox.
///
/// # Errors
/// 400 with another Twitch; 422 when the sandbox has no such person; 503 when it does not answer.
#[cfg(feature = "sandbox")]
pub(super) async fn known(services: &Shared, login: &str) -> Result<String, Problem> {
    let sandbox = services.sandbox.as_ref().ok_or_else(not_here)?;
    if sandbox.knows(login).await? {
        return Ok(login.to_lowercase());
    }
    Err(Problem::invalid_field("as", "nobody at the sandbox Twitch has that login"))
}

/// The same in a program that has no sandbox.
#[cfg(not(feature = "sandbox"))]
#[expect(clippy::unused_async, reason = "with a sandbox it asks there")]
pub(super) async fn known(_services: &Shared, _login: &str) -> Result<String, Problem> {
    Err(not_here())
}

fn not_here() -> Problem {
    Problem::ill_formed_field("as", "works with the sandbox Twitch only")
}
