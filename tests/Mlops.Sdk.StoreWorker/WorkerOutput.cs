using System.Text;

namespace Mlops.Sdk.StoreWorker;

/// <summary>Writes each line at once and as a whole, so that a kill leaves no half of one and what was acknowledged before is known.</summary>
internal sealed class WorkerOutput(Stream stream)
{
    public int Errors { get; private set; }

    public void Say(string line)
    {
        lock (stream)
        {
            stream.Write(Encoding.UTF8.GetBytes(line + '\n'));
            stream.Flush();
        }
    }

    public void Fail(string thing, Exception error)
    {
        Errors++;
        Say($"error {thing} {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}");
    }
}
