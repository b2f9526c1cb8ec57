//! `/console/{campaign}/history.csv`: the history as a file for spreadsheets.
//!
//! UTF-8 with a byte order mark: without it the most used spreadsheet takes the names for another
//! encoding. The file is sent while it is read, a part at a time, so that it needs little memory.

use super::{outcome, wished};
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::console::Frame;
use crate::web::console::records::listing::{Asked, Wish};
use crate::web::goal::Standing;
use crate::web::page::Page;
use crate::web::visitor::Visitor;
use futures_util::stream::try_unfold;
use gamification_core::ids::CampaignId;
use gamification_core::instance::Instance;
use gamification_core::ledger::Tally;
use gamification_core::ports::{InstanceFilter, PageRequest};
use poem::http::header;
use poem::web::{Data, Path};
use poem::{Body, Response, handler};
use std::io;
use std::sync::Arc;
use uuid::Uuid;

/// The most goals that a file has; a line at its end says when there are more.
const GOALS_MAX: usize = 10_000;
/// How many goals are read at a time.
const PART: u32 = 200;
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// What a spreadsheet may take for the beginning of a formula.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The keys of the columns' names.
const COLUMNS: [&str; 15] = [
    "history-started",
    "history-ended",
    "history-event",
    "history-channels",
    "history-outcome",
    "history-reason",
    "history-clicks",
    "history-objective",
    "history-confirmed",
    "history-points-received",
    "history-points-spent",
    "history-points-returned",
    "history-points-waiting",
    "history-points-stuck",
    "history-goal",
];

/// `GET /console/{campaign}/history.csv`
#[handler]
pub(in super::super) async fn download(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (page, frame) = Frame::of(&services, &visitor, campaign, "history").await?;
    let filter = wished(&Wish::of(asked))?;
    let export = Export {
        services: Arc::clone(&services),
        page,
        campaign: frame.campaign.id,
        filter,
        place: Place::Begin,
        written: 0,
    };
    let answer = Response::builder().content_type("text/csv; charset=utf-8");
    let answer = answer.header(header::CONTENT_DISPOSITION, "attachment; filename=\"history.csv\"");
    Ok(answer.body(Body::from_bytes_stream(try_unfold(export, Export::next))))
}

/// How far the file is written.
enum Place {
    Begin,
    At(Option<String>),
    End,
}

/// A file that is being written.
struct Export {
    services: Shared,
    page: Page,
    campaign: CampaignId,
    filter: InstanceFilter,
    place: Place,
    written: usize,
}

impl Export {
    /// The next part of the file; `None` at its end.
    async fn next(mut self) -> io::Result<Option<(Vec<u8>, Self)>> {
        let cursor = match std::mem::replace(&mut self.place, Place::End) {
            Place::Begin => {
                self.place = Place::At(None);
                let names = COLUMNS.map(|key| self.page.say(key).to_string());
                let mut part = BYTE_ORDER_MARK.as_bytes().to_vec();
                part.extend(lines([names.to_vec()]));
                return Ok(Some((part, self)));
            }
            Place::At(cursor) => cursor,
            Place::End => return Ok(None),
        };
        let (rows, next) = self.part(cursor).await.map_err(|problem| {
            problem.log();
            io::Error::other("the history cannot be read")
        })?;
        self.written += rows.len();
        let mut part = lines(rows);
        match next {
            Some(_) if self.written >= GOALS_MAX => {
                let cut = self.page.say("history-cut").number("most", GOALS_MAX).to_string();
                part.extend(lines([vec![cut]]));
            }
            Some(next) => self.place = Place::At(Some(next)),
            None => {}
        }
        Ok(Some((part, self)))
    }

    async fn part(
        &self,
        cursor: Option<String>,
    ) -> Result<(Vec<Vec<String>>, Option<String>), Problem> {
        let queries = &self.services.core.ports().queries;
        let request = PageRequest { limit: PART, cursor };
        let found = queries.instances(self.campaign, self.filter.clone(), request).await?;
        let mut rows = Vec::with_capacity(found.items.len());
        for goal in found.items {
            let tally = queries.tally_of_instance(goal.id).await?;
            rows.push(self.row(&goal, &tally));
        }
        Ok((rows, found.next_cursor))
    }

    /// The cells of a goal, in the order of [`COLUMNS`].
    fn row(&self, goal: &Instance, tally: &Tally) -> Vec<String> {
        let now = self.services.core.ports().clock.now();
        let standing = Standing::of(&self.page, goal, now);
        let ended = outcome::ended_at(goal).map(|at| at.to_string());
        vec![
            goal.started_at.to_string(),
            ended.unwrap_or_default(),
            goal.label.name.in_language(self.page.language()).to_owned(),
            outcome::channels(goal),
            standing.words.to_string(),
            standing.reason.unwrap_or_default(),
            goal.progress.to_string(),
            goal.target.to_string(),
            outcome::confirmed(&self.page, goal).unwrap_or_default(),
            tally.received.points.to_string(),
            tally.fulfilled.points.to_string(),
            tally.refunded.points.to_string(),
            tally.pending.points.to_string(),
            tally.stuck.points.to_string(),
            goal.id.to_string(),
        ]
    }
}

/// The rows as RFC 4180 has them, every cell in quotes.
fn lines(rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let quoted = |cell: String| format!("\"{}\"", harmless(cell).replace('"', "\"\""));
    let line = |row: Vec<String>| row.into_iter().map(quoted).collect::<Vec<_>>().join(",");
    rows.into_iter().flat_map(|row| (line(row) + "\r\n").into_bytes()).collect()
}

/// The cell, with an apostrophe before what a spreadsheet would take for a formula.
fn harmless(cell: String) -> String {
    // Names are kept apart by marks that nobody sees, and that a spreadsheet may skip.
    let seen = cell.trim_start_matches(['\u{2068}', '\u{2069}', '\u{feff}', ' ']);
    if seen.starts_with(FORMULA_STARTS) { format!("'{cell}") } else { cell }
}
