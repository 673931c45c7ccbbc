namespace Mlops.Sdk.Artifacts;

/// <summary>An upload that comes in pieces of a given size, cannot be rewound, and may fail on the way.</summary>
internal sealed class OddStream(byte[] content, int piece) : Stream
{
    private int read;

    public int FailAfter { get; init; } = int.MaxValue;

    public Action<int>? OnRead { get; init; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (read + piece > FailAfter)
        {
            throw new InvalidTimeZoneException("the uploader failed");
        }

        var taken = Math.Min(Math.Min(piece, buffer.Length), content.Length - read);
        content.AsSpan(read, taken).CopyTo(buffer);
        read += taken;
        OnRead?.Invoke(read);
        return taken;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
