using Microsoft.Data.Sqlite;

namespace Mlops.Sdk.Benchmarks.Baselines;

/// <summary>A page of 100 runs by hand: walk or drive as a person would, then params and metrics of the page by two reads in the order of the primary keys.</summary>
internal sealed class SqliteSearchBaseline : IDisposable
{
    public const string Broad = "select v.entity as run, v.value as by from number v where v.name = {metric.m2} and exists(select 1 from number where entity = v.entity and name = {metric.m1} and value > 0.5) and exists(select 1 from text where entity = v.entity and name = {param.p1} and value = 'v3') order by v.value desc, v.entity desc limit 100";
    public const string Selective = "select t.entity as run, (select value from number where entity = t.entity and name = {metric.m2}) as by from text t where t.name = {param.p2} and t.value = 'rare7' order by by desc, t.entity desc limit 100";
    public const string OrderOnly = "select v.entity as run, v.value as by from number v where v.name = {metric.m2} order by v.value desc, v.entity desc limit 100";
    private readonly SqliteConnection connection;
    private readonly Dictionary<long, string> names = [];
    private readonly SqliteCommand ids, values;
    public SqliteSearchBaseline(string path, string page)
    {
        connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        using var all = new SqliteCommand("select n.id, n.text from name n join kind k on k.id = n.kind where k.name = 'run'", connection).ExecuteReader();
        while (all.Read()) { names[all.GetInt64(0)] = all.GetString(1); }
        foreach (var (id, name) in names) { page = page.Replace($"{{{name}}}", $"{id}", StringComparison.Ordinal); }
        ids = new($"with page as materialized ({page}) select run, id from page cross join entity on seq = run", connection);
        values = new($"with page as materialized ({page}) select run, name, value from page cross join number on entity = run union all select run, name, value from page cross join text on entity = run", connection);
    }

    public List<(string Id, Dictionary<string, object> Params, Dictionary<string, double> Metrics)> Page()
    {
        var runs = new List<(string, Dictionary<string, object> Params, Dictionary<string, double> Metrics)>(100);
        var at = new Dictionary<long, int>(100);
        using (var row = ids.ExecuteReader()) { while (row.Read()) { at[row.GetInt64(0)] = runs.Count; runs.Add((row.GetString(1), [], [])); } }
        using var value = values.ExecuteReader();
        while (value.Read())
        {
            var (run, name) = (runs[at[value.GetInt64(0)]], names[value.GetInt64(1)]);
            if (name.StartsWith("metric.", StringComparison.Ordinal)) { run.Metrics.Add(name[7..], value.GetDouble(2)); }
            else if (name.StartsWith("param.", StringComparison.Ordinal)) { run.Params.Add(name[6..], value.GetValue(2)); }
        }
        return runs;
    }
    public void Dispose() => connection.Dispose();
}
