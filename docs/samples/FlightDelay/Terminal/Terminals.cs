using Spectre.Console;

namespace FlightDelay.Terminal;

/// <summary>Where things are printed: results on the standard output, everything else on the standard error.</summary>
internal static class Terminals
{
    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    public static IAnsiConsole Output { get; } = Create(Console.Out, Console.IsOutputRedirected);

    // In a file or a pipe, lines are as long as they are, without colours and blanks at the end.
    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(redirected ? new TrimmedWriter(writer) : writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
        {
            console.Profile.Width = 400;
        }

        return console;
    }
}
