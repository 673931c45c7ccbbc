using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace FlightDelay.Terminal;

/// <summary>Prints warnings as lines. An exception is not repeated here: it ends the run with a line of its own.</summary>
internal sealed class Warnings(IAnsiConsole console) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && exception is null)
        {
            console.WriteLine(formatter(state, null));
        }
    }

    public void Dispose()
    {
    }
}
