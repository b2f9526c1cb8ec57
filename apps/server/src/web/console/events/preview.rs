//! What a setting would ask of the viewers who watch now, by the calculation that goals open with.

use crate::problem::Problem;
use crate::services::Shared;
use crate::web::chart::{Labels, LineChart, line_chart};
use crate::web::form::Submission;
use crate::web::page::Page;
use gamification_core::ids::{CampaignId, EventId};
use gamification_core::preview::{EventPreview, FillPoint, SECONDS_PER_CLICK};
use gamification_core::service::PreviewDraft;

/// The preview of an event, with a curve of how fast a goal fills where somebody is live.
pub(super) struct Preview {
    pub(super) event: EventPreview,
    pub(super) curve: Option<LineChart>,
}

/// The shares of the audience that are named beside the curve, in percent.
const NAMED_PERCENT: [u32; 4] = [5, 10, 20, 40];

impl Preview {
    /// The preview of that setting. What was typed and not saved is tried.
    ///
    /// # Errors
    /// 400 or 422 for what cannot be tried.
    pub(super) async fn of(
        services: &Shared,
        page: &Page,
        campaign: CampaignId,
        event: EventId,
        draft: PreviewDraft,
    ) -> Result<Self, Problem> {
        let event = services.core.preview_event(campaign, event, draft).await?;
        let curve = fill(&event).map(|points| curve(page, points)).filter(|_| is_live(&event));
        Ok(Self { event, curve })
    }

    /// How long it takes for shares of the audience: a percentage, and the time where it ever fills.
    pub(super) fn named(&self, page: &Page) -> Vec<(String, Option<String>)> {
        let points = fill(&self.event).unwrap_or_default().iter();
        let named = points.filter(|point| NAMED_PERCENT.contains(&point.share_percent));
        named
            .map(|point| {
                let share = page.percent(f64::from(point.share_percent) / 100.0);
                (share, point.seconds.map(|seconds| page.duration(seconds)))
            })
            .collect()
    }
}

/// Whether anybody watches now: without viewers there is nothing to draw.
fn is_live(event: &EventPreview) -> bool {
    event.channels.iter().any(|preview| preview.channel.audience.is_some_and(|count| count > 0))
}

/// The curve of the shared goal, else of the largest channel's.
fn fill(event: &EventPreview) -> Option<&[FillPoint]> {
    if let Some(group) = &event.group {
        return Some(&group.fill);
    }
    let largest = event.channels.iter().max_by_key(|preview| preview.channel.audience);
    largest.map(|preview| preview.fill.as_slice())
}

fn curve(page: &Page, points: &[FillPoint]) -> LineChart {
    #[expect(clippy::cast_precision_loss, reason = "a plot is no ledger")]
    let reached = points.iter().filter_map(|point| {
        let minutes = point.seconds? as f64 / 60.0;
        Some((f64::from(point.share_percent), minutes))
    });
    let labels = Labels {
        summary: page.say("preview-curve").number("seconds", SECONDS_PER_CLICK).to_string(),
        x: page.say("preview-curve-share").to_string(),
        y: page.say("preview-curve-minutes").to_string(),
    };
    line_chart(&reached.collect::<Vec<_>>(), labels, page.texts().language())
}

/// What is tried: what the form says, where it says something.
///
/// # Errors
/// 400 with the field that is no number.
pub(super) fn draft(form: &Submission) -> Result<PreviewDraft, Problem> {
    let wish = super::setting::wish(form)?;
    Ok(PreviewDraft {
        cost: wish.cost.flatten(),
        objective_coefficient: wish.objective_coefficient.flatten(),
        minimum_objective: wish.minimum_objective.flatten(),
    })
}
