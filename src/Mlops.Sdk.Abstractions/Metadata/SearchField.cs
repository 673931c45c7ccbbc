namespace Mlops.Sdk.Metadata;

/// <summary>The values that a field can have.</summary>
internal enum SearchType
{
    /// <summary>Numbers or texts, from entity to entity.</summary>
    Any,

    /// <summary>Texts.</summary>
    Text,

    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Times, as numbers: milliseconds since the Unix epoch.</summary>
    Time,
}

/// <summary>What a name in a filter stands for.</summary>
/// <param name="Name">The name, as messages show it.</param>
/// <param name="Attribute">The attribute that holds the value.</param>
/// <param name="Type">What values it has.</param>
internal sealed record SearchField(string Name, string Attribute, SearchType Type)
{
    /// <summary>When not empty, the attribute belongs to the entities at the other end of these relations, and one of them is enough.</summary>
    public IReadOnlyList<string> Through { get; init; } = [];

    /// <summary>When not empty, the value is the role in which something is linked, by relation; there is no attribute.</summary>
    public IReadOnlyDictionary<string, string> Roles { get; init; } = System.Collections.Frozen.FrozenDictionary<string, string>.Empty;

    /// <summary>Brings a text into the form in which it is stored; null leaves it as it is. Such a field is compared without regard to case.</summary>
    public Func<string, string>? Normalize { get; init; }

    /// <summary>Whether a number may stand in quotes.</summary>
    public bool QuotedNumbers { get; init; }

    /// <summary>Whether entities can be ordered by it.</summary>
    public bool CanOrder => Through.Count == 0 && Roles.Count == 0;
}
