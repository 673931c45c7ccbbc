using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Mlops.Sdk.Pipelines;

/// <summary>A handle whose step comes from the services of the attempt's scope, which also disposes it.</summary>
internal sealed class ServiceStepRef<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces)] TStep> : IStepRef<TStep>
    where TStep : class
{
    public Type StepType => typeof(TStep);

    public string? CallName => null;

    public TStep Create(IServiceProvider scope) =>
        scope.GetService<TStep>() ?? throw new InvalidOperationException($"The step {typeof(TStep).Name} is not registered. Name it as IStepRef<{typeof(TStep).Name}> in the constructor of a pipeline that is added with AddPipeline, or register it with AddTransient.");
}
