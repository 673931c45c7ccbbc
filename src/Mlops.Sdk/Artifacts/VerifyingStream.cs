using System.Security.Cryptography;

namespace Mlops.Sdk.Artifacts;

/// <summary>
/// Reads content and compares it with its digest. The last bytes are handed out only when all of them are right, and the end is reported only then. For those who implement an artifact store.
/// </summary>
public sealed class VerifyingStream : Stream
{
    private readonly Stream source;
    private readonly Digest expected;
    private readonly long length;
    private readonly string place;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long read;
    private bool verified;

    /// <summary>Wraps a stream, and owns it from now on.</summary>
    /// <param name="source">The stored bytes from their beginning.</param>
    /// <param name="expected">The digest that they must have.</param>
    /// <param name="length">How many bytes the store says there are.</param>
    /// <param name="place">Where they are, for the message of the exception.</param>
    public VerifyingStream(Stream source, Digest expected, long length, string place)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(place);
        (this.source, this.expected, this.length, this.place) = (source, expected, length, place);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => read;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = source.Read(buffer);
        Check(buffer[..count], buffer.Length);
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Check(buffer.Span[..count], buffer.Length);
        return count;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check(Span<byte> bytes, int asked)
    {
        if (asked == 0 || (bytes.Length == 0 && verified))
        {
            return;
        }

        read += bytes.Length;
        hash.AppendData(bytes);
        if (read > length || verified)
        {
            Refuse(bytes, $"more than the {length} bytes that were stored");
        }

        if (read < length && bytes.Length > 0)
        {
            return;
        }

        if (read < length)
        {
            Refuse(bytes, $"{read} of {length} bytes");
        }

        var actual = Digest.FromHash(hash.GetCurrentHash());
        if (actual != expected)
        {
            Refuse(bytes, $"the digest {actual}");
        }

        verified = true;
    }

    private void Refuse(Span<byte> bytes, string found)
    {
        // A caller who swallows the exception must not find the wrong bytes in the buffer either.
        bytes.Clear();
        throw new CorruptedException($"The artifact {expected} in '{place}' is damaged: it has {found}. Delete it and store the original again, or restore it from a backup.") { Operation = "read" };
    }
}
