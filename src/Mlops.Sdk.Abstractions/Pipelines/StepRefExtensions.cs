using System.Diagnostics.CodeAnalysis;

namespace Mlops.Sdk.Pipelines;

/// <summary>Names calls of steps.</summary>
public static class StepRefExtensions
{
    /// <summary>The same step under a name of the call, for a side-effect step that is used twice with equal input.</summary>
    /// <param name="step">The handle.</param>
    /// <param name="name">The name of the call; not empty.</param>
    public static IStepRef<TStep> Named<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces)] TStep>(this IStepRef<TStep> step, string name)
        where TStep : class
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new NamedStepRef<TStep>(step, name);
    }

    private sealed class NamedStepRef<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces)] TStep>(IStepRef<TStep> step, string name) : IStepRef<TStep>
        where TStep : class
    {
        public Type StepType => step.StepType;

        public string? CallName => name;

        public TStep Create(IServiceProvider scope) => step.Create(scope);
    }
}
