//! People come together: accounts, invitations, the pairing of the table.

use super::super::StoryError;
use super::super::cast::{Cast, Channel};
use super::super::door::{Door, text};
use super::super::feed::Feed;
use super::super::table::Table;
use super::super::timeline::Timeline;
use super::super::twitch::Twitch;
use super::{Seat, items};
use serde_json::json;
use std::time::Duration;

/// How long the table may take to be seen.
const TABLE_TIME_MAX: Duration = Duration::from_secs(8);

/// Everybody has an account, and both channels are live.
pub(super) async fn gather(people: &Twitch, cast: &Cast) -> Result<(), StoryError> {
    for channel in [&cast.alice, &cast.bob] {
        people.go_live(channel.login, channel.audience).await?;
        for viewer in &channel.viewers {
            people.sign_up(viewer).await?;
        }
    }
    Ok(())
}

pub(super) async fn join(
    gm: &Door,
    campaign: &str,
    channel: &Channel,
    key: &str,
    timeline: &Timeline,
) -> Result<Seat, StoryError> {
    let login = channel.login;
    let invitation = gm.post(&format!("{campaign}/members"), json!({ "login": login })).await?;
    let id = text(&invitation, "streamerId")?;
    let door = gm.with_key(key);
    door.post(&format!("{campaign}/members/{id}/accept"), json!({})).await?;
    let watching = channel.audience;
    timeline.tell(login, &format!("joins, live with {watching} viewers"));
    Ok(Seat { door, id, login })
}

pub(super) async fn pair(
    base: &str,
    server: &Door,
    gm: &Door,
    campaign_id: &str,
    feed: &Feed,
    timeline: &Timeline,
) -> Result<Table, StoryError> {
    let code = Table::ask(server).await?;
    timeline.tell("table", &format!("asks to be paired and shows the code {}", code.0));
    let claim = json!({ "code": code.0, "campaignId": campaign_id });
    gm.post("/vtt/pairings/claim", claim).await?;
    timeline.tell("gm", "types the code in");
    let table = Table::sit_down(server, base, &code).await?;
    feed.wait("the table's connection", TABLE_TIME_MAX, |fact| {
        fact.kind == "vtt:status" && fact.data["status"] == "present"
    })
    .await?;
    Ok(table)
}

pub(super) async fn assign(
    gm: &Door,
    campaign: &str,
    seat: &Seat,
    channel: &Channel,
    timeline: &Timeline,
) -> Result<(), StoryError> {
    let characters = gm.get(&format!("{campaign}/characters")).await?;
    let mine = items(&characters).iter().find(|one| one["vttActorId"] == channel.actor);
    let mine = mine.ok_or_else(|| StoryError::Waited(format!("the character {}", channel.hero)))?;
    let path = format!("/characters/{}/assignment", text(mine, "id")?);
    gm.put(&path, json!({ "streamerId": seat.id })).await?;
    timeline.tell("gm", &format!("notes that {} plays {}", seat.login, channel.hero));
    Ok(())
}

/// Makes a streamer's overlay; the address of its stream.
pub(super) async fn overlay(seat: &Seat, campaign_id: &str) -> Result<String, StoryError> {
    let body = json!({ "campaignId": campaign_id, "streamerId": seat.id });
    Ok(text(&seat.door.post("/overlays", body).await?, "streamUrl")?)
}
