using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Tests.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

public sealed class SqliteLineageTests : LineageAnswers
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlops-lineage-").FullName;

    protected override void Use(MlopsBuilder mlops) => mlops.UseSqlite(o => o.Path = Path.Combine(folder, "mlops.db")).UseFileArtifacts(o => o.Root = Path.Combine(folder, "artifacts"));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
