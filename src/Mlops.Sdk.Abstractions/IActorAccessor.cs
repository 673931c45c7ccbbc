namespace Mlops.Sdk;

/// <summary>Says who is acting, for events and changesets. Thread-safe; must not throw and must not block.</summary>
public interface IActorAccessor
{
    /// <summary>The current actor, for example <c>ada@example.com</c> or <c>system:scheduler</c>. Never empty, at most 200 characters.</summary>
    string Actor { get; }
}
