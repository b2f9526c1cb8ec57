//! A look at every offer that locks nothing and writes nothing.

use super::super::context::{Channel, EventAtTable, Table};
use super::super::{Gamification, Served};
use super::{Goal, OptInKey, Situation, Step};
use crate::event::{CampaignConfig, Event, StreamerConfig};
use crate::ids::{CampaignId, EventId};
use crate::instance::{GoalScope, Instance};
use crate::ports::MemberRow;
use crate::reward::Reward;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// What the offers of one campaign depend on.
struct Around {
    table: Table,
    configs: Vec<CampaignConfig>,
    members: Vec<MemberRow>,
    open: Vec<Instance>,
    cooling: Vec<Instance>,
}

impl Gamification {
    /// The opt-ins for which something has to be done, as far as can be seen without a lock.
    pub(super) async fn survey(
        &self,
        opt_ins: Vec<StreamerConfig>,
        rewards: &[Reward],
    ) -> Served<Vec<OptInKey>> {
        let mut campaigns = BTreeMap::<CampaignId, Vec<StreamerConfig>>::new();
        for opt_in in opt_ins {
            campaigns.entry(opt_in.campaign_id).or_default().push(opt_in);
        }
        let (mut unfinished, mut events) = (Vec::new(), BTreeMap::new());
        for (campaign, opt_ins) in campaigns {
            let Some(around) = self.around(campaign).await? else { continue };
            for opt_in in opt_ins {
                let id = opt_in.event_id;
                if let Entry::Vacant(place) = events.entry(id) {
                    place.insert(self.ports.queries.event(id).await?);
                }
                let event = events.get(&id).and_then(Option::as_ref);
                if let Some(key) = self.look_at(&around, opt_in, event, rewards).await? {
                    unfinished.push(key);
                }
            }
        }
        Ok(unfinished)
    }

    async fn around(&self, id: CampaignId) -> Served<Option<Around>> {
        let queries = &self.ports.queries;
        let Some(campaign) = queries.campaign(id).await? else { return Ok(None) };
        let connection = queries.connection_of(id).await?;
        Ok(Some(Around {
            table: Table::new(campaign, connection.as_ref(), self.now()),
            configs: queries.campaign_configs(id).await?,
            members: queries.members(id).await?,
            open: queries.open_instances(id).await?,
            cooling: queries.cooling_instances(id, self.now()).await?,
        }))
    }

    async fn look_at(
        &self,
        around: &Around,
        opt_in: StreamerConfig,
        event: Option<&Event>,
        rewards: &[Reward],
    ) -> Served<Option<OptInKey>> {
        let (campaign, streamer) = (opt_in.campaign_id, opt_in.streamer_id);
        let key = OptInKey { campaign, streamer, event: opt_in.event_id };
        let Some(event) = event else { return Ok(None) };
        let at = EventAtTable {
            needs: self.actions.needs(&event.action),
            event: event.clone(),
            config: around.configs.iter().find(|config| config.event_id == event.id).cloned(),
        };
        let member = around.members.iter().find(|row| row.membership.streamer_id == streamer);
        let is_opted_in = opt_in.is_enabled;
        let gm_character = around.table.campaign.gm_character_id;
        let queries = &self.ports.queries;
        let has_character =
            at.needs.character && queries.has_character(campaign, streamer, gm_character).await?;
        let channel = Channel {
            config: Some(opt_in),
            membership: member.map(|row| row.membership.clone()),
            has_character,
        };
        let goal = around.goal_of(event.id, GoalScope::of(event.scope, streamer));
        // Who left has no reward, so its language does not matter.
        let language = member.map_or("en", |row| &row.user.language);
        let desired = self.desired(&around.table, &at, &channel, &goal, streamer, language);
        let live = rewards.iter().find(|r| key.is_of(r) && r.status.is_live()).cloned();
        let logged_in_at = self.awaited_login(live.as_ref()).await?;
        let situation = Situation { desired, live, is_opted_in, logged_in_at };
        Ok((!matches!(self.next_step(&situation), Step::Rest)).then_some(key))
    }
}

impl Around {
    fn goal_of(&self, event: EventId, scope: GoalScope) -> Goal<'_> {
        let is_of = |goal: &&Instance| goal.event_id == event && goal.scope == scope;
        Goal {
            open: self.open.iter().find(is_of),
            is_cooling_down: self.cooling.iter().any(|goal| is_of(&goal)),
        }
    }
}
