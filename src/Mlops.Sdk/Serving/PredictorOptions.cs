using Mlops.Sdk.Data;

namespace Mlops.Sdk.Serving;

/// <summary>Options of one predictor; section <c>Mlops:Predictors:{key}</c>. Validated at host start.</summary>
public class PredictorOptions
{
    /// <summary>The alias to follow. Default <c>champion</c>.</summary>
    public string Alias { get; set; } = "champion";

    /// <summary>
    /// How long the alias may have moved before this host looks, should the notice of the move be lost; also the longest wait before a version that was refused is tried again. From 1 second to a day; default 30 seconds.
    /// </summary>
    public TimeSpan Recheck { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Options of one predictor, with what depends on its input.</summary>
/// <typeparam name="TIn">The input row.</typeparam>
public sealed class PredictorOptions<TIn> : PredictorOptions
    where TIn : class
{
    /// <summary>The rules that every input must keep before a model sees it; null for none. Default: the contract that the attributes of <typeparamref name="TIn"/> describe, or none where it has no such attribute.</summary>
    public IRowCheck<TIn>? Check { get; set; }
}
