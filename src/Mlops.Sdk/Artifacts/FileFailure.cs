namespace Mlops.Sdk.Artifacts;

/// <summary>Turns what a file system says into one clear error.</summary>
internal static class FileFailure
{
    private const int NoSpaceOnUnix = 28, QuotaOnLinux = 122, QuotaOnMac = 69;
    private const int DiskFullOnWindows = unchecked((int)0x80070070), HandleDiskFullOnWindows = unchecked((int)0x80070027);

    public static bool Is(Exception e) => e is IOException or UnauthorizedAccessException;

    public static MlopsException Wrap(Exception e, string root, string operation)
    {
        var message = e switch
        {
            UnauthorizedAccessException => $"The artifact folder '{root}' may not be written by this process. Grant it the right, or point Mlops:Artifacts:Root at another folder.",
            { HResult: NoSpaceOnUnix or QuotaOnLinux or QuotaOnMac or DiskFullOnWindows or HandleDiskFullOnWindows } =>
                $"The disk of the artifact folder '{root}' is full, so nothing was stored. Free some space there, or point Mlops:Artifacts:Root at another disk.",
            _ => $"The artifact folder '{root}' cannot be used: {e.Message} Check that it is a folder on a working disk, or point Mlops:Artifacts:Root at another.",
        };
        return new(message, e) { Store = "files", Operation = operation };
    }
}
