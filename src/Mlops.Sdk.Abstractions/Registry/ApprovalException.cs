namespace Mlops.Sdk.Registry;

/// <summary>An alias asks for an approval that the version does not have, or the actor may not give it. Nothing was changed.</summary>
public sealed class ApprovalException : MlopsException
{
    /// <inheritdoc/>
    public ApprovalException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
