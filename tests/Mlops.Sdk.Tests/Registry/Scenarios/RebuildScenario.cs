using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry.Scenarios;

/// <summary>The events alone say where everything stands.</summary>
public abstract class RebuildScenario : RegistryScenario
{
    private static readonly string[] Actors = ["ada", "bob", "carl"];
    private static readonly string[] Aliases = ["champion", "challenger"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Aliases_approvals_and_deletions_are_rebuilt_from_the_events(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 120; i++)
        {
            Host.Actor = Actors[random.Next(3)];
            try
            {
                await StepAsync(random, random.Next(1, 6), Aliases[random.Next(2)]);
            }
            catch (MlopsException e) when (e is ApprovalException or ConflictException or NotFoundException)
            {
                // A step that the state does not allow; it must leave no trace.
            }
        }

        var (versions, aliases, approvals) = await RebuildAsync();
        (await Registry.ListVersionsAsync("delay", Cancel).Select(v => v.Version).ToListAsync(Cancel)).Should().Equal(versions.OrderDescending());
        (await Registry.ListAliasesAsync("delay", Cancel).ToDictionaryAsync(a => a.Alias, a => a.Version, cancellationToken: Cancel)).Should().BeEquivalentTo(aliases);
        foreach (var version in versions)
        {
            (await Registry.GetVersionAsync("delay", version, Cancel)).Approval.Should().Be(approvals.TryGetValue(version, out var state) ? state : null);
            (await Registry.FindApprovalAsync("delay", version, Cancel))?.State.Should().Be(approvals[version]);
        }

        aliases.Values.Should().BeSubsetOf(versions);
    }

    protected override void Configure(RegistryOptions options) => options.RequiredApprovals["champion"] = 1;

    private async Task StepAsync(Random random, int version, string name)
    {
        switch (random.Next(10))
        {
            case 0:
                await Host.RegisterAsync("delay", (byte)random.Next(200));
                break;
            case 1:
                await Registry.DeleteVersionAsync("delay", version, cancellationToken: Cancel);
                break;
            case 2:
                await Registry.RestoreVersionAsync("delay", version, cancellationToken: Cancel);
                break;
            case 3 when await Registry.FindAliasAsync("delay", name, Cancel) is { } alias:
                await Registry.RemoveAliasAsync(alias, cancellationToken: Cancel);
                break;
            case 4 or 5 or 6:
                await Registry.DecideApprovalAsync("delay", version, (ApprovalDecision)random.Next(3), cancellationToken: Cancel);
                break;
            default:
                await Registry.MoveAliasAsync("delay", name, version, await Registry.FindAliasAsync("delay", name, Cancel), $"{random.Next()}", Cancel);
                break;
        }
    }

    private async Task<(HashSet<int> Versions, Dictionary<string, int> Aliases, Dictionary<int, ApprovalState> Approvals)> RebuildAsync()
    {
        var (versions, aliases, approvals) = (new HashSet<int>(), new Dictionary<string, int>(), new Dictionary<int, ApprovalState>());
        await foreach (var e in Registry.ListEventsAsync("delay", Cancel))
        {
            switch (e.Type)
            {
                case "version.registered" or "version.restored":
                    versions.Add(e.Version!.Value);
                    break;
                case "version.deleted":
                    versions.Remove(e.Version!.Value);
                    break;
                case "alias.moved":
                    aliases[e.Alias!] = e.Version!.Value;
                    break;
                case "alias.removed":
                    aliases.Remove(e.Alias!);
                    break;
                case "approval.requested":
                    approvals[e.Version!.Value] = ApprovalState.Requested;
                    break;
                case "approval.approved":
                    approvals[e.Version!.Value] = ApprovalState.Approved;
                    break;
                case "approval.rejected":
                    approvals[e.Version!.Value] = ApprovalState.Rejected;
                    break;
            }
        }

        return (versions, aliases, approvals);
    }
}
