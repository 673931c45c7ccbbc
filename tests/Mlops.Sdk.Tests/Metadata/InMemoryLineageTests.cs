using Microsoft.Extensions.DependencyInjection;

namespace Mlops.Sdk.Tests.Metadata;

public sealed class InMemoryLineageTests : LineageAnswers
{
    protected override void Use(MlopsBuilder mlops) => mlops.UseInMemory();
}
