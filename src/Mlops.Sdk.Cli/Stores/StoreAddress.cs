using System.Data.Common;
using System.Text.RegularExpressions;
using Mlops.Sdk.Metadata;
using Npgsql;

namespace Mlops.Sdk.Cli.Stores;

/// <summary>Where a metadata store is: an SQLite file, or a schema of a PostgreSQL database. What it prints never holds a user or a password.</summary>
internal sealed partial class StoreAddress
{
    private const string Forms = "Write it as Host=…;Database=…;Username=…;Password=…, or as postgresql://user:password@host:port/database (special characters as %XX).";

    private StoreAddress(string? path, string? connectionString, string schema, string display)
    {
        (Path, ConnectionString, Schema) = (path, connectionString, schema);
        Display = display;
    }

    /// <summary>The SQLite file in full, or null.</summary>
    public string? Path { get; }

    /// <summary>The connection string of PostgreSQL, or null. Secret.</summary>
    public string? ConnectionString { get; }

    public string Schema { get; }

    /// <summary>For people.</summary>
    public string Display { get; }

    public override string ToString() => Display;

    /// <summary>Whether a text is an address of PostgreSQL, or an attempt at one, and may hold a password.</summary>
    public static bool MayBeSecret(string text) => Secret().IsMatch(text);

    /// <summary>Whether a text is an address of PostgreSQL for certain; a filter or a key may hold the address of a page.</summary>
    public static bool IsPostgres(string text) => Postgres().IsMatch(text);

    /// <summary>Reads what stands behind <c>--store</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="schema">The schema in PostgreSQL, unless the text names one; null for the usual.</param>
    /// <exception cref="ArgumentException">It is neither; the message never repeats the text.</exception>
    public static StoreAddress Parse(string text, string? schema = null)
    {
        if (!MayBeSecret(text))
        {
            var path = System.IO.Path.GetFullPath(text);
            return schema is null ? new(path, null, "", path) : throw new ArgumentException($"{path} is an SQLite file, which has no schemas. Leave the schema out.");
        }

        DbConnectionStringBuilder words;
        try
        {
            words = text.Contains("://", StringComparison.Ordinal) ? FromUri(text) : new() { ConnectionString = text };
        }
        catch (ArgumentException)
        {
            throw Malformed();
        }

        if (words.TryGetValue("Schema", out var named))
        {
            schema ??= (string)named;
            words.Remove("Schema");
        }

        schema ??= PostgreSqlDialect.DefaultSchema;
        _ = new PostgreSqlDialect(schema);
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(words.ConnectionString);
            if (string.IsNullOrEmpty(builder.Host))
            {
                throw Malformed();
            }

            builder.ApplicationName ??= "mlops";
            return new(null, builder.ConnectionString, schema, FormattableString.Invariant($"postgresql {builder.Host}:{builder.Port}/{builder.Database ?? builder.Username}, schema {schema}"));
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            // The message of the original may repeat parts of the text, and so a password.
            throw Malformed();
        }
    }

    private static DbConnectionStringBuilder FromUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgresql" or "postgres") || uri.Host.Length == 0)
        {
            throw Malformed();
        }

        var words = new DbConnectionStringBuilder { ["Host"] = uri.Host.Trim('[', ']') };
        if (uri.Port > 0)
        {
            words["Port"] = uri.Port;
        }

        if (uri.AbsolutePath.Length > 1)
        {
            words["Database"] = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        }

        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
        {
            words["Username"] = Uri.UnescapeDataString(user[0]);
        }

        if (user.Length == 2)
        {
            words["Password"] = Uri.UnescapeDataString(user[1]);
        }

        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            words[Uri.UnescapeDataString(parts[0])] = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : throw Malformed();
        }

        return words;
    }

    private static ArgumentException Malformed() => new($"The address of the store looks like PostgreSQL but cannot be read. {Forms}");

    [GeneratedRegex(@"^\s*postgres(ql)?://|(^|;)\s*(host|server|data source|user id|user name|username|password|pwd)\s*=", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Postgres();

    [GeneratedRegex(@"^\s*\w+://|(^|;)\s*(host|server|data source|user id|user name|username|password|pwd)\s*=", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secret();
}
