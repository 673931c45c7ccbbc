using Microsoft.Extensions.Time.Testing;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tests.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking;

/// <summary>What others do between a read and the commit that follows from it.</summary>
public sealed class RunRaceTests : IAsyncDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly TroubledStore store;
    private readonly TrackingBench bench;

    public RunRaceTests()
    {
        store = new(clock: clock);
        bench = new(mlops => mlops.UseMetadataStore(_ => store));
    }

    private static CancellationToken Token => TrackingBench.Token;

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task A_sign_of_life_after_the_run_was_read_keeps_it()
    {
        var run = new EntityId("run", await AbandonedAsync());
        store.Meanwhile = () => store.CommitAsync(new(MlopsId.New(), "a", [new Change.Touch(run)]), Token);

        await FluentActions.Awaiting(() => bench.Tracker.ResumeRunAsync(run.Key, Token)).Should().ThrowAsync<ConflictException>().WithMessage("*not resumed*sign of life*");
    }

    [Fact]
    public async Task No_run_starts_below_one_that_is_deleted_just_now()
    {
        var parent = await AbandonedAsync();
        store.Meanwhile = () => bench.Tracker.DeleteRunAsync(parent, Token);

        await FluentActions.Awaiting(() => bench.Tracker.StartRunAsync("e", new() { Parent = parent }, Token)).Should().ThrowAsync<ConflictException>().WithMessage($"*{parent}*deleted*");
    }

    [Fact]
    public async Task A_run_is_not_restored_below_one_that_is_deleted_just_now()
    {
        var parent = await AbandonedAsync();
        var child = await AbandonedAsync(parent);
        await bench.Tracker.DeleteRunAsync(child, Token);
        store.Meanwhile = () => bench.Tracker.DeleteRunAsync(parent, Token);

        await FluentActions.Awaiting(() => bench.Tracker.RestoreRunAsync(child, Token)).Should().ThrowAsync<ConflictException>().WithMessage($"*{parent}*");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_deletion_that_was_interrupted_is_finished_by_the_same_call(int commits)
    {
        var parent = await AbandonedAsync();
        var child = await AbandonedAsync(parent);
        var below = await AbandonedAsync(child);
        LoseAfter(commits);
        await FluentActions.Awaiting(() => bench.Tracker.DeleteRunAsync(parent, Token)).Should().ThrowAsync<MlopsException>();
        (await bench.Tracker.GetRunAsync(below, Token)).Deleted.Should().BeNull("the last level was not reached");

        await bench.Tracker.DeleteRunAsync(parent, Token);

        (await bench.Tracker.ListRunsAsync(cancellationToken: Token).CountAsync(Token)).Should().Be(0);
        LoseAfter(commits);
        await FluentActions.Awaiting(() => bench.Tracker.RestoreRunAsync(parent, Token)).Should().ThrowAsync<MlopsException>();
        (await bench.Tracker.GetRunAsync(below, Token)).Deleted.Should().NotBeNull();
        await bench.Tracker.RestoreRunAsync(parent, Token);
        (await bench.Tracker.ListRunsAsync(cancellationToken: Token).CountAsync(Token)).Should().Be(3);
    }

    [Fact]
    public async Task A_child_that_somebody_else_deletes_first_is_not_deleted_with_its_parent()
    {
        var parent = await AbandonedAsync();
        var (child, sibling) = (await AbandonedAsync(parent), await AbandonedAsync(parent));
        store.Meanwhile = () =>
        {
            store.Meanwhile = () => bench.Tracker.DeleteRunAsync(child, Token);
            return Task.CompletedTask;
        };
        await bench.Tracker.DeleteRunAsync(parent, Token);
        (await bench.Tracker.ListRunsAsync(cancellationToken: Token).CountAsync(Token)).Should().Be(0);

        await bench.Tracker.RestoreRunAsync(parent, Token);

        (await bench.Tracker.ListRunsAsync(cancellationToken: Token).Select(run => run.Id).ToListAsync(Token)).Should().Equal(sibling, parent);
    }

    /// <summary>Breaks off after so many commits.</summary>
    private void LoseAfter(int commits) => store.Meanwhile = () =>
    {
        if (commits == 1)
        {
            store.Lose(1);
        }
        else
        {
            LoseAfter(commits - 1);
        }

        return Task.CompletedTask;
    };

    /// <summary>A run that nobody writes any more, as a process that was killed leaves it.</summary>
    private async Task<string> AbandonedAsync(string? parent = null)
    {
        var run = await bench.Tracker.StartRunAsync("e", new() { Parent = parent }, Token);
        clock.Advance(TimeSpan.FromMinutes(3));
        return run.Id;
    }
}
