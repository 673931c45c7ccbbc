using System.CommandLine;
using System.Data.Common;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;

namespace Mlops.Sdk.Cli.Stores;

/// <summary><c>mlops store check|backup|script|copy</c>: verbs for the shipped stores, which only the tool has.</summary>
/// <param name="address">The store that <c>--store</c> names.</param>
internal sealed class StoreCommand(Lazy<StoreAddress> address)
{
    public Command Create(Verb verb) => new("store", "Checks, backs up and copies a metadata store.") { Check(verb), Backup(verb), Script(verb), Copy(verb) };

    private Command Check(Verb verb)
    {
        var check = new Command("check", "Looks whether the store is sound. Exit code 2 when it is not.");
        Run(verb, check, async (parsed, cancellationToken) =>
        {
            await using var database = StoreDatabase.Create(address.Value);
            return await Explained($"check {database.Address}", () => StoreCheck.RunAsync(database, ProgressOf(parsed), cancellationToken));
        });
        return check;
    }

    private Command Backup(Verb verb)
    {
        var file = new Argument<string>("file") { Description = "The file to write; it must not exist." };
        var backup = new Command("backup", "Copies an SQLite store into a file, in one snapshot, while hosts go on writing.") { file };
        Run(verb, backup, async (parsed, cancellationToken) =>
        {
            var target = Path.GetFullPath(parsed.GetValue(file)!);
            if (address.Value.Path is null)
            {
                throw new ArgumentException($"{address.Value} is not an SQLite file. Use pg_dump --schema={address.Value.Schema}, or 'mlops store copy' into an SQLite file.");
            }

            if (Path.Exists(target))
            {
                throw new ArgumentException($"{target} exists. Name another file, or delete it first.");
            }

            if (!Directory.Exists(Path.GetDirectoryName(target)))
            {
                throw new ArgumentException($"There is no folder {Path.GetDirectoryName(target)}. Create it first.");
            }

            await using var store = new SqliteMetadataStore(new() { Path = address.Value.Path, Migrate = StoreMigration.Never });
            await store.BackupAsync(target, cancellationToken);
            var report = new Report("backup", "bytes");
            report.Add(target, new FileInfo(target).Length);
            return report;
        });
        return backup;
    }

    private static Command Script(Verb verb)
    {
        var schema = new Option<string>("--schema") { Description = "The schema in PostgreSQL.", DefaultValueFactory = _ => PostgreSqlDialect.DefaultSchema };
        var script = new Command("script", "Prints the statements that create a store in PostgreSQL, for those who may not let a program do it.") { schema };
        Run(verb, script, (parsed, _) =>
        {
            var statements = RelationalMetadataStore.Script(new PostgreSqlDialect(parsed.GetValue(schema)!));
            var report = new Report("statement") { Text = parsed.GetValue(verb.Format) == OutputFormat.Json ? null : string.Concat(statements.Select(statement => $"{statement.Trim().TrimEnd(';')};\n")) };
            foreach (var statement in statements)
            {
                report.Add(statement);
            }

            return Task.FromResult(report);
        });
        return script;
    }

    private static Command Copy(Verb verb)
    {
        var from = new Option<string>("--from") { Description = "The store to read: an SQLite file, or the address of PostgreSQL.", Required = true, HelpName = "STORE" };
        var to = new Option<string>("--to") { Description = "The store to make: a new file, or a schema without a store.", Required = true, HelpName = "STORE" };
        var fromSchema = new Option<string?>("--from-schema") { Description = "The schema to read in PostgreSQL." };
        var toSchema = new Option<string?>("--to-schema") { Description = "The schema to make in PostgreSQL." };
        var fromArtifacts = new Option<string?>("--from-artifacts") { Description = "The folder of artifacts to copy too.", HelpName = "DIR" };
        var toArtifacts = new Option<string?>("--to-artifacts") { Description = "The folder to copy them to.", HelpName = "DIR" };
        var copy = new Command("copy", "Copies a whole store, and compares what arrived. Stop the hosts first. Interrupted, it goes on when it is run again.") { from, to, fromSchema, toSchema, fromArtifacts, toArtifacts };
        Run(verb, copy, async (parsed, cancellationToken) =>
        {
            var (source, target) = (StoreAddress.Parse(parsed.GetValue(from)!, parsed.GetValue(fromSchema)), StoreAddress.Parse(parsed.GetValue(to)!, parsed.GetValue(toSchema)));
            var (files, folder) = (parsed.GetValue(fromArtifacts), parsed.GetValue(toArtifacts));
            if (files is null != folder is null)
            {
                throw new ArgumentException("--from-artifacts and --to-artifacts belong together. Name both, or none.");
            }

            if (source.Path is { } path && !File.Exists(path))
            {
                throw new NotFoundException($"There is no metadata store at {path}. Name the one to read with --from.");
            }

            if (source.Display == target.Display)
            {
                throw new ArgumentException($"{source} cannot be copied onto itself. Name another store with --to.");
            }

            var report = new Report("what", "source", "target", "digest", "state") { Droppable = ["digest"] };
            if (files is not null)
            {
                // First, so that no row names an artifact that is not there.
                await ArtifactCopy.RunAsync(Path.GetFullPath(files), Path.GetFullPath(folder!), report, ProgressOf(parsed), cancellationToken);
            }

            if (target.Path is { } file && !File.Exists(file))
            {
                await CreateAsync(file, cancellationToken);
            }

            await using var reading = StoreDatabase.Create(source);
            await using var writing = StoreDatabase.Create(target);
            await Explained($"open {source}", async () => { await reading.OpenAsync(cancellationToken); return true; });
            await Explained($"open {target}", async () => { await writing.OpenAsync(cancellationToken); return true; });
            await Explained($"copy {source} to {target}", async () => { await new StoreCopy(reading, writing, ProgressOf(parsed)).RunAsync(report, cancellationToken); return true; });
            return report;
        });
        return copy;
    }

    private static async Task CreateAsync(string file, CancellationToken cancellationToken)
    {
        await using var store = new SqliteMetadataStore(new() { Path = file });
        await store.OpenAsync(cancellationToken);
    }

    private static async Task<T> Explained<T>(string doing, Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (DbException error)
        {
            throw StoreErrors.Explain(error, doing);
        }
    }

    private static Progress ProgressOf(ParseResult parsed) => new(parsed.InvocationConfiguration.Error);

    private static void Run(Verb verb, Command command, Func<ParseResult, CancellationToken, Task<Report>> action) => verb.RunClosed(command, action);
}
