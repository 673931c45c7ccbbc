using System.Data.Common;
using Microsoft.Data.Sqlite;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Cli.Stores;

/// <summary>Turns what databases report into one line that names the store and the remedy.</summary>
internal static class StoreErrors
{
    /// <summary>How long a verb tries to reach a server. A person waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="error">What happened.</param>
    /// <param name="doing">What was tried, as the end of the sentence "Cannot ...".</param>
    public static MlopsException Explain(DbException error, string doing)
    {
        var what = error is SqliteException
            ? $"{error.Message.TrimEnd('.')}. Check the file and its folder, or restore it from a backup."
            : new PostgreSqlDialect().Explain(error).Message;
        return new($"Cannot {doing}: {what}", error);
    }
}
