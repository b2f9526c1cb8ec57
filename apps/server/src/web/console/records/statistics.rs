//! `/console/{campaign}/statistics`: what came of all evenings, in numbers and plots.

use super::Frame;
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::chart::{Column, ColumnChart, Labels, Tone, column_chart};
use crate::web::page::{Page, show};
use crate::web::visitor::Visitor;
use askama::Template;
use gamification_core::stats::{CampaignStats, DayPoints};
use poem::web::{Data, Path};
use poem::{Response, handler};
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "console/statistics.html")]
struct StatisticsPage {
    page: Page,
    frame: Frame,
    stats: CampaignStats,
}

/// `GET /console/{campaign}/statistics`
#[handler]
pub(super) async fn statistics(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (page, frame) = Frame::of(&services, &visitor, campaign, "statistics").await?;
    let ports = services.core.ports();
    let stats = ports.queries.stats(frame.campaign.id, ports.clock.now()).await?;
    show(&StatisticsPage { page, frame, stats })
}

impl StatisticsPage {
    /// Key of the name, and how many goals there are, of each place where one may stand.
    fn counts(&self) -> [(&'static str, u64); 7] {
        let goals = &self.stats.goals;
        [
            ("statistics-executed", goals.executed),
            ("statistics-failed", goals.failed),
            ("statistics-expired", goals.expired),
            ("statistics-cancelled", goals.cancelled),
            ("statistics-executing", goals.executing),
            ("statistics-armed", goals.armed),
            ("statistics-active", goals.active),
        ]
    }

    /// The days on which points moved, the newest first: what the plot shows, as numbers.
    fn busy_days(&self) -> impl Iterator<Item = &DayPoints> {
        self.stats.days.iter().rev().filter(|day| moved(day) > 0)
    }

    /// The points that were received, day by day.
    fn received_plot(&self) -> ColumnChart {
        self.plot("statistics-plot-received", |day| vec![(Tone::Plain, day.received)])
    }

    /// The points that came to their end, day by day: spent below, returned above.
    fn settled_plot(&self) -> ColumnChart {
        let parts = |day: &DayPoints| vec![(Tone::Good, day.fulfilled), (Tone::Warn, day.refunded)];
        self.plot("statistics-plot-settled", parts)
    }

    fn plot(&self, summary: &str, parts: fn(&DayPoints) -> Vec<(Tone, u64)>) -> ColumnChart {
        let days: Vec<Column> =
            self.stats.days.iter().map(|day| self.column(day, &parts(day))).collect();
        let labels = Labels {
            summary: self.page.say(summary).to_string(),
            x: self.page.say("statistics-day").to_string(),
            y: self.page.say("statistics-points").to_string(),
        };
        column_chart(&days, labels, self.page.texts().language())
    }

    #[expect(clippy::cast_precision_loss, reason = "a plot shows no single point of 2^53")]
    fn column(&self, day: &DayPoints, parts: &[(Tone, u64)]) -> Column {
        let told = self.page.say("statistics-day-told").text("day", self.day(day));
        let told = told
            .number("received", day.received)
            .number("fulfilled", day.fulfilled)
            .number("refunded", day.refunded);
        let parts = parts.iter().map(|(tone, points)| (*tone, *points as f64)).collect();
        Column { name: self.day(day), told: told.to_string(), parts }
    }

    /// The day as it is written below a plot.
    fn day(&self, day: &DayPoints) -> String {
        let at = OffsetDateTime::from_unix_timestamp(day.begins_at.as_seconds())
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let month = self.page.say(format!("month-{}", u8::from(at.month())));
        let said = self.page.say("statistics-date").text("day", at.day()).text("month", month);
        said.to_string()
    }
}

const fn moved(day: &DayPoints) -> u64 {
    day.received + day.fulfilled + day.refunded
}
