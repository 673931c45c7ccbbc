namespace Mlops.Sdk;

/// <summary>Options of the SDK as a whole; section <c>Mlops</c>.</summary>
public sealed class MlopsOptions
{
    /// <summary>Whether this host runs background work such as model loading. Default true; false for a host that only reads and writes.</summary>
    public bool Workers { get; set; } = true;

    /// <summary>The workspace that this host works in. Default <c>default</c>.</summary>
    public string Workspace { get; set; } = Metadata.EntityId.DefaultWorkspace;

    /// <summary>How long host start may wait for the stores to open. Default 30 seconds.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
