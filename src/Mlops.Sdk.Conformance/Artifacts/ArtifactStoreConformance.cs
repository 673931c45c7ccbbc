namespace Mlops.Sdk.Artifacts;

/// <summary>
/// The contract of <see cref="IArtifactStore"/> in executable form. Derive one public class from it in a test project that uses xunit v3, say how a store is made, and every fact runs on it.
/// A deviation is written as an override of the fact, with the reason.
/// </summary>
public abstract class ArtifactStoreConformance : ArtifactPathFacts
{
}

/// <summary>What may happen to stored bytes.</summary>
public enum ArtifactDamage
{
    /// <summary>One byte in the middle is another.</summary>
    FlippedByte,

    /// <summary>The last byte is missing.</summary>
    Truncated,

    /// <summary>All bytes are missing.</summary>
    Emptied,

    /// <summary>There is one byte more.</summary>
    Extended,
}
