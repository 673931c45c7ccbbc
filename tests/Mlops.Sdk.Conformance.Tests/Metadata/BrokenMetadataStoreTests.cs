using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Conformance.Tests.Metadata.BrokenStoreSuite;
using Facts = Mlops.Sdk.Metadata.MetadataStoreConformance;

namespace Mlops.Sdk.Conformance.Tests.Metadata;

/// <summary>Each store is broken in one way that a real database suggests, and the suite must name the fact.</summary>
public sealed class BrokenCommitTests
{
    [Fact]
    public Task A_store_that_numbers_by_maximum_plus_one_is_rejected() =>
        RejectsAsync<NumbersByMaximum>(nameof(Facts.Numbers_are_never_used_again), nameof(Facts.Numbers_of_64_writers_have_no_gap_and_no_duplicate));

    [Fact]
    public Task A_store_that_numbers_from_a_sequence_of_the_database_is_rejected() =>
        RejectsAsync<NumbersFromSequence>(nameof(Facts.A_refused_changeset_uses_no_number), nameof(Facts.Numbers_of_64_writers_have_no_gap_and_no_duplicate));

    [Fact]
    public Task A_store_that_ignores_expected_revisions_is_rejected() => RejectsAsync<IgnoresRevisions>(
        nameof(Facts.A_put_or_delete_at_another_revision_conflicts),
        nameof(Facts.Of_16_writers_with_one_expected_revision_exactly_one_wins_each_round),
        nameof(Facts.All_changes_are_applied_or_none),
        nameof(Facts.Random_operations_agree_with_the_model));

    [Fact]
    public Task A_store_that_commits_in_pieces_is_rejected() =>
        RejectsAsync<CommitsInPieces>(nameof(Facts.A_required_revision_must_be_the_one_found), nameof(Facts.Random_operations_agree_with_the_model));

    [Fact]
    public Task A_store_that_forgets_changesets_is_rejected() => RejectsAsync<ForgetsChangesets>(
        nameof(Facts.A_replayed_changeset_returns_the_first_result_and_changes_nothing),
        nameof(Facts.One_changeset_committed_by_16_callers_is_applied_once),
        nameof(Facts.A_changeset_that_is_retried_through_another_host_is_applied_once),
        nameof(Facts.A_commit_that_was_cancelled_at_any_moment_can_be_retried));

    [Fact]
    public Task A_store_that_remembers_conflicts_is_rejected() => RejectsAsync<RemembersConflicts>(nameof(Facts.A_changeset_that_ended_in_a_conflict_is_evaluated_anew));

    [Fact]
    public Task A_store_that_knows_changesets_by_their_content_is_rejected() => RejectsAsync<KnowsChangesetsByContent>(nameof(Facts.A_replay_is_known_by_its_id_whatever_it_holds_now));

    [Fact]
    public Task A_store_that_throws_conflicts_is_rejected() =>
        RejectsAsync<ThrowsConflicts>(nameof(Facts.Creating_what_exists_conflicts_and_changes_nothing), nameof(Facts.Every_change_of_a_missing_entity_conflicts));

    [Fact]
    public Task A_store_that_takes_the_last_point_for_the_latest_is_rejected() => RejectsAsync<LatestIsLast>(
        nameof(Facts.The_greatest_point_by_step_time_and_value_is_the_attribute),
        nameof(Facts.An_older_point_in_a_later_changeset_never_replaces_the_latest_value),
        nameof(Facts.Random_operations_agree_with_the_model));

    [Fact]
    public Task A_store_in_which_appending_raises_the_revision_is_rejected() => RejectsAsync<AppendRaisesRevision>(nameof(Facts.Commuting_changes_leave_the_revision_alone));

    [Fact]
    public Task A_store_in_which_appending_is_a_modification_is_rejected() => RejectsAsync<AppendTouches>(nameof(Facts.Modified_moves_when_an_entity_is_put_set_or_touched_and_only_then));

    [Fact]
    public Task A_store_in_which_setting_the_same_once_more_is_a_modification_is_rejected() => RejectsAsync<SetOnceTouches>(nameof(Facts.Modified_moves_when_an_entity_is_put_set_or_touched_and_only_then));

    [Fact]
    public Task A_store_that_leaves_links_behind_is_rejected() =>
        RejectsAsync<KeepsLinks>(nameof(Facts.A_deleted_entity_takes_everything_but_its_events_along), nameof(Facts.An_entity_may_be_linked_to_itself));

    [Fact]
    public Task A_store_that_deletes_events_is_rejected() => RejectsAsync<DeletesEvents>(nameof(Facts.A_deleted_entity_takes_everything_but_its_events_along));
}

public sealed class BrokenRaceTests
{
    [Fact]
    public Task A_store_that_loses_a_concurrent_update_is_rejected() => RejectsAsync<LosesConcurrentUpdates>(
        [nameof(Facts.No_update_of_concurrent_writers_is_lost), nameof(Facts.Of_16_writers_with_one_expected_revision_exactly_one_wins_each_round)],
        [nameof(Facts.A_put_or_delete_at_another_revision_conflicts), nameof(Facts.All_changes_are_applied_or_none)]);

    [Fact]
    public Task A_store_that_checks_its_guards_before_the_transaction_is_rejected() => RejectsAsync<ChecksGuardsBeforehand>(
        [nameof(Facts.Guards_hold_against_whoever_commits_at_the_same_time)],
        [nameof(Facts.A_required_attribute_must_have_the_value), nameof(Facts.A_required_existence_and_absence_are_checked)]);

    [Fact]
    public Task A_store_that_shows_deadlocks_is_rejected() => RejectsAsync<ShowsDeadlocks>(nameof(Facts.Writers_who_take_the_same_entities_in_opposite_order_all_commit));

    [Fact]
    public Task A_store_that_reads_without_a_snapshot_is_rejected() => RejectsAsync<ReadsOneByOne>(nameof(Facts.Entities_are_found_in_one_snapshot_while_others_write));

    [Fact]
    public Task A_store_that_reads_what_was_true_is_rejected() => RejectsAsync<CachesEntities>(
        [nameof(Facts.What_one_host_committed_another_sees_at_once)],
        [nameof(Facts.Changes_are_applied_in_order), nameof(Facts.A_snapshot_never_changes_afterwards)]);

    [Fact]
    public Task A_store_that_takes_its_time_from_the_client_is_rejected() => RejectsAsync<TimesFromClient>(
        [nameof(Facts.The_stores_clock_grows_whatever_the_clocks_of_its_hosts_say)],
        [nameof(Facts.An_entity_required_unmodified_since_its_reading_must_not_have_been_touched)]);

    [Fact]
    public Task A_store_whose_feed_loses_events_is_rejected() => RejectsAsync<LosesEvents>(
        nameof(Facts.A_reader_who_follows_16_writers_misses_nothing_and_sees_commit_order),
        nameof(Facts.Events_are_selected_by_position_kind_and_subject),
        nameof(Facts.Random_operations_agree_with_the_model));

    [Fact]
    public Task A_store_whose_feed_loses_late_commits_is_rejected() => RejectsAsync<LosesLateCommits>(
        [nameof(Facts.A_reader_who_follows_short_and_long_commits_of_several_hosts_misses_nothing)],
        [nameof(Facts.Events_are_selected_by_position_kind_and_subject), nameof(Facts.An_event_is_read_back_as_it_was_noted)]);

    [Fact]
    public Task A_store_that_gives_a_position_to_a_commit_instead_of_an_event_is_rejected() =>
        RejectsAsync<OnePositionACommit>(nameof(Facts.An_event_is_read_back_as_it_was_noted), nameof(Facts.A_reader_who_follows_16_writers_misses_nothing_and_sees_commit_order));

    [Fact]
    public Task A_store_that_wakes_nobody_is_rejected() =>
        RejectsAsync<WakesNobody>(nameof(Facts.A_waiting_reader_wakes_up_at_the_first_event_that_it_asked_for), nameof(Facts.A_waiting_reader_wakes_up_when_another_host_commits));
}

public sealed class BrokenValueTests
{
    [Fact]
    public Task A_store_that_drops_NaN_is_rejected() => RejectsAsync<DropsNaN>(
        nameof(Facts.Every_number_survives_a_round_trip_as_an_attribute),
        nameof(Facts.Every_number_survives_a_round_trip_as_a_point),
        nameof(Facts.NaN_equals_itself_and_is_neither_less_nor_greater),
        nameof(Facts.The_greatest_point_by_step_time_and_value_is_the_attribute),
        nameof(Facts.Numbers_come_before_NaN_texts_and_absent_in_both_directions),
        nameof(Facts.Random_operations_agree_with_the_model));

    [Fact]
    public Task A_store_that_loses_the_sign_of_zero_is_rejected() =>
        RejectsAsync<LosesTheSignOfZero>(nameof(Facts.The_sign_of_zero_survives));

    [Fact]
    public Task A_store_of_single_precision_is_rejected() =>
        RejectsAsync<SinglePrecision>(nameof(Facts.Every_number_survives_a_round_trip_as_an_attribute), nameof(Facts.Every_number_survives_a_round_trip_as_a_point));

    [Fact]
    public Task A_store_of_short_steps_is_rejected() => RejectsAsync<ShortSteps>(nameof(Facts.Points_are_read_by_owner_key_and_range_of_steps));

    [Fact]
    public Task A_store_that_rounds_times_of_points_is_rejected() => RejectsAsync<RoundsTimesOfPoints>(nameof(Facts.Times_of_points_are_cut_to_the_millisecond_before_they_are_compared));

    [Fact]
    public Task A_store_that_rounds_times_of_entities_is_rejected() => RejectsAsync<KeepsMilliseconds>(nameof(Facts.Modified_moves_when_an_entity_is_put_set_or_touched_and_only_then));

    [Fact]
    public Task A_store_that_takes_an_empty_text_for_nothing_is_rejected() => RejectsAsync<EmptyIsNothing>(nameof(Facts.An_empty_text_is_not_nothing), nameof(Facts.Every_text_survives_a_round_trip));

    [Fact]
    public Task A_store_that_cuts_texts_is_rejected() => RejectsAsync<CutsTexts>(nameof(Facts.What_just_fits_the_limits_is_kept), nameof(Facts.Long_texts_are_kept_and_compared_to_their_last_character));

    [Fact]
    public Task A_store_that_normalizes_texts_is_rejected() => RejectsAsync<NormalizesTexts>(nameof(Facts.Every_text_survives_a_round_trip), nameof(Facts.Texts_that_a_collation_takes_for_equal_are_told_apart));

    [Fact]
    public Task A_store_that_ignores_the_case_of_keys_is_rejected() =>
        RejectsAsync<IgnoresCaseOfKeys>(nameof(Facts.Names_that_a_collation_takes_for_equal_are_told_apart), nameof(Facts.Names_of_any_script_are_kept_and_told_apart));

    [Fact]
    public Task A_store_that_finds_half_characters_is_rejected() => RejectsAsync<FindsHalfCharacters>(nameof(Facts.What_no_store_can_hold_is_not_found_and_no_error));
}

public sealed class BrokenQueryTests
{
    [Fact]
    public Task A_store_with_the_logic_of_SQL_is_rejected() => RejectsAsync<ThreeValuedLogic>(
        nameof(Facts.An_absent_attribute_and_one_of_the_other_type_fail_every_comparison),
        nameof(Facts.Every_comparison_of_every_value_with_every_value_is_as_the_contract_says),
        nameof(Facts.Filters_nest),
        nameof(Facts.Random_operations_agree_with_the_model));

    [Fact]
    public Task A_store_that_compares_without_regard_to_case_is_rejected() =>
        RejectsAsync<IgnoresCase>(nameof(Facts.Texts_that_a_collation_takes_for_equal_are_told_apart), nameof(Facts.Every_comparison_of_every_value_with_every_value_is_as_the_contract_says));

    [Fact]
    public Task A_store_that_pads_texts_with_spaces_is_rejected() => RejectsAsync<PadsWithSpaces>(nameof(Facts.Texts_that_a_collation_takes_for_equal_are_told_apart));

    [Fact]
    public Task A_store_in_which_a_backslash_escapes_is_rejected() => RejectsAsync<EscapesPatterns>(nameof(Facts.A_pattern_matches_the_whole_text));

    [Fact]
    public Task A_store_that_compares_the_beginning_of_a_text_is_rejected() => RejectsAsync<ComparesPrefixes>(nameof(Facts.Long_texts_are_kept_and_compared_to_their_last_character));

    [Fact]
    public Task A_store_whose_pages_skip_rows_is_rejected() => RejectsAsync<SkipsRows>(
        nameof(Facts.Paging_is_exact_while_others_insert_and_delete),
        nameof(Facts.Filter_order_and_paging_work_together),
        nameof(Facts.Random_operations_agree_with_the_model));

    [Fact]
    public Task A_store_whose_pages_count_rows_is_rejected() => RejectsAsync<CountsRows>(
        [nameof(Facts.Paging_is_exact_while_others_insert_and_delete), nameof(Facts.The_token_of_another_query_is_refused)],
        [nameof(Facts.Filter_order_and_paging_work_together), nameof(Facts.The_last_page_has_no_token)]);

    [Fact]
    public Task A_store_that_takes_any_token_is_rejected() => RejectsAsync<TakesAnyToken>(nameof(Facts.The_token_of_another_query_is_refused));
}
