using System.Text;

namespace FlightDelay.Terminal;

/// <summary>Leaves out blanks at the end of lines, which tables are padded with.</summary>
internal sealed class TrimmedWriter(TextWriter writer) : TextWriter
{
    private readonly Lock gate = new();
    private int blanks;

    public override Encoding Encoding => writer.Encoding;

    public override void Write(char value)
    {
        lock (gate)
        {
            if (value == ' ')
            {
                blanks++;
                return;
            }

            if (value is not ('\r' or '\n'))
            {
                writer.Write(new string(' ', blanks));
            }

            blanks = 0;
            writer.Write(value);
        }
    }

    public override void Flush() => writer.Flush();
}
