using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mlops.Sdk;

/// <summary>Options of the SDK as a whole; section <c>Mlops</c>. Validated at host start.</summary>
public sealed class MlopsOptions
{
    /// <summary>Whether this host runs background work such as model loading. Default true; false for a host that only reads and writes.</summary>
    public bool Workers { get; set; } = true;

    /// <summary>The workspace that this host works in. Default <c>default</c>; letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, at most 64.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9._-]{1,64}", ErrorMessage = "Mlops:Workspace takes 1 to 64 letters, digits, '.', '_' and '-'.")]
    public string Workspace { get; set; } = Metadata.EntityId.DefaultWorkspace;

    /// <summary>How long host start may wait for the stores to open, from 1 second to an hour. Default 30 seconds.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class MlopsOptionsValidator : IValidateOptions<MlopsOptions>;
