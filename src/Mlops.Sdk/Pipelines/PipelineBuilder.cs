namespace Mlops.Sdk.Pipelines;

/// <summary>Configures one pipeline at its registration.</summary>
public sealed class PipelineBuilder
{
    private readonly Type pipeline;
    private readonly Action<StepOverride> add;

    internal PipelineBuilder(Type pipeline, Action<StepOverride> add)
    {
        this.pipeline = pipeline;
        this.add = add;
    }

    /// <summary>Changes how a step runs in this pipeline. What it declares on its class is the start.</summary>
    /// <typeparam name="TStep">The class of the step.</typeparam>
    public PipelineBuilder Step<TStep>(Action<StepOptions> configure)
        where TStep : class
    {
        ArgumentNullException.ThrowIfNull(configure);
        add(new(pipeline, typeof(TStep), configure));
        return this;
    }
}
