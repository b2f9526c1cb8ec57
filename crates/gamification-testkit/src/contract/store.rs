//! The suite of [`Store`] and [`Queries`].
//!
//! No case holds two transactions in one task: on a database with one writer that waits for ever.
//! What a case asks of concurrency, it asks of many tasks at once.

pub mod access;
pub mod catalogue;
pub mod commands;
pub mod cooldowns;
pub mod criticality_rules;
pub mod game;
pub mod goals;
pub mod goals_at_once;
pub mod ledger;
pub mod log;
pub mod logins;
pub mod moderators;
pub mod outbox;
pub mod pages;
pub mod redemptions;
pub mod resume;
pub mod rewards;
pub mod rolls;
pub mod settlement;
pub mod stats;
mod support;
pub mod tables;
pub mod transactions;
pub mod vtt;

use gamification_core::ports::{Queries, Store};
use std::any::Any;
use std::sync::Arc;

/// A store to test: migrated, without people, campaigns or goals, and nobody else uses it. Built-in
/// events may be there.
pub struct StoreUnderTest {
    /// Transactions.
    pub store: Arc<dyn Store>,
    /// Reads of the same data.
    pub queries: Arc<dyn Queries>,
    /// Kept until the case is over: a directory, a database to drop.
    pub _guard: Box<dyn Any + Send>,
}

/// Expands to the tests of a [`Store`] with its [`Queries`]: `store_contract!(make)`, where
/// `make()` gives a future of a
/// [`StoreUnderTest`](crate::contract::store::StoreUnderTest), a fresh one at each call.
#[macro_export]
macro_rules! store_contract {
    ($make:expr) => {
        $crate::contract_cases! {
            fresh_store: $crate::contract::store::StoreUnderTest, $make,
            $crate::contract::store::transactions => transactions {
                what_was_not_committed_never_was,
                what_is_not_committed_is_not_seen,
                what_was_committed_is_seen_by_every_later_transaction,
                a_transaction_that_was_dropped_does_not_block_the_next,
                a_transaction_sees_its_own_writes,
            }
            $crate::contract::store::goals => goals {
                a_goal_comes_back_as_it_was_stored_in_every_state,
                a_second_goal_is_not_inserted_while_one_is_open,
                other_scopes_events_and_campaigns_have_goals_of_their_own,
                changing_a_goal_that_is_not_there_is_contention,
                the_open_goal_of_a_scope_is_found,
                open_goals_are_locked_in_the_order_of_their_keys,
                the_most_overdue_goals_come_first,
                open_goals_are_read_oldest_first,
                a_trigger_fires_once_per_key,
            }
            $crate::contract::store::goals_at_once => goals_at_once {
                of_twenty_simultaneous_goals_one_opens_and_the_others_find_it,
                fifty_simultaneous_clicks_on_one_scope_all_count,
                fifty_simultaneous_clicks_on_one_goal_all_count,
                a_trigger_that_fires_twenty_times_at_once_fires_once,
                no_goal_stays_open_when_its_event_is_disabled_meanwhile,
                simultaneous_changes_of_a_campaign_all_count,
                simultaneous_changes_of_a_setting_all_count,
            }
            $crate::contract::store::cooldowns => cooldowns {
                a_cooldown_holds_in_its_scope_until_its_end,
                a_cooldown_without_an_end_holds_until_it_is_cleared,
                cooldowns_that_wait_for_an_event_are_released_in_their_scope,
                cooldowns_are_cleared_where_named,
                cooling_goals_are_read,
            }
            $crate::contract::store::redemptions => redemptions {
                a_redemption_comes_back_as_it_was_recorded,
                a_redemption_is_recorded_once,
                a_redemption_that_comes_twice_in_one_batch_is_recorded_once,
                fifty_simultaneous_deliveries_are_recorded_once,
                known_redemptions_are_told_from_new_ones,
                clicks_of_viewers_are_counted_over_all_channels,
                unsettled_rows_of_a_reward_are_counted,
            }
            $crate::contract::store::moderators => moderators {
                a_moderator_ends_a_pending_row_and_nothing_else_moves_it,
                a_moderator_ends_a_stuck_row,
            }
            $crate::contract::store::settlement => settlement {
                a_direction_is_decided_once,
                simultaneous_ends_of_a_goal_decide_one_direction,
                a_claim_holds_one_reward_and_one_direction_longest_due_first,
                a_channel_whose_rows_are_claimed_is_left_alone_until_the_lease_ends,
                rows_of_a_reward_without_a_twitch_id_are_not_claimed,
                simultaneous_claimers_never_get_the_same_row_nor_the_same_channel,
                simultaneous_settlers_settle_every_row_once,
                a_settled_row_says_how_and_by_whom,
                a_postponed_row_is_not_due_before_its_time,
                a_stuck_row_waits_for_a_person,
                an_outcome_is_applied_once,
                only_a_stuck_row_is_retried,
            }
            $crate::contract::store::resume => resume {
                a_row_that_waits_for_a_login_spends_no_attempt,
                each_claim_counts_as_an_attempt_and_waiting_takes_it_back,
                only_a_due_row_waits_for_a_login,
                a_channel_whose_login_returned_goes_on_at_once,
                rows_that_got_stuck_for_a_login_go_on_in_their_direction,
                simultaneous_returns_of_a_login_retry_every_row_once,
                what_twitch_has_to_hold_unfulfilled_is_listed_oldest_first,
            }
            $crate::contract::store::logins => logins {
                a_login_comes_back_as_it_was_saved_in_every_state,
                a_newer_login_replaces_the_one_before,
                logins_are_read_of_those_who_ever_logged_in,
                a_twitch_account_logs_one_person_in,
                simultaneous_changes_of_a_login_all_count,
                a_session_is_found_by_its_hash_and_ends_once,
                a_hash_belongs_to_one_session,
                sessions_that_are_over_are_forgotten,
            }
            $crate::contract::store::outbox => outbox {
                the_oldest_due_effect_of_each_channel_is_taken,
                a_channel_stays_quiet_after_something_happened,
                a_postponed_effect_is_tried_again_in_its_time,
                an_effect_whose_taker_is_lost_is_never_tried_again,
                only_a_taken_effect_ends,
                an_effect_is_pushed_once,
                simultaneous_takers_never_get_the_same_effect_nor_the_same_channel,
                simultaneous_workers_do_everything_once,
                what_was_done_or_failed_is_forgotten_in_time,
                what_waits_goes_with_its_campaign,
            }
            $crate::contract::store::ledger => ledger {
                an_empty_ledger_balances,
                a_ledger_balances_through_every_state_of_a_redemption,
                the_ledger_of_a_channel_holds_its_rows_alone,
                a_group_goals_ledger_balances_per_channel,
                what_a_moderator_settled_the_other_way_still_balances,
                progress_without_redemptions_is_an_imbalance,
                a_goal_that_ended_without_its_redemptions_is_an_imbalance,
                the_tally_of_a_goal_holds_its_counted_redemptions,
            }
            $crate::contract::store::stats => stats {
                a_campaign_without_goals_has_empty_statistics,
                goals_are_counted_by_where_they_stand,
                who_gave_most_is_told_without_what_was_given_back,
                a_goal_filled_with_its_last_click,
                points_are_told_for_the_day_on_which_something_became_of_them,
            }
            $crate::contract::store::log => log {
                sequence_numbers_are_consecutive_per_campaign,
                facts_come_back_as_they_were_told,
                the_log_is_read_in_parts,
                a_reader_that_follows_the_log_misses_nothing,
                simultaneous_writers_get_numbers_of_their_own,
                old_facts_are_forgotten_but_the_newest_stay,
                a_log_of_which_all_was_forgotten_goes_on_with_its_numbers,
            }
            $crate::contract::store::rewards => rewards {
                a_reward_comes_back_as_it_was_stored,
                an_opt_in_has_one_live_reward,
                of_twenty_simultaneous_rewards_of_an_opt_in_one_is_inserted,
                rewards_are_found_by_what_twitch_calls_them,
                rewards_that_are_not_deleted_are_listed,
                channels_are_listed_while_a_reward_is_not_deleted,
                changing_a_reward_that_is_not_there_is_contention,
            }
            $crate::contract::store::commands => commands {
                the_steps_of_an_execution_come_back_in_order,
                a_changed_command_comes_back_as_it_was_stored,
                open_commands_come_oldest_goal_first,
                commands_that_were_sent_to_a_world_are_found,
                closing_an_execution_leaves_finished_steps_alone,
                changing_a_command_that_is_not_there_is_contention,
            }
            $crate::contract::store::rolls => rolls {
                a_roll_comes_back_as_it_was_seen,
                a_roll_of_a_message_is_seen_once,
                of_twenty_simultaneous_reports_of_a_roll_one_is_new,
                an_attributed_roll_comes_back_changed,
                rolls_are_filtered,
            }
            $crate::contract::store::criticality_rules => criticality_rules {
                rules_come_back_in_the_order_in_which_they_are_tried,
                a_rule_is_inserted_and_deleted_once,
                a_rule_is_deleted_only_through_its_campaign,
                rules_go_with_their_campaign,
            }
            $crate::contract::store::vtt => vtt {
                a_connection_comes_back_as_it_was_stored,
                the_connection_that_holds_wins_over_revoked_ones,
                connections_are_found_by_world_and_key,
                a_code_is_used_by_one_running_pairing,
                the_newest_pairing_of_a_code_is_found,
                claimed_pairings_stay_open_until_they_are_completed,
                tokens_are_found_by_their_hashes_and_revoked_together,
                simultaneous_elections_get_epochs_of_their_own,
            }
            $crate::contract::store::tables => vtt_tables {
                a_combat_comes_back_as_it_was_told_last,
                combats_whose_time_has_come_are_found,
                simultaneous_reports_of_a_combat_all_count,
                clients_are_listed_while_they_are_seen,
                a_node_renews_its_own_clients_and_forgets_those_of_lost_nodes,
                combats_and_clients_go_with_their_campaign,
                a_deleted_character_is_gone_and_its_actor_may_come_back,
            }
            $crate::contract::store::game => game {
                people_are_found_by_key_login_and_account,
                a_person_is_replaced,
                a_twitch_account_belongs_to_one_person,
                a_store_without_people_says_so,
                what_a_person_chose_comes_back_and_is_replaced,
                nobody_chooses_who_is_not_known,
                a_campaign_comes_back_as_it_was_stored,
                a_campaign_is_inserted_once_and_changed_only_where_it_is,
                a_deleted_campaign_leaves_its_ledger,
                campaigns_that_are_being_deleted_are_listed,
                memberships_are_kept_per_streamer,
                members_who_left_are_not_listed,
                characters_are_found_by_their_actor,
            }
            $crate::contract::store::catalogue => catalogue {
                an_event_comes_back_as_it_was_stored,
                a_slug_is_taken_once,
                an_event_is_changed_and_deleted_with_its_settings,
                an_event_is_in_use_while_anything_of_it_runs,
                a_setting_comes_back_as_it_was_stored,
                settings_and_opt_ins_are_listed_in_order,
            }
            $crate::contract::store::access => access {
                a_key_is_found_by_its_hash_until_it_is_revoked,
                keys_are_listed_newest_first,
                an_overlay_is_found_by_its_newest_token,
                the_overlays_of_a_streamer_that_work_are_listed_newest_first,
                what_overlays_told_last_is_kept,
                what_a_replaced_overlay_told_is_forgotten,
                a_repeated_request_gets_the_first_answer,
                of_twenty_simultaneous_claims_of_a_key_one_is_new,
                a_claim_runs_out,
                a_claim_that_was_given_back_is_new_again,
            }
            $crate::contract::store::pages => pages {
                a_list_is_read_in_parts_without_a_gap_or_a_repeat,
                rows_of_the_same_moment_are_told_apart_across_parts,
                a_row_that_comes_meanwhile_is_neither_repeated_nor_in_the_way,
                goals_are_filtered,
                goals_are_found_by_a_part_of_their_events_name,
                redemptions_are_filtered,
                the_catalogue_is_listed_by_slug,
                campaigns_of_a_person_are_listed,
                the_audit_is_listed_newest_first,
                a_cursor_of_another_kind_is_refused,
            }
        }
    };
}
