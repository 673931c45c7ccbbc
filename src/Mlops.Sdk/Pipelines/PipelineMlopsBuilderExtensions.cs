using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Mlops.Sdk.Pipelines;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds pipelines to a host.</summary>
public static class PipelineMlopsBuilderExtensions
{
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    /// <summary>
    /// Adds a pipeline and the steps that its constructor names as <see cref="IStepRef{TStep}"/>, all transient, so that <c>ValidateOnBuild</c> checks them. Run it through <c>IPipelineRunner&lt;TPipeline&gt;</c>.
    /// </summary>
    /// <typeparam name="TPipeline">A class that implements <see cref="IPipeline{TOptions, TResult}"/>.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes how steps run; null to leave them as declared.</param>
    /// <exception cref="ArgumentException">The class is not a pipeline, or one of its steps is registered with another lifetime.</exception>
    public static MlopsBuilder AddPipeline<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces)] TPipeline>(this MlopsBuilder builder, Action<PipelineBuilder>? configure = null)
        where TPipeline : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!typeof(TPipeline).GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IPipeline<,>)))
        {
            throw new ArgumentException($"{typeof(TPipeline).Name} is not a pipeline: implement IPipeline<TOptions, TResult>.");
        }

        AddEngine(builder);
        builder.Services.TryAddTransient<TPipeline>();
        foreach (var parameter in typeof(TPipeline).GetConstructors().SelectMany(c => c.GetParameters()).Select(p => p.ParameterType))
        {
            if (parameter.IsGenericType && parameter.GetGenericTypeDefinition() == typeof(IStepRef<>))
            {
                AddStep(builder.Services, parameter);
            }
        }

        configure?.Invoke(new PipelineBuilder(typeof(TPipeline), change => builder.Services.AddSingleton(change)));
        return builder;
    }

    private static void AddEngine(MlopsBuilder builder)
    {
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(PipelineEngine)))
        {
            return;
        }

        var options = services.AddOptionsWithValidateOnStart<PipelineOptions>();
        if (builder.Configuration is { } configuration)
        {
            options.Bind(configuration.GetSection("Pipelines"));
        }

        options.Validate(o => o.RetryDelay >= TimeSpan.Zero && o.RetryDelay <= OneDay, "Mlops:Pipelines:RetryDelay is from 0 to 1 day.");
        options.Validate(o => o.MaxRetryDelay >= TimeSpan.Zero && o.MaxRetryDelay <= OneDay, "Mlops:Pipelines:MaxRetryDelay is from 0 to 1 day.");
        options.Validate(o => o.ProgressInterval >= TimeSpan.Zero && o.ProgressInterval <= OneDay, "Mlops:Pipelines:ProgressInterval is from 0 to 1 day.");
        services.AddSingleton<ValueCodec>();
        services.AddSingleton<StepCodeReader>();
        services.AddSingleton<StepLedger>();
        services.AddSingleton<RunLedger>();
        services.AddSingleton<PipelineTelemetry>();
        services.AddSingleton<PipelineEngine>();
        services.TryAddTransient(typeof(IStepRef<>), typeof(ServiceStepRef<>));
        services.TryAddSingleton(typeof(IPipelineRunner<>), typeof(PipelineRunner<>));
    }

    [UnconditionalSuppressMessage("Trimming", "IL2062", Justification = "IStepRef<TStep> keeps the public constructors of TStep wherever it is named.")]
    private static void AddStep(IServiceCollection services, Type handle)
    {
        var step = handle.GetGenericArguments()[0];
        if (step.IsAbstract || step.IsInterface || step.ContainsGenericParameters)
        {
            return;
        }

        if (services.FirstOrDefault(service => service.ServiceType == step) is { } registered && registered.Lifetime != ServiceLifetime.Transient)
        {
            throw new ArgumentException($"The step {step.Name} is registered as {registered.Lifetime}. Every attempt has an instance of its own: register it with AddTransient, or leave it to AddPipeline.");
        }

        services.TryAddTransient(step);
    }
}
