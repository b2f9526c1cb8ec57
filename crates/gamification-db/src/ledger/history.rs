//! The journal against the redemption rows, redemption by redemption.

use super::{Asked, Findings, IMBALANCES_MAX};
use crate::error::Stored;
use crate::rows;
use sea_orm::{DatabaseTransaction, FromQueryResult};

#[derive(FromQueryResult)]
struct Difference {
    subject: String,
    told: i64,
    held: i64,
}

/// All that was told of a redemption, as one number: two decimal digits per fact. The lines of one
/// redemption lie together in the index.
const TOLD: &str = "SELECT redemption_id, CAST(SUM(CASE fact WHEN 'received' THEN 1 \
    WHEN 'counted' THEN 100 WHEN 'refused' THEN 10000 \
    WHEN 'fulfil_decided' THEN 1000000 WHEN 'refund_decided' THEN 100000000 \
    WHEN 'fulfilled' THEN 10000000000 WHEN 'refunded' THEN 1000000000000 \
    WHEN 'stuck' THEN 100000000000000 ELSE 10000000000000000 END) AS BIGINT) AS told \
    FROM journal WHERE campaign_id = $1 AND ($2 IS NULL OR streamer_id = $2) \
    GROUP BY redemption_id";

/// What must have been told of a row, as the same number; 0 when there is no row.
const HELD: &str = "CASE WHEN r.id IS NULL THEN 0 ELSE 1 \
    + CASE WHEN r.instance_id IS NULL THEN 0 ELSE 100 END \
    + CASE WHEN r.refusal IS NULL THEN 0 ELSE 10000 END \
    + CASE r.direction WHEN 'fulfil' THEN 1000000 WHEN 'refund' THEN 100000000 ELSE 0 END \
    + CASE r.settlement WHEN 'fulfilled' THEN 10000000000 \
        WHEN 'refunded' THEN 1000000000000 ELSE 0 END \
    + r.stuck_count * 100000000000000 + r.retried_count * 10000000000000000 END";

/// Rows of which nothing was told.
const UNTOLD: &str = "SELECT r.id AS subject, CAST(0 AS BIGINT) AS told, \
    CAST(1 AS BIGINT) AS held FROM redemptions r \
    WHERE r.campaign_id = $1 AND ($2 IS NULL OR r.streamer_id = $2) \
    AND NOT EXISTS (SELECT 1 FROM journal j \
        WHERE j.campaign_id = r.campaign_id AND j.redemption_id = r.id)";

pub(super) async fn compare(
    c: &DatabaseTransaction,
    asked: Asked,
    findings: &mut Findings,
) -> Stored<()> {
    let otherwise = format!(
        "SELECT subject, told, held FROM (\
         SELECT j.redemption_id AS subject, j.told AS told, CAST({HELD} AS BIGINT) AS held \
         FROM ({TOLD}) j LEFT JOIN redemptions r ON r.id = j.redemption_id \
         AND r.campaign_id = $1 AND ($2 IS NULL OR r.streamer_id = $2)) AS compared \
         WHERE told <> held LIMIT {IMBALANCES_MAX}"
    );
    let untold = format!("{UNTOLD} LIMIT {IMBALANCES_MAX}");
    for text in [otherwise, untold] {
        for found in rows::select::<Difference>(c, &text, asked.values()).await? {
            let comparison = "journal.history = redemptions.history";
            findings.compare(comparison, found.subject, found.told, found.held);
        }
    }
    Ok(())
}
