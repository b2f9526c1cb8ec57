//! The people of the sandbox Twitch, as this server has them act: who may be signed in as,
//! and viewers who redeem. It is reached over HTTP only, like the Twitch that it stands for.

mod viewers;

use crate::door::{Door, DoorError};
use crate::practice_table::PracticeTables;
use crate::problem::Problem;
use serde_json::{Value, json};

pub(crate) use viewers::{NAMES as VIEWER_NAMES, Viewer, audience, fresh_audience};

/// The most people that are listed; who is not among them is signed in by name.
const PEOPLE_MAX: usize = 100;
/// What a viewer has on every channel before practising: more than any click costs.
const VIEWER_POINTS: u64 = 100_000_000;
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

/// What became of one click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Click {
    /// Twitch took the points.
    Redeemed,
    /// Twitch let nobody redeem, for this reason, as in `paused`.
    Refused(String),
}

/// The sandbox Twitch that runs beside this server.
pub struct SandboxControl {
    door: Door,
    practice_tables: PracticeTables,
}

impl SandboxControl {
    /// The sandbox at that address; practice tables reach this server at the other. Neither has a
    /// slash at its end.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn at(base_url: &str, server_url: &str) -> Result<Self, DoorError> {
        let door = Door::new(base_url, None)?;
        Ok(Self { door, practice_tables: PracticeTables::at(server_url)? })
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

    /// The tables of game masters who have none.
    pub(crate) const fn practice_tables(&self) -> &PracticeTables {
        &self.practice_tables
    }

    /// Makes viewers, and gives those who are there all their points back.
    ///
    /// # Errors
    /// 503 when the sandbox does not answer.
    pub(crate) async fn gather(&self, viewers: &[Viewer]) -> Result<(), Problem> {
        for viewer in viewers {
            let body = json!({ "displayName": viewer.name, "points": VIEWER_POINTS });
            self.door.put(&format!("/sandbox/users/{}", viewer.login()), body).await?;
        }
        Ok(())
    }

    /// A viewer redeems the reward with that id of Twitch's.
    ///
    /// # Errors
    /// 503 when the sandbox does not answer.
    pub(crate) async fn redeem(&self, viewer: &Viewer, reward: &str) -> Result<Click, Problem> {
        let body = json!({ "viewer": viewer.login(), "rewardId": reward });
        match self.door.post("/sandbox/redeem", body).await {
            Ok(_) => Ok(Click::Redeemed),
            Err(error) => refusal(&error).map(Click::Refused).ok_or_else(|| error.into()),
        }
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

/// Why Twitch refused, in lower case, when it was Twitch that did.
fn refusal(error: &DoorError) -> Option<String> {
    let DoorError::Refused { answer, .. } = error else { return None };
    let answer: Value = serde_json::from_str(answer).ok()?;
    answer["reason"].as_str().map(str::to_lowercase)
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
