using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Conformance.Tests.Metadata;

public sealed class BrokenMetadataStoreTests
{
    [Fact]
    public Task A_store_that_numbers_by_maximum_plus_one_is_rejected() => RejectsAsync<NumbersByMaximum>(
        nameof(MetadataStoreConformance.Numbers_are_never_used_again),
        nameof(MetadataStoreConformance.Numbers_of_64_writers_have_no_gap_and_no_duplicate));

    [Fact]
    public Task A_store_that_ignores_expected_revisions_is_rejected() => RejectsAsync<IgnoresRevisions>(
        nameof(MetadataStoreConformance.A_put_or_delete_at_another_revision_conflicts),
        nameof(MetadataStoreConformance.Of_16_writers_with_one_expected_revision_exactly_one_wins_each_round),
        nameof(MetadataStoreConformance.All_changes_are_applied_or_none),
        nameof(MetadataStoreConformance.Random_operations_agree_with_the_model));

    [Fact]
    public Task A_store_that_drops_NaN_is_rejected() => RejectsAsync<DropsNaN>(
        nameof(MetadataStoreConformance.Every_number_survives_a_round_trip_as_an_attribute),
        nameof(MetadataStoreConformance.Every_number_survives_a_round_trip_as_a_point),
        nameof(MetadataStoreConformance.NaN_equals_itself_and_is_neither_less_nor_greater),
        nameof(MetadataStoreConformance.The_greatest_point_by_step_time_and_value_is_the_attribute),
        nameof(MetadataStoreConformance.Numbers_come_before_NaN_texts_and_absent_in_both_directions),
        nameof(MetadataStoreConformance.Random_operations_agree_with_the_model));

    [Fact]
    public Task A_store_that_commits_in_pieces_is_rejected() => RejectsAsync<CommitsInPieces>(
        nameof(MetadataStoreConformance.A_required_revision_must_be_the_one_found),
        nameof(MetadataStoreConformance.Random_operations_agree_with_the_model));

    [Fact]
    public Task A_store_that_forgets_changesets_is_rejected() => RejectsAsync<ForgetsChangesets>(
        nameof(MetadataStoreConformance.A_replayed_changeset_returns_the_first_result_and_changes_nothing),
        nameof(MetadataStoreConformance.One_changeset_committed_by_16_callers_is_applied_once),
        nameof(MetadataStoreConformance.A_commit_that_was_cancelled_at_any_moment_can_be_retried));

    [Fact]
    public Task A_store_whose_feed_loses_events_is_rejected() => RejectsAsync<LosesEvents>(
        nameof(MetadataStoreConformance.A_reader_who_follows_16_writers_misses_nothing_and_sees_commit_order),
        nameof(MetadataStoreConformance.Events_are_selected_by_position_kind_and_subject),
        nameof(MetadataStoreConformance.Random_operations_agree_with_the_model));

    [Fact]
    public Task A_store_whose_pages_skip_rows_is_rejected() => RejectsAsync<SkipsRows>(
        nameof(MetadataStoreConformance.Paging_is_exact_while_others_insert_and_delete),
        nameof(MetadataStoreConformance.Filter_order_and_paging_work_together),
        nameof(MetadataStoreConformance.Random_operations_agree_with_the_model));

    [Fact]
    public Task A_store_with_the_logic_of_SQL_is_rejected() => RejectsAsync<ThreeValuedLogic>(
        nameof(MetadataStoreConformance.An_absent_attribute_and_one_of_the_other_type_fail_every_comparison),
        nameof(MetadataStoreConformance.Every_comparison_of_every_value_with_every_value_is_as_the_contract_says),
        nameof(MetadataStoreConformance.Random_operations_agree_with_the_model));

    [Fact]
    public Task A_store_that_takes_the_last_point_for_the_latest_is_rejected() => RejectsAsync<LatestIsLast>(
        nameof(MetadataStoreConformance.The_greatest_point_by_step_time_and_value_is_the_attribute),
        nameof(MetadataStoreConformance.An_older_point_in_a_later_changeset_never_replaces_the_latest_value),
        nameof(MetadataStoreConformance.Random_operations_agree_with_the_model));

    [Fact]
    public async Task A_wrapper_that_breaks_nothing_passes_every_fact()
    {
        foreach (var fact in SuiteRunner.Facts(typeof(Suite)))
        {
            (await SuiteRunner.FailureAsync(() => new Suite(() => new WrappedStore()), fact)).Should().BeNull($"{fact} must not blame an honest store");
        }
    }

    private static async Task RejectsAsync<TStore>(params string[] facts)
        where TStore : IMetadataStore, new()
    {
        foreach (var fact in facts)
        {
            (await SuiteRunner.FailureAsync(() => new Suite(() => new TStore()), fact)).Should().NotBeNull($"{fact} must reject {typeof(TStore).Name}");
        }

        (await SuiteRunner.FailureAsync(() => new Suite(() => new TStore()), nameof(MetadataStoreConformance.Creating_what_exists_conflicts_and_changes_nothing)))
            .Should().BeNull("what the store does right must pass");
    }

    private sealed class Suite(Func<IMetadataStore> make) : MetadataStoreConformance
    {
        protected override Task<IMetadataStore> CreateAsync() => Task.FromResult(make());
    }
}
