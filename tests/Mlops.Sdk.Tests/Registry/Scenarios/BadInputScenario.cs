using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry.Scenarios;

/// <summary>What nobody should write is refused before anything is stored, and what is allowed comes back as it was.</summary>
public abstract class BadInputScenario : RegistryScenario
{
    public static TheoryData<string> BadNames => ["", " ", "a/b", "../x", "a b", "ü", "🚀", "a\0", "a\n", "\ud83d", "a'; drop table entity; --", new string('x', 101), new string('x', 250), new string('x', 10_000)];

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task A_bad_name_is_refused_everywhere(string name)
    {
        var package = (await Host.PackageAsync()).Package;
        await RegisterAsync(1, "m");
        var alias = new ModelAlias("m", "champion", 1, 1, default);
        Func<Task>[] calls =
        [
            () => Registry.RegisterAsync(new() { Model = name, Package = package }, Cancel),
            () => Registry.RegisterAsync(new() { Model = "m", Package = package, Tags = new Dictionary<string, string> { [name] = "x" } }, Cancel),
            () => Registry.FindModelAsync(name, Cancel),
            () => Registry.FindVersionAsync(name, 1, Cancel),
            () => Registry.FindVersionByAliasAsync(name, "champion", Cancel),
            () => Registry.FindVersionByAliasAsync("m", name, Cancel),
            () => Registry.FindAliasAsync("m", name, Cancel),
            () => Registry.MoveAliasAsync(name, "champion", 1, null, cancellationToken: Cancel),
            () => Registry.MoveAliasAsync("m", name, 1, null, cancellationToken: Cancel),
            () => Registry.RemoveAliasAsync(alias with { Model = name }, cancellationToken: Cancel),
            () => Registry.RemoveAliasAsync(alias with { Alias = name }, cancellationToken: Cancel),
            () => Registry.EditModelAsync(name, new(), Cancel),
            () => Registry.EditVersionAsync("m", 1, new() { Tags = new Dictionary<string, string?> { [name] = "x" } }, Cancel),
            () => Registry.SetTagAsync("m", 1, name, "x", Cancel),
            () => Registry.DeleteVersionAsync(name, 1, cancellationToken: Cancel),
            () => Registry.RestoreVersionAsync(name, 1, cancellationToken: Cancel),
            () => Registry.RequestApprovalAsync(name, 1, cancellationToken: Cancel),
            () => Registry.FindApprovalAsync(name, 1, Cancel),
            () => Registry.ListVersionsAsync(name, Cancel).ToListAsync(Cancel).AsTask(),
            () => Registry.ListEventsAsync(name, Cancel).ToListAsync(Cancel).AsTask(),
            () => Registry.ListAliasHistoryAsync("m", name, Cancel).ToListAsync(Cancel).AsTask(),
            () => Registry.WatchAsync(name, cancellationToken: Cancel).FirstAsync(Cancel).AsTask(),
            () => Host.Aliases.ResolveAsync("m", name, Cancel).AsTask(),
        ];

        foreach (var call in calls)
        {
            (await call.Should().ThrowAsync<ArgumentException>()).Which.Message.Length.Should().BeLessThan(400);
        }

        (await Registry.ListEventsAsync("m", Cancel).CountAsync(Cancel)).Should().Be(1);
        (await Registry.ListModelsAsync(Cancel).CountAsync(Cancel)).Should().Be(1);
    }

    [Fact]
    public async Task Texts_that_are_too_long_or_that_no_store_can_keep_are_refused()
    {
        var package = (await Host.PackageAsync()).Package;
        await RegisterAsync(1, "m");
        var registration = new ModelRegistration { Model = "m", Package = package };
        Func<Task>[] calls =
        [
            .. new[] { new string('x', 4001), "a\0b", "half \ud83d" }.SelectMany(text => new Func<Task>[]
            {
                () => Registry.RegisterAsync(registration with { Description = text }, Cancel),
                () => Registry.EditModelAsync("m", new() { Description = text }, Cancel),
                () => Registry.EditVersionAsync("m", 1, new() { Description = text }, Cancel),
                () => Registry.MoveAliasAsync("m", "a", 1, null, text, Cancel),
                () => Registry.DeleteVersionAsync("m", 1, text, Cancel),
                () => Registry.RequestApprovalAsync("m", 1, text, Cancel),
            }),
            () => Registry.RegisterAsync(registration with { Owner = new('x', 201) }, Cancel),
            () => Registry.RegisterAsync(registration with { Commit = "a\nb" }, Cancel),
            () => Registry.RegisterAsync(registration with { IdempotencyKey = new('k', 1001) }, Cancel),
            () => Registry.EditModelAsync("m", new() { Owner = "a\tb" }, Cancel),
            () => Registry.SetTagAsync("m", 1, "t", new string('x', 17_000), Cancel),
            () => Registry.DecideApprovalAsync("m", 1, (ApprovalDecision)7, cancellationToken: Cancel),
            () => Registry.WatchAsync(after: -1, cancellationToken: Cancel).FirstAsync(Cancel).AsTask(),
        ];

        foreach (var call in calls)
        {
            await call.Should().ThrowAsync<ArgumentException>();
        }

        (await Registry.ListEventsAsync("m", Cancel).CountAsync(Cancel)).Should().Be(1);
    }

    [Fact]
    public async Task The_longest_texts_come_back_as_they_were()
    {
        var (text, name, key) = (string.Concat(Enumerable.Repeat("🚀", 2000)), new string('x', 100), new string('ü', 1000));
        await Registry.RegisterAsync(
            new() { Model = name, Package = (await Host.PackageAsync()).Package, Description = text, Owner = new('ü', 200), IdempotencyKey = key, Tags = new Dictionary<string, string> { [name] = text } }, Cancel);
        await Registry.MoveAliasAsync(name, name, 1, null, text, Cancel);

        (await Registry.GetVersionByAliasAsync(name, name, Cancel)).Should().BeEquivalentTo(new { Description = text, Owner = new string('ü', 200), Tags = new Dictionary<string, string> { [name] = text } });
        (await Registry.ListAliasHistoryAsync(name, name, Cancel).SingleAsync(Cancel)).Why.Should().Be(text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public async Task Numbers_that_no_version_has_are_not_found(int version)
    {
        await RegisterAsync(1, "m");

        (await Registry.FindVersionAsync("m", version, Cancel)).Should().BeNull();
        await FluentActions.Awaiting(() => Registry.MoveAliasAsync("m", "a", version, null, cancellationToken: Cancel)).Should().ThrowAsync<NotFoundException>();
        await FluentActions.Awaiting(() => Registry.DeleteVersionAsync("m", version, cancellationToken: Cancel)).Should().ThrowAsync<NotFoundException>();
    }
}
