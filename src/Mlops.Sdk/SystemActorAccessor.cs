namespace Mlops.Sdk;

/// <summary>The operating system's user, for hosts that do not say who is acting.</summary>
internal sealed class SystemActorAccessor : IActorAccessor
{
    public string Actor { get; } = string.IsNullOrEmpty(Environment.UserName) ? "system:service" : Environment.UserName;
}
