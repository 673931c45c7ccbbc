using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Pipelines;

namespace Mlops.Sdk.Tests.Pipelines;

public sealed class StepIdentityTests
{
    [Fact]
    public async Task A_generic_step_is_another_step_for_each_argument()
    {
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Two<Named<int>, Named<string>>>());

        (await RunAsync<Named<int>, Named<string>>(host)).Should().Equal("Int32", "String");
    }

    [Fact]
    public async Task Namesakes_in_different_places_are_different_steps()
    {
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Two<Left.Load, Right.Load>>());

        (await RunAsync<Left.Load, Right.Load>(host)).Should().Equal("left", "right");
    }

    [Fact]
    public async Task Two_steps_that_declare_one_name_are_refused()
    {
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Two<Original, Copied>>());

        var run = () => RunAsync<Original, Copied>(host);

        (await run.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*Original*Copied*'original'*another name*");
    }

    [Fact]
    public async Task A_class_that_is_two_steps_is_refused()
    {
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Both>());

        var run = () => host.Runner<Both>().RunAsync(0, cancellationToken: TestContext.Current.CancellationToken);

        (await run.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*TwoInOne*IStep<Int32, String>*IStep<Int32, Uri>*exactly one*");
    }

    private static async Task<IReadOnlyList<string>> RunAsync<TFirst, TSecond>(PipelineHost host)
        where TFirst : class, IStep<int, string>
        where TSecond : class, IStep<int, string> =>
        (await host.Runner<Two<TFirst, TSecond>>().RunAsync(0, cancellationToken: TestContext.Current.CancellationToken)).Output;

    public sealed class Two<TFirst, TSecond>(IStepRef<TFirst> first, IStepRef<TSecond> second) : IPipeline<int, IReadOnlyList<string>>
        where TFirst : class, IStep<int, string>
        where TSecond : class, IStep<int, string>
    {
        public async Task<IReadOnlyList<string>> RunAsync(int options, IPipelineRun run, CancellationToken cancellationToken) =>
            [await run.StepAsync(first, options, cancellationToken), await run.StepAsync(second, options, cancellationToken)];
    }

    public sealed class Both(IStepRef<TwoInOne> step) : IPipeline<int, int>
    {
        public async Task<int> RunAsync(int options, IPipelineRun run, CancellationToken cancellationToken)
        {
            await run.StepAsync<int, string>(step, options, cancellationToken);
            await run.StepAsync<int, Uri>(step, options, cancellationToken);
            return options;
        }
    }

    public abstract class Says(string what) : IStep<int, string>
    {
        public Task<string> RunAsync(int input, StepContext context, CancellationToken cancellationToken) => Task.FromResult(what);
    }

    [Step("named")]
    public sealed class Named<T>() : Says(typeof(T).Name);

    public static class Left
    {
        public sealed class Load() : Says("left");
    }

    public static class Right
    {
        public sealed class Load() : Says("right");
    }

    [Step("original")]
    public sealed class Original() : Says("original");

    [Step("original")]
    public sealed class Copied() : Says("copied");

    public sealed class TwoInOne : IStep<int, string>, IStep<int, Uri>
    {
        public Task<string> RunAsync(int input, StepContext context, CancellationToken cancellationToken) => Task.FromResult("http://a/");

        Task<Uri> IStep<int, Uri>.RunAsync(int input, StepContext context, CancellationToken cancellationToken) => Task.FromResult(new Uri("http://b/"));
    }
}
