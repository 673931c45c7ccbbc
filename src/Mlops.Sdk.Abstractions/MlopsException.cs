namespace Mlops.Sdk;

/// <summary>The root of every exception that this SDK throws on its own account.</summary>
/// <remarks>Misuse of an API stays <see cref="ArgumentException"/> or <see cref="InvalidOperationException"/>; cancellation stays <see cref="OperationCanceledException"/>.</remarks>
public class MlopsException : Exception
{
    /// <summary>Creates the exception with a message that names the thing and the remedy.</summary>
    public MlopsException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The system that failed, for example <c>sqlite</c> or <c>files</c>; null when no store is involved.</summary>
    public string? Store { get; init; }

    /// <summary>The operation that failed, for example <c>commit</c>.</summary>
    public string? Operation { get; init; }

    /// <summary>True when the same call may succeed later without any change.</summary>
    public bool IsTransient { get; init; }
}
