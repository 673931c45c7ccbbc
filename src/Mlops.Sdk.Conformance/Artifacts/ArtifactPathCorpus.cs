namespace Mlops.Sdk.Artifacts;

/// <summary>
/// Paths that leave their folder, or mean another file elsewhere, and paths that are fine. For everyone who takes a path from outside: whatever names a file must refuse the first, by asking <see cref="ArtifactPath"/>.
/// </summary>
public static class ArtifactPathCorpus
{
    private static readonly string[] Devices = ["CON", "con", "PRN", "AUX", "NUL", "COM0", "COM1", "Com9", "LPT1", "LPT9", "COM¹", "LPT³", "CONIN$", "CONOUT$", "CLOCK$"];

    private static readonly string[] Climbing = ["..", ".", "...", "....", ".. ", " ..", "..\u200C", ".\u200D.", "..\u00AD", "．．", "․․", "‥", "․.", "﹒﹒", "..\u3000", "..\u00A0"];

    private static readonly string[] Other =
    [
        // Nothing, absolute, other roots.
        "", "/", "//", "/etc/passwd", "//server/share/x", "///x", "\\", "\\x", "\\\\server\\share\\x", "\\\\?\\C:\\x", "\\\\.\\PhysicalDrive0", "//?/C:/x", "//./NUL", "\\??\\C:\\x", "\\/x", "/\\x",
        "C:", "C:x", "C:/x", "C:\\x", "c:\\..\\x", "Z:/", "a/C:/x", "C|/x", "file:///etc/passwd", "file:x", "x.txt:stream", "x::$DATA", "Ｃ：x", "C\uA789x",

        // Empty segments and other separators.
        "a//b", "a/", "a///", "a\\b", "a\\..\\b", "..\\x", "a/..\\..\\x", "..／x", "a／..／..／x", "..∕x", "..⁄x", "..⧸x", "..＼x", "..﹨x", "..∖x", "℀", "a\u2105b",

        // Encoded once, twice and in other ways.
        "%2e%2e/x", "%2E%2E%2Fx", "..%2fx", "..%5cx", "%2e%2e%5cx", "%252e%252e%252fx", "%25252e", "a%2fb", "a%00b", "a%00.txt", "%c0%ae%c0%ae/x", "%c1%9c", "%uff0e%uff0e/x", "%u002e%u002e%u2215x", "％2e％2e/x", "%２e", "a%0ab", "%7e/x",

        // Characters that end, hide or turn a name.
        "\0", "a\0b", "a\0/../../x", "x.txt\0.png", "a\nb", "a\rb", "a\tb", "\u001Bb", "a\u007Fb", "a\u0085b", "a\u009Bb", "a\u2028b", "a\u2029b", "a\u202Efdp.exe", "\u202Da", "\u2066a\u2069", "a\u200Fb", "a\u200Eb", "a\u061Cb",
        "a\u200Bb", "\uFEFFa", "a\u2060b", "a\u00ADb", "a\uFFFEb", "a\uFFFFb", "a\uFDD0b", "a\uF05Cb", "a\uF02Fb", "\uE000", "\U000F0000", "a\U000E0041b", "a\uD83D", "a\uDE00b", "\uDE00\uD83D",

        // What Windows does not keep as it is.
        "x.", "x ", "x. .", " x", "a./b", "a /b", "a/ b", "x．", "x\u3000", "x\u00A0", "a*", "a?b", "<a>", "a|b", "\"a\"", "a>b",

        // Too long.
        new('x', ArtifactPath.MaxLength + 1), new('x', ArtifactPath.MaxSegmentBytes + 1), new('鍵', 86), string.Concat(Enumerable.Repeat("x/", ArtifactPath.MaxLength / 2)) + "x", string.Concat(Enumerable.Repeat("../", 2000)) + "etc/passwd",
    ];

    /// <summary>Paths that must be refused wherever they come in.</summary>
    public static IReadOnlyList<string> Refused { get; } =
    [
        .. Other,
        .. Climbing.SelectMany(segment => new[] { segment, $"{segment}/x", $"x/{segment}", $"x/{segment}/y", $"x/{segment}/{segment}/y", $"{segment}/{segment}/etc/passwd" }),
        .. Devices.SelectMany(device => new[] { device, $"{device}.txt", $"{device}.tar.gz", $"{device} .txt", $"{device}.", $"{device} ", $"a/{device}", $"{device}/a", $"a/{device}.bin/b" }),
        "ＣＯＮ", "ＮＵＬ.txt", "NUL．txt", "C\u200DON", "NU\u200CL.txt",
    ];

    /// <summary>Odd but honest paths, which must not be refused.</summary>
    public static IReadOnlyList<string> Accepted { get; } =
    [
        "model.zip", "model/model.zip", "a/b/c/d.tar.gz", ".hidden", ".config/x", "..two-dots-first", "a..b", "a/..b/c", "with space/in name.txt", "naïve/ключ/鍵/😀.bin", "100%", "100%-sure/50% off", "%zz", "%u", "console/nullable/com/auxiliary.txt",
        "con-1", "com10", "nul1", "~/x", "$HOME/-rf", "it's", "a;b", "a&b", "`a`", "a=b,c", "#1", "[x]", "{x}", "who？.txt", "wait….txt", "ａｂｃ", "नी\u200Cति", "👩‍👩‍👧.png", "e\u0301", "İ", "a\u3000b", "½", "COM①", new('x', ArtifactPath.MaxSegmentBytes),
    ];
}
