using System.Diagnostics;
using System.Text;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking;

public sealed class CodeVersionTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-git-");

    private static CancellationToken Token => TrackingBench.Token;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_clean_repository_is_a_commit_without_a_diff()
    {
        var commit = await RepositoryAsync();

        var (_, run) = await RunAsync();

        run.Code.Should().Be(new CodeVersion(commit, Dirty: false, UntrackedFiles: 0, Diff: null, DiffTruncated: false));
        run.Artifacts.Should().NotContainKey(CodeVersion.DiffPath);
    }

    [Fact]
    public async Task Uncommitted_changes_staged_or_not_are_kept_as_a_diff_that_applies()
    {
        var commit = await RepositoryAsync();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "train.cs"), "changed ✓\n", Token);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "added.cs"), "staged\n", Token);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "notes.txt"), "untracked\n", Token);
        await GitAsync("add", "added.cs");

        // From a folder inside of the repository, as a project would be started.
        var (bench, run) = await RunAsync(("SourceDirectory", folder.CreateSubdirectory("src").FullName));

        run.Code.Should().BeEquivalentTo(new { Commit = commit, Dirty = true, UntrackedFiles = 1, DiffTruncated = false });
        var diff = await bench.ReadAsync(run.Code!.Diff!.Value);
        run.Artifacts[CodeVersion.DiffPath].Digest.Should().Be(run.Code.Diff.Value);
        Encoding.UTF8.GetString(diff).Should().Contain("changed ✓").And.Contain("staged").And.NotContain("untracked");
        await GitAsync("reset", "--hard", "-q", "HEAD");
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "x.diff"), diff, Token);
        await GitAsync("apply", "x.diff");
        (await File.ReadAllTextAsync(Path.Combine(folder.FullName, "train.cs"), Token)).Should().Be("changed ✓\n");
    }

    [Fact]
    public async Task A_diff_of_more_than_1_MB_is_cut_and_says_so()
    {
        await RepositoryAsync();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "train.cs"), string.Concat(Enumerable.Repeat("a line of about forty characters, again\n", 60_000)), Token);

        var (_, run) = await RunAsync();

        run.Code.Should().BeEquivalentTo(new { Dirty = true, DiffTruncated = true });
        run.Artifacts[CodeVersion.DiffPath].Length.Should().Be(1024 * 1024);
    }

    [Fact]
    public async Task A_dirty_run_is_refused_when_the_host_says_so_and_leaves_nothing()
    {
        var commit = await RepositoryAsync();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "train.cs"), "changed\n", Token);
        await using var bench = new TrackingBench(null, ("CaptureCode", "true"), ("SourceDirectory", folder.FullName), ("RefuseDirty", "true"));

        var start = () => bench.Tracker.StartRunAsync("e", null, Token);

        (await start.Should().ThrowAsync<MlopsException>()).Which.Message.Should().Contain("1 tracked files differ").And.Contain(commit).And.Contain("Mlops:Tracking:RefuseDirty");
        (await bench.Tracker.ListExperimentsAsync(Token).CountAsync(Token)).Should().Be(0);
    }

    [Fact]
    public async Task A_clean_run_is_not_refused()
    {
        await RepositoryAsync();

        (await RunAsync(("RefuseDirty", "true"))).Run.State.Should().Be(RunState.Running);
    }

    [Fact]
    public async Task A_repository_cannot_make_a_run_execute_a_program()
    {
        await RepositoryAsync();
        var proof = Path.Combine(folder.FullName, "executed");
        var script = Path.Combine(folder.FullName, ".git", "evil.sh");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\ntouch '{proof}'\n", Token);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await GitAsync("config", "diff.external", script);
        await GitAsync("config", "core.fsmonitor", script);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "train.cs"), "changed\n", Token);
        File.Delete(proof);

        (await RunAsync()).Run.Code!.Dirty.Should().BeTrue();

        File.Exists(proof).Should().BeFalse();
    }

    [Fact]
    public async Task A_folder_without_a_repository_has_no_code_version() => (await RunAsync()).Run.Code.Should().BeNull();

    [Fact]
    public async Task A_folder_that_does_not_exist_has_no_code_version() => (await RunAsync(("SourceDirectory", Path.Combine(folder.FullName, "gone")))).Run.Code.Should().BeNull();

    private async Task<(TrackingBench Bench, TrackedRun Run)> RunAsync(params (string Key, string Value)[] settings)
    {
        var bench = new TrackingBench(null, [("CaptureCode", "true"), ("SourceDirectory", folder.FullName), .. settings]);
        var run = await bench.Tracker.StartRunAsync("e", null, Token);
        return (bench, await bench.Tracker.GetRunAsync(run.Id, Token));
    }

    private async Task<string> RepositoryAsync()
    {
        await GitAsync("init", "-q");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "train.cs"), "first\n", Token);
        await GitAsync("add", ".");
        await GitAsync("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "first");
        return await GitAsync("rev-parse", "HEAD");
    }

    private async Task<string> GitAsync(params string[] arguments)
    {
        using var git = new Process { StartInfo = new("git", arguments) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true } };
        try
        {
            git.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("git is not installed.");
        }

        var output = await git.StandardOutput.ReadToEndAsync(Token);
        await git.WaitForExitAsync(Token);
        git.ExitCode.Should().Be(0, string.Join(' ', arguments));
        return output.Trim();
    }
}
