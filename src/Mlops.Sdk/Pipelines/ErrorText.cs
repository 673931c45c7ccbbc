using System.Text.RegularExpressions;

namespace Mlops.Sdk.Pipelines;

/// <summary>What is kept of an exception: type and message, without what looks like a secret. The SDK's own messages speak for themselves.</summary>
internal static partial class ErrorText
{
    public static string Of(Exception e)
    {
        var text = Secrets().Replace(e is MlopsException ? e.Message : $"{e.GetType().FullName}: {e.Message}", "$1$2***");

        // Stores keep neither U+0000 nor half a surrogate pair.
        return new string([.. string.Concat(text.EnumerateRunes().Select(r => r.ToString())).Select(c => c == '\0' ? '�' : c)]);
    }

    [GeneratedRegex("""\b(password|pwd|secret|token|api[-_ ]?key|account[-_ ]?key|shared[-_ ]?access[-_ ]?signature|sig)(\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s;,&]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();
}
