using System.Globalization;
using System.Text.Json;

namespace PoolWatch.History;

/// <summary>Rows of named columns as text, written on as they come. A value is added for each column, in their order.</summary>
internal abstract class TableText : IDisposable
{
    public const string Csv = "csv";
    public const string Ndjson = "ndjson";

    public static TableText Open(string format, Stream stream, IReadOnlyList<string> columns) =>
        format == Csv ? new CsvText(stream, columns) : new NdjsonText(stream, columns);

    public abstract void AddText(string? text);

    public abstract void AddNumber(double? number);

    public abstract void AddCount(long number);

    public abstract void EndRow();

    public abstract void Flush();

    public void AddTime(long unixSeconds) =>
        AddText(DateTimeOffset.FromUnixTimeSeconds(unixSeconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    public abstract void Dispose();
}

/// <summary>RFC 4180: a head, fields apart by commas, quoted where they hold a comma, a quote or a line break; lines end in CR LF.</summary>
internal sealed class CsvText : TableText
{
    private static readonly System.Buffers.SearchValues<char> Quoted = System.Buffers.SearchValues.Create(",\"\r\n");
    private readonly Utf8Text _text;
    private bool _begun;

    public CsvText(Stream stream, IReadOnlyList<string> columns)
    {
        _text = new Utf8Text(stream);
        columns.ToList().ForEach(AddText);
        EndRow();
    }

    public override void AddText(string? text)
    {
        Separate();
        if (text is not null)
        {
            _text.Add(text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text);
        }
    }

    public override void AddNumber(double? number)
    {
        Separate();
        if (number is { } value)
        {
            _text.Add(value);
        }
    }

    public override void AddCount(long number)
    {
        Separate();
        _text.Add(number);
    }

    public override void EndRow()
    {
        _text.Add("\r\n"u8);
        _begun = false;
    }

    public override void Flush() => _text.Flush();

    public override void Dispose() { }

    private void Separate()
    {
        if (_begun)
        {
            _text.Add(","u8);
        }

        _begun = true;
    }
}

/// <summary>One JSON object a line.</summary>
internal sealed class NdjsonText : TableText
{
    private const int FlushedAt = 1 << 16;
    private readonly Stream _stream;
    private readonly Utf8JsonWriter _writer;
    private readonly JsonEncodedText[] _names;
    private readonly MemoryStream _rows = new();
    private int _column;

    public NdjsonText(Stream stream, IReadOnlyList<string> columns)
    {
        (_stream, _names) = (stream, [.. columns.Select(c => JsonEncodedText.Encode(c))]);
        _writer = new Utf8JsonWriter(_rows);
    }

    public override void AddText(string? text) => Write(text, static (writer, name, value) => writer.WriteString(name, value));

    public override void AddNumber(double? number)
    {
        if (number is { } value)
        {
            Write(value, static (writer, name, value) => writer.WriteNumber(name, value));
        }
        else
        {
            AddText(null);
        }
    }

    public override void AddCount(long number) => Write(number, static (writer, name, value) => writer.WriteNumber(name, value));

    public override void EndRow()
    {
        _writer.WriteEndObject();
        _writer.Flush();
        _rows.WriteByte((byte)'\n');
        _writer.Reset();
        _column = 0;
        if (_rows.Length >= FlushedAt)
        {
            Flush();
        }
    }

    public override void Flush()
    {
        _rows.WriteTo(_stream);
        _rows.SetLength(0);
    }

    public override void Dispose()
    {
        _writer.Dispose();
        _rows.Dispose();
    }

    private void Write<T>(T value, Action<Utf8JsonWriter, JsonEncodedText, T> write)
    {
        if (_column == 0)
        {
            _writer.WriteStartObject();
        }

        write(_writer, _names[_column++], value);
    }
}
