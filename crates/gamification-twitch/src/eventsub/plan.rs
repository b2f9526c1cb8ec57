//! What has to change so that each wanted subscription is there once. No I/O.

use super::api::{Listed, Transport};
use super::kinds::Wanted;

/// How wanted and listed subscriptions compare. Those that deliver elsewhere are in none of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Wanted and there: delivering, or about to.
    pub(super) held: Vec<(Wanted, Listed)>,
    /// Ours, and dead, double, or no longer wanted.
    pub(super) surplus: Vec<Listed>,
    /// Wanted and not there.
    pub(super) missing: Vec<Wanted>,
}

impl Plan {
    /// Compares. Only what delivers to `transport` is ours: another installation may run under the
    /// same client id.
    pub(super) fn of(listed: &[Listed], wanted: &[Wanted], transport: &Transport) -> Self {
        let mut ours: Vec<&Listed> =
            listed.iter().filter(|it| transport.is_that_of(&it.transport)).collect();
        // Of two alike, the one that delivers stays.
        ours.sort_by_key(|it| !it.is_enabled());
        let mut plan = Self { missing: wanted.to_vec(), ..Self::default() };
        for listed in ours {
            let place = plan.missing.iter().position(|wanted| wanted.is_met_by(listed));
            match place.filter(|_| listed.is_alive()) {
                Some(place) => {
                    let wanted = plan.missing.remove(place);
                    plan.held.push((wanted, listed.clone()));
                }
                None => plan.surplus.push(listed.clone()),
            }
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::kinds::{Kind, Subject};
    use super::*;
    use serde_json::{Value, json};

    const HERE: &str = "https://here.example/hook";

    fn here() -> Transport {
        Transport::Webhook { callback: HERE.into(), secret: String::new() }
    }

    fn wanted(kind: Kind, channel: &str) -> Wanted {
        Wanted { kind, subject: Subject::Channel(channel.into()) }
    }

    fn listed(id: &str, kind: Kind, condition: Value, status: &str, callback: &str) -> Listed {
        serde_json::from_value(json!({
            "id": id, "type": kind.name(), "status": status, "condition": condition,
            "transport": { "method": "webhook", "callback": callback },
        }))
        .unwrap()
    }

    fn added(id: &str, channel: &str, status: &str, callback: &str) -> Listed {
        let condition = json!({ "broadcaster_user_id": channel, "reward_id": "" });
        listed(id, Kind::RedemptionAdded, condition, status, callback)
    }

    fn ids(listed: &[Listed]) -> Vec<&str> {
        listed.iter().map(|it| it.id.as_str()).collect()
    }

    #[test]
    fn each_is_there_once_and_the_dead_the_double_and_the_unwanted_go() {
        let there = [
            added("pending", "1", "webhook_callback_verification_pending", HERE),
            added("enabled", "1", "enabled", HERE),
            added("dead", "2", "authorization_revoked", HERE),
            added("unwanted", "3", "enabled", HERE),
            added("narrow", "2", "enabled", HERE),
        ];
        let mut there = there.to_vec();
        there[4].condition.insert("reward_id".into(), json!("r"));
        let wanted = [wanted(Kind::RedemptionAdded, "1"), wanted(Kind::RedemptionAdded, "2")];
        let plan = Plan::of(&there, &wanted, &here());
        assert_eq!(plan.held, [(wanted[0].clone(), there[1].clone())]);
        assert_eq!(ids(&plan.surplus), ["unwanted", "narrow", "pending", "dead"]);
        assert_eq!(plan.missing, [wanted[1].clone()]);
    }

    #[test]
    fn what_delivers_elsewhere_is_neither_touched_nor_counted() {
        let mut conduit = added("conduit", "1", "enabled", HERE);
        conduit.transport.method = "conduit".into();
        conduit.transport.conduit_id = Some("c".into());
        let there = [added("other", "1", "enabled", "https://there.example/hook"), conduit.clone()];
        let wanted = [wanted(Kind::RedemptionAdded, "1")];
        let plan = Plan::of(&there, &wanted, &here());
        assert_eq!(plan, Plan { missing: wanted.to_vec(), ..Plan::default() });
        let plan = Plan::of(&there, &wanted, &Transport::Conduit { id: "c".into() });
        assert_eq!(plan.held, [(wanted[0].clone(), conduit)]);
    }

    #[test]
    fn a_session_is_ours_under_each_id_that_it_had() {
        let mut there = added("s", "1", "enabled", HERE);
        there.transport =
            serde_json::from_value(json!({ "method": "websocket", "session_id": "old" })).unwrap();
        let is_ours = |sessions: &[&str]| {
            let sessions = sessions.iter().map(|id| (*id).to_owned()).collect();
            Transport::Websocket { sessions }.is_that_of(&there.transport)
        };
        assert!(is_ours(&["old", "new"]) && !is_ours(&["new"]));
    }

    #[test]
    fn subjects_other_than_channels_are_found_by_their_condition() {
        let kind = Kind::AuthorizationRevoked;
        let wanted = Wanted { kind, subject: Subject::Client("me".into()) };
        let there = listed("r", kind, json!({ "client_id": "me" }), "enabled", HERE);
        assert!(wanted.is_met_by(&there));
        let other = listed("r", kind, json!({ "client_id": "them" }), "enabled", HERE);
        assert!(!wanted.is_met_by(&other));
    }
}
