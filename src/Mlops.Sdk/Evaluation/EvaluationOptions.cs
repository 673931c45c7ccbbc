using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mlops.Sdk.Evaluation;

/// <summary>Options of evaluation; section <c>Mlops:Evaluation</c>. Validated at host start.</summary>
public sealed class EvaluationOptions
{
    /// <summary>How many threads one evaluation may use. Default 0: one for each core. Never changes a result.</summary>
    [Range(0, 1024, ErrorMessage = "Mlops:Evaluation:MaxThreads is from 0, which means one for each core, to 1024.")]
    public int MaxThreads { get; set; }
}

[OptionsValidator]
internal sealed partial class EvaluationOptionsValidator : IValidateOptions<EvaluationOptions>;
