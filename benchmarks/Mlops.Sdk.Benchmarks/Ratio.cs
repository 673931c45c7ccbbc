namespace Mlops.Sdk.Benchmarks;

/// <summary>One side-by-side comparison: one name, one number. Both sides do the same work at equal durability.</summary>
internal abstract class Ratio : IAsyncDisposable
{
    public abstract string Name { get; }

    /// <summary>The unit of one measurement: times are "lower", rates are "higher".</summary>
    public abstract string Unit { get; }

    public abstract string Better { get; }

    /// <summary>What the baseline does, in a few words.</summary>
    public abstract string BaselineIs { get; }

    public virtual string Durability => "none";

    public virtual long Rows => 0;

    public virtual int Rounds => 7;

    public virtual Task SetupAsync() => Task.CompletedTask;

    /// <summary>Runs our side once and returns its measurement.</summary>
    public abstract Task<double> OursAsync();

    /// <summary>Runs the baseline once and returns its measurement.</summary>
    public abstract Task<double> BaselineAsync();

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
