using System.Diagnostics;
using Mlops.Sdk.Pipelines;

namespace Mlops.Sdk.Tests.Pipelines;

/// <summary>Builds a small solution of two projects in folders and git repositories of its own.</summary>
public sealed class CodeFingerprintTests : IDisposable
{
    private const string Step = """
        using System.Runtime.CompilerServices;
        namespace Fixture;
        file static class Local { public static int Twice(int x) => 2 * x; }
        public class Step
        {
            private static readonly byte[] Table = [1, 2, 3, 4, 5, 6, 7, 8, 9];
            public int Run(int[] rows) => rows.Select(x => Local.Twice(x) + Helper.Offset(x)).Where(x => x > Helper.Least).Sum() + Table[3];
            public string Where([CallerFilePath] string path = "") => path;
            public string Here() => Where();
        }
        """;

    private const string Helper = """
        namespace Fixture;
        public static class Helper
        {
            public const int Least = 10;
            public static int Offset(int x) => x + 1;
        }
        """;

    private readonly string root = Directory.CreateTempSubdirectory("mlops-fingerprint-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Equal_sources_in_two_folders_at_two_commits_have_equal_fingerprints_and_a_changed_helper_lambda_or_constant_another()
    {
        var first = await CreateAsync("first", "# one");
        var second = await CreateAsync("deeper/second", "# another text, another commit");
        var prints = new List<string> { await BuildAsync(first), await BuildAsync(second) };

        prints[1].Should().Be(prints[0]);
        AssemblyFingerprint.Read(Output(first, "App")).Mvid.Should().NotBe(AssemblyFingerprint.Read(Output(second, "App")).Mvid, "folder and commit are in the assembly itself");
        new StepKey("s", "1", prints[0], 1, Mlops.Sdk.Artifacts.Digest.Of([1]), []).Compute().Should().Be(new StepKey("s", "1", prints[1], 1, Mlops.Sdk.Artifacts.Digest.Of([1]), []).Compute());

        (string File, string From, string To)[] changes =
        [
            ("Lib/Helper.cs", "x + 1", "x + 2"),
            ("App/Step.cs", "Local.Twice(x) +", "Local.Twice(x) -"),
            ("App/Step.cs", "7, 8, 9", "7, 8, 0"),
        ];
        foreach (var (file, from, to) in changes)
        {
            var path = Path.Combine(second, file);
            var source = await File.ReadAllTextAsync(path, Token);
            source.Should().Contain(from);
            await File.WriteAllTextAsync(path, source.Replace(from, to, StringComparison.Ordinal), Token);
            prints.Add(await BuildAsync(second));
        }

        prints.Skip(1).Should().OnlyHaveUniqueItems("a helper in a referenced project, a lambda and a constant are code");
    }

    [Fact]
    public void The_fingerprint_covers_project_references_but_no_packages()
    {
        var assemblies = ProjectAssemblies.OfApp();

        assemblies.IsProject("Mlops.Sdk.Tests").Should().BeTrue();
        assemblies.IsProject("Mlops.Sdk").Should().BeTrue();
        assemblies.IsProject("FluentAssertions").Should().BeFalse();
        assemblies.IsProject("System.Private.CoreLib").Should().BeFalse();
        assemblies.PackageVersion("FluentAssertions").Should().StartWith("7.");
        assemblies.PackageVersion("Mlops.Sdk").Should().BeNull();
    }

    [Fact]
    public void A_file_that_is_not_the_running_build_or_is_missing_gives_no_fingerprint_but_the_reason()
    {
        var prints = new CodeFingerprint(ProjectAssemblies.OfApp());

        prints.Of([("Mlops.Sdk.Tests", typeof(CodeFingerprintTests).Assembly.ManifestModule.ModuleVersionId)]).Hash.Should().StartWith("sha256:");
        prints.Of([("Mlops.Sdk.Tests", Guid.Empty)]).Problem.Should().Contain("another build");
        prints.Of([("No.Such", null)]).Problem.Should().Contain("No.Such");
    }

    [Fact]
    public void Paths_that_the_compiler_puts_in_do_not_count()
    {
        var hash = string.Concat(Enumerable.Repeat("0123ABCD", 8));

        MetadataNames.Normalize($"<Step>F{hash}__Local").Should().Be("<Step>F__Local");
        MetadataNames.NormalizeConstant("/home/ada/app/Step.cs").Should().Be("Step.cs");
        MetadataNames.NormalizeConstant(@"C:\src\Step.cs").Should().Be("Step.cs");
        MetadataNames.NormalizeConstant("/data/rows.csv").Should().Be("/data/rows.csv");
    }

    private static string Output(string folder, string project) => Path.Combine(folder, project, "out", $"{project}.dll");

    private async Task<string> CreateAsync(string name, string readme)
    {
        var folder = Path.Combine(root, name);
        await WriteAsync("Directory.Build.props", "<Project />");
        await WriteAsync("Directory.Packages.props", "<Project />");
        await WriteAsync("README.md", readme);
        await WriteAsync("Lib/Lib.csproj", Project(""));
        await WriteAsync("Lib/Helper.cs", Helper);
        await WriteAsync("App/App.csproj", Project("""<ItemGroup><ProjectReference Include="../Lib/Lib.csproj" /></ItemGroup>"""));
        await WriteAsync("App/Step.cs", Step);
        await RunAsync(folder, "git", "init", "-q");
        await RunAsync(folder, "git", "add", ".");
        await RunAsync(folder, "git", "-c", "user.name=ada", "-c", "user.email=ada@example.com", "commit", "-q", "-m", readme);
        return folder;

        async Task WriteAsync(string path, string content)
        {
            var file = new FileInfo(Path.Combine(folder, path));
            file.Directory!.Create();
            await File.WriteAllTextAsync(file.FullName, content, Token);
        }
    }

    private static string Project(string items) => $"""
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><OutputPath>out/</OutputPath>
        <AppendTargetFrameworkToOutputPath>false</AppendTargetFrameworkToOutputPath><DefaultItemExcludes>$(DefaultItemExcludes);out/**</DefaultItemExcludes></PropertyGroup>{items}</Project>
        """;

    private static async Task<string> BuildAsync(string folder)
    {
        await RunAsync(folder, "dotnet", "build", "App", "-c", "Release", "-v", "quiet", "-nologo");
        var (hash, problem) = new CodeFingerprint(ProjectAssemblies.OfFolder(Path.Combine(folder, "App", "out"))).Of([("App", null)]);
        problem.Should().BeNull();
        return hash!;
    }

    private static async Task RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await process.WaitForExitAsync(Token);
        process.ExitCode.Should().Be(0, string.Concat(output));
    }
}
