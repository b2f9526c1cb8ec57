//! The people of the sandbox Twitch, as this server has them act: who may be signed in as. It
//! is reached over HTTP only, like the Twitch that it stands for.

use crate::door::{Door, DoorError};
use crate::problem::Problem;
use serde_json::{Value, json};

/// The most people that are listed; who is not among them is signed in by name.
const PEOPLE_MAX: usize = 100;
/// The longest name of Twitch.
const LOGIN_CHARS_MAX: usize = 25;

/// Somebody with an account at the sandbox Twitch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxPerson {
    /// The lower-case name.
    pub login: String,
    /// The name as the person writes it.
    pub display_name: String,
    /// Whether the channel has Channel Points; who has none only watches.
    pub is_streamer: bool,
}

/// The sandbox Twitch that runs beside this server.
pub struct SandboxControl {
    door: Door,
}

impl SandboxControl {
    /// The sandbox at that address, without a slash at its end.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn at(base_url: &str) -> Result<Self, DoorError> {
        Ok(Self { door: Door::new(base_url, None)? })
    }

    /// Who can be signed in as, at most a hundred, channels with Channel Points first.
    ///
    /// # Errors
    /// 503 when the sandbox does not answer.
    pub async fn people(&self) -> Result<Vec<SandboxPerson>, Problem> {
        let mut people = self.everybody().await?;
        people.sort_by_key(|person| !person.is_streamer);
        people.truncate(PEOPLE_MAX);
        Ok(people)
    }

    /// Whether somebody has that login, in any case of letters.
    ///
    /// # Errors
    /// As [`people`](Self::people).
    pub async fn knows(&self, login: &str) -> Result<bool, Problem> {
        let login = login.to_lowercase();
        Ok(self.everybody().await?.iter().any(|person| person.login == login))
    }

    /// Makes an account with a channel that has Channel Points, where there is none; its login.
    ///
    /// # Errors
    /// 422 for what is no login, 503 when the sandbox does not answer.
    pub async fn invent(&self, name: &str) -> Result<String, Problem> {
        let login = name.trim().to_lowercase();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if login.is_empty() || login.len() > LOGIN_CHARS_MAX || !login.chars().all(is_plain) {
            let reason = format!("must be 1 to {LOGIN_CHARS_MAX} letters, digits or _");
            return Err(Problem::invalid_field("login", reason));
        }
        let known = self.everybody().await?.into_iter().find(|person| person.login == login);
        let mut account = json!({ "broadcasterType": "affiliate" });
        match known {
            Some(person) if person.is_streamer => return Ok(login),
            Some(_) => {}
            None => account["displayName"] = json!(name.trim()),
        }
        self.door.put(&format!("/sandbox/users/{login}"), account).await?;
        Ok(login)
    }

    async fn everybody(&self) -> Result<Vec<SandboxPerson>, Problem> {
        let answer = self.door.get("/sandbox/users").await?;
        let users = answer["users"].as_array().map_or(&[][..], Vec::as_slice);
        Ok(users.iter().map(person).collect())
    }
}

fn person(user: &Value) -> SandboxPerson {
    let text = |field: &str| user[field].as_str().unwrap_or_default().to_owned();
    SandboxPerson {
        login: text("login"),
        display_name: text("displayName"),
        is_streamer: !text("broadcasterType").is_empty(),
    }
}

impl From<DoorError> for Problem {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::Unreachable(cause) => Self::unavailable(cause),
            DoorError::Refused { .. } | DoorError::Unreadable(_) => {
                Self::internal(error.to_string())
            }
        }
    }
}
