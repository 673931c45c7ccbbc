namespace Mlops.Sdk;

/// <summary>Stored bytes are not what was stored: a digest differs, a file is truncated, a record cannot be read.</summary>
public sealed class CorruptedException : MlopsException
{
    /// <inheritdoc/>
    public CorruptedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
