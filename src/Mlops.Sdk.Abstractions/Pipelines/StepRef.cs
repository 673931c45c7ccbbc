using System.Diagnostics.CodeAnalysis;

namespace Mlops.Sdk.Pipelines;

/// <summary>Makes handles without a host, for unit tests of pipelines.</summary>
public static class StepRef
{
    /// <summary>A handle that hands out <paramref name="step"/> itself for every attempt; whoever made the step disposes it.</summary>
    public static IStepRef<TStep> Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces)] TStep>(TStep step)
        where TStep : class
    {
        ArgumentNullException.ThrowIfNull(step);
        return new InstanceRef<TStep>(step);
    }

    private sealed class InstanceRef<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces)] TStep>(TStep step) : IStepRef<TStep>
        where TStep : class
    {
        public Type StepType { get; } = step.GetType();

        public string? CallName => null;

        public TStep Create(IServiceProvider scope) => step;
    }
}
