using System.Globalization;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;

namespace FlightDelay.Training;

/// <summary>The version that the alias points at when a run starts.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Package">Its package.</param>
/// <param name="Revision">The revision of the alias: what is stored about one position of the alias is not taken for another.</param>
/// <param name="Met">The champion that it met when it was judged itself; null when it was the first.</param>
public sealed record Champion(int Version, Digest Package, long Revision, ChampionMet? Met)
{
    public const string Alias = "champion";
    public const string MetTag = "met";

    /// <summary>The champion, or null while there is none.</summary>
    public static async Task<Champion?> FindAsync(IModelRegistry registry, CancellationToken cancellationToken)
    {
        if (await registry.FindAliasAsync(FlightModel.Name, Alias, cancellationToken) is not { } alias)
        {
            return null;
        }

        var version = await registry.GetVersionAsync(FlightModel.Name, alias.Version, cancellationToken);
        return new(version.Version, version.Package, alias.Revision, ChampionMet.Parse(version.Tags.GetValueOrDefault(MetTag)));
    }

    /// <summary>Whom a candidate meets. When a run is repeated, the champion is its own candidate: that one met its predecessor and does not meet itself.</summary>
    public static ChampionMet? Opponent(Champion? champion, Digest candidate) =>
        champion is null ? null : champion.Package == candidate ? champion.Met : new(champion.Version, champion.Package, champion.Revision);
}

/// <summary>A champion that a candidate met, and the revision of the alias then.</summary>
public sealed record ChampionMet(int Version, Digest Package, long Revision)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Version}@{Package}@{Revision}");

    internal static ChampionMet? Parse(string? tag) =>
        tag?.Split('@') is [var version, var package, var revision]
            ? new(int.Parse(version, CultureInfo.InvariantCulture), Digest.Parse(package), long.Parse(revision, CultureInfo.InvariantCulture))
            : null;
}
