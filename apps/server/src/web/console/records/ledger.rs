//! `/console/{campaign}/ledger`: where all points are, and every click.

mod numbers;

use super::Frame;
use super::listing::{Asked, Parts, Wish};
use super::names::Names;
use crate::problem::Problem;
use crate::redemptions::redemption;
use crate::services::Shared;
use crate::web::form::Attempt;
use crate::web::goal::reason_key;
use crate::web::page::{Page, go_to, show, show_as};
use crate::web::visitor::Visitor;
use askama::Template;
use gamification_core::ids::InstanceId;
use gamification_core::ports::RedemptionFilter;
use gamification_core::redemption::{Disposition, Redemption, SettledBy, Settlement};
use numbers::Numbers;
pub(super) use numbers::sums;
use poem::web::{Data, Path};
use poem::{Response, handler};
use uuid::Uuid;

/// Every settlement, in the order in which a click goes through them.
const SETTLEMENTS: [Settlement; 6] = [
    Settlement::Pending,
    Settlement::FulfilDue,
    Settlement::RefundDue,
    Settlement::Fulfilled,
    Settlement::Refunded,
    Settlement::Stuck,
];

#[derive(Template)]
#[template(path = "console/ledger.html")]
struct LedgerPage {
    page: Page,
    frame: Frame,
    numbers: Numbers,
    clicks: Vec<Redemption>,
    names: Names,
    parts: Parts,
    shown: Option<Settlement>,
    attempt: Attempt,
}

#[derive(Template)]
#[template(path = "console/ledger-numbers.html")]
struct NumbersPart {
    page: Page,
    numbers: Numbers,
}

/// `GET /console/{campaign}/ledger`
#[handler]
pub(super) async fn ledger(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
    asked: Asked,
) -> Result<Response, Problem> {
    show(&ledger_page(&services, &visitor, campaign, Wish::of(asked), Attempt::default()).await?)
}

/// `GET /console/{campaign}/ledger/numbers`: the part that follows what happens.
#[handler]
pub(super) async fn ledger_numbers(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (page, frame) = Frame::of(&services, &visitor, campaign, "ledger").await?;
    show(&NumbersPart { page, numbers: Numbers::of(&services, frame.campaign.id).await? })
}

/// `POST /console/{campaign}/ledger`: tries to settle a stuck click again.
#[handler]
pub(super) async fn retry(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
    asked: Asked,
) -> Result<Response, Problem> {
    match try_again(&services, &visitor, campaign).await {
        Ok(()) => Ok(go_to(&format!("/console/{campaign}/ledger?done=click-retried"))),
        Err(problem) => {
            let attempt = Attempt::refused(&visitor.submission, problem)?;
            let (status, wish) = (attempt.status(), Wish::of(asked));
            show_as(status, &ledger_page(&services, &visitor, campaign, wish, attempt).await?)
        }
    }
}

async fn try_again(services: &Shared, visitor: &Visitor, campaign: Uuid) -> Result<(), Problem> {
    let (person, campaign) = visitor.game_master(campaign).await?;
    let row = redemption(services, visitor.submission.text("redemptionId")).await?;
    if row.campaign_id != campaign {
        return Err(Problem::not_found("redemption"));
    }
    services.core.retry_redemption(&person.actor(), &row.id).await?;
    Ok(())
}

async fn ledger_page(
    services: &Shared,
    visitor: &Visitor,
    campaign: Uuid,
    wish: Wish,
    attempt: Attempt,
) -> Result<LedgerPage, Problem> {
    let (page, frame) = Frame::of(services, visitor, campaign, "ledger").await?;
    let (id, shown) = (frame.campaign.id, wish.word("settlement")?);
    let filter = RedemptionFilter { settlement: shown, instance: None, streamer: None };
    let found = services.core.ports().queries.redemptions(id, filter, wish.part()?).await;
    let found = wish.found(found)?;
    let parts = Parts::of(&wish, &format!("{}/ledger", frame.address()), &found);
    let clicks = found.items;
    let channels = clicks.iter().map(|click| click.streamer_id.into());
    let names = Names::of(services, channels, clicks.iter().map(|click| click.event_id)).await?;
    let numbers = Numbers::of(services, id).await?;
    Ok(LedgerPage { page, frame, numbers, clicks, names, parts, shown, attempt })
}

impl LedgerPage {
    /// Address, text and whether it is shown, of each filter.
    fn filters(&self) -> impl Iterator<Item = (String, String, bool)> {
        let path = format!("{}/ledger", self.frame.address());
        let all = (path.clone(), "ledger-all".to_owned(), self.shown.is_none());
        let each = SETTLEMENTS.into_iter().map(move |settlement| {
            let word = word(settlement);
            let address = format!("{path}?settlement={word}");
            (address, reason_key("settlement", &settlement), self.shown == Some(settlement))
        });
        std::iter::once(all).chain(each)
    }

    /// The settlements, for what they mean.
    const fn settlements(&self) -> [Settlement; 6] {
        SETTLEMENTS
    }

    /// Why a click is where it is, where there is more to say.
    fn why(&self, click: &Redemption) -> Option<String> {
        let key = match (&click.stuck_reason, &click.disposition) {
            (Some(reason), _) => reason_key("stuck", reason),
            (None, Disposition::Refused(reason)) => reason_key("refusal", reason),
            (None, Disposition::Counted(_)) if click.settled_by == Some(SettledBy::External) => {
                "settled-externally".to_owned()
            }
            (None, Disposition::Counted(_)) => return None,
        };
        Some(self.page.say(&key).to_string())
    }
}

fn word(settlement: Settlement) -> String {
    let word = serde_json::to_value(settlement).ok();
    word.as_ref().and_then(|word| word.as_str()).unwrap_or_default().to_owned()
}

/// How the badge of a settlement looks.
fn look(settlement: &Settlement) -> &'static str {
    match settlement {
        Settlement::Pending => "",
        Settlement::FulfilDue | Settlement::RefundDue => "warn",
        Settlement::Fulfilled | Settlement::Refunded => "good",
        Settlement::Stuck => "bad",
    }
}

/// The goal that a click counts for.
fn goal(click: &Redemption) -> Option<InstanceId> {
    match click.disposition {
        Disposition::Counted(goal) => Some(goal),
        Disposition::Refused(_) => None,
    }
}
