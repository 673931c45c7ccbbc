namespace Mlops.Sdk;

/// <summary>A thing that was asked for by name does not exist. Thrown by <c>GetAsync</c> members; <c>FindAsync</c> members return null instead.</summary>
public sealed class NotFoundException : MlopsException
{
    /// <inheritdoc/>
    public NotFoundException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
