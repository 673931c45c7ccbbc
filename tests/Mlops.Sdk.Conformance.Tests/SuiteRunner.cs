using System.Reflection;
using Xunit.Sdk;

namespace Mlops.Sdk.Conformance.Tests;

/// <summary>Runs facts of a suite by reflection, for suites over stores that are broken on purpose.</summary>
internal static class SuiteRunner
{
    public static IEnumerable<string> Facts(Type suite) => suite.GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is not null).Select(m => m.Name);

    /// <summary>Whether the fact, or for a theory any of its rows, fails. The suite is made anew for each.</summary>
    public static async Task<Exception?> FailureAsync(Func<IAsyncLifetime> suite, string fact)
    {
        var first = suite();
        var method = first.GetType().GetMethod(fact) ?? throw new ArgumentException($"{first.GetType().Name} has no fact {fact}.");
        var rows = method.GetCustomAttributes<InlineDataAttribute>().Select(d => d.Data).DefaultIfEmpty([]);
        foreach (var row in rows)
        {
            var instance = suite();
            try
            {
                await instance.InitializeAsync();
                await (Task)method.Invoke(instance, [.. row.Select((value, i) => Fit(value, method.GetParameters()[i].ParameterType))])!;
            }
            catch (Exception e) when (e is not SkipException)
            {
                return e;
            }
            catch (SkipException)
            {
                // Skipped is not failed.
            }
            finally
            {
                await instance.DisposeAsync();
            }
        }

        return null;
    }

    private static object? Fit(object? value, Type type) => value is int number && type == typeof(long) ? (long)number : value;
}
