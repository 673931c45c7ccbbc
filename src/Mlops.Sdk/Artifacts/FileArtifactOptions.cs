using System.ComponentModel.DataAnnotations;

namespace Mlops.Sdk.Artifacts;

/// <summary>Options of <see cref="FileArtifactStore"/>; section <c>Mlops:Artifacts</c>.</summary>
public sealed class FileArtifactOptions
{
    /// <summary>The default of <see cref="Root"/>.</summary>
    public const string DefaultRoot = ".mlops/artifacts";

    /// <summary>The folder that holds the artifacts; a relative one is relative to the working directory at start. Default <c>.mlops/artifacts</c>. Several processes may share it.</summary>
    [Required]
    public string Root { get; set; } = DefaultRoot;
}
