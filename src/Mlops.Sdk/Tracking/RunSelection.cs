using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Tracking.TrackingEntities;

namespace Mlops.Sdk.Tracking;

/// <summary>A query on runs as a query on entities.</summary>
internal static class RunSelection
{
    /// <param name="query">What the caller asks for.</param>
    /// <param name="silentSince">Before which a running run gave its last sign of life, when abandoned ones are asked for.</param>
    public static EntityQuery Of(RunQuery query, DateTimeOffset? silentSince)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit ?? 1, 1, nameof(query.Limit));
        if (query.BestBy is not null && query.OrderBy is not null)
        {
            throw new ArgumentException("A query has one order: set BestBy or OrderBy, not both.", nameof(query));
        }

        var order = query.BestBy is null ? query.OrderBy : new Order(MetricPrefix + query.BestBy, Descending: query.Goal == MetricGoal.Maximize);
        return new(RunKind)
        {
            Filter = new EntityFilter.All([.. Conditions(query, silentSince)]),
            Order = order is null ? [] : [order],
            Parts = EntityParts.Body | EntityParts.Attributes,
        };
    }

    private static IEnumerable<EntityFilter> Conditions(RunQuery query, DateTimeOffset? silentSince)
    {
        // A comparison looks into the numbers only, a test for presence also into the texts.
        var deleted = new EntityFilter.Compare(Deleted, Comparison.Greater, 0);
        yield return query.Deleted ? deleted : new EntityFilter.Not(deleted);
        if (query.Experiment is not null)
        {
            yield return new EntityFilter.Compare(ExperimentName, Comparison.Equal, query.Experiment);
        }

        if (query.State is { } state)
        {
            yield return new EntityFilter.Compare(State, Comparison.Equal, Text(state));
        }

        if (query.Parent is not null)
        {
            yield return new EntityFilter.Compare(Parent, Comparison.Equal, query.Parent);
        }

        if (silentSince is { } since)
        {
            yield return new EntityFilter.Compare(State, Comparison.Equal, Text(RunState.Running));
            yield return new EntityFilter.Compare("@modified", Comparison.Less, (since - DateTimeOffset.UnixEpoch).TotalMilliseconds);
        }

        if (query.Filter is not null)
        {
            yield return query.Filter;
        }
    }
}
