namespace Mlops.Sdk;

/// <summary>Somebody else changed the thing first, or it exists already. Read it again and decide anew.</summary>
public sealed class ConflictException : MlopsException
{
    /// <inheritdoc/>
    public ConflictException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
