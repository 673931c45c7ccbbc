using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Mlops.Sdk.Tracking;

/// <summary>Finds out where the code runs. Reads no environment variables.</summary>
internal static class EnvironmentReader
{
    public static RunEnvironmentRecord Read(string? packages) =>
        new(RuntimeInformation.OSDescription, RuntimeInformation.ProcessArchitecture.ToString(), RuntimeInformation.FrameworkDescription, Environment.ProcessorCount, packages);

    /// <summary>Name and version of every loaded assembly as JSON, sorted: equal environments give equal bytes.</summary>
    public static byte[] Packages()
    {
        var packages = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (!assembly.IsDynamic && assembly.GetName() is { Name: { } name } identity)
            {
                packages[name] = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? identity.Version?.ToString() ?? "";
            }
        }

        return JsonSerializer.SerializeToUtf8Bytes(packages, TrackingJson.Default.SortedDictionaryStringString);
    }
}
