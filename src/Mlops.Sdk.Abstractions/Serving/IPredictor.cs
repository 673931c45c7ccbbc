namespace Mlops.Sdk.Serving;

/// <summary>
/// Predicts with the version of a model that an alias points at, and follows the alias without a pause. A thread-safe singleton: inject it where it is used, by its key when several models share the types.
/// </summary>
/// <typeparam name="TIn">The input row.</typeparam>
/// <typeparam name="TOut">The output row.</typeparam>
public interface IPredictor<in TIn, TOut>
    where TIn : class
    where TOut : class, new()
{
    /// <summary>
    /// Checks the input against the contract, then predicts. Completes synchronously. The answer comes from a version that is at least as new as the one that was served when the call began;
    /// a swap meanwhile neither fails the call nor waits for it. The input must not change during the call.
    /// </summary>
    /// <returns>The answer; an input that breaks the contract is not an exception but an answer with violations.</returns>
    /// <exception cref="MlopsException">No version is served yet (transient; the message has the reason), or the model threw (the inner exception).</exception>
    /// <exception cref="ObjectDisposedException">The host has stopped.</exception>
    ValueTask<Prediction<TOut>> PredictAsync(TIn input, CancellationToken cancellationToken = default);

    /// <summary>
    /// Serves the version that the alias points at now, without waiting for the background follower, and returns it. Does nothing more than look when that version is served already; concurrent calls load once.
    /// For the moment right after a promotion, and for programs that run no background work.
    /// </summary>
    /// <exception cref="NotFoundException">There is no such model or alias; the message lists what exists.</exception>
    /// <exception cref="MlopsException">The version was refused; the message says why. What was served before is still served.</exception>
    /// <exception cref="ObjectDisposedException">The host has stopped.</exception>
    Task<int> RefreshAsync(CancellationToken cancellationToken = default);
}
