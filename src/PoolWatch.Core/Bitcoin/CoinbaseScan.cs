using System.Buffers.Binary;

namespace PoolWatch.Core.Bitcoin;

/// <summary>One pass over a serialized coinbase transaction that checks it and notes where its parts are, without allocating.</summary>
/// <remarks>Only when all of it is there does <see cref="ToCoinbase"/> allocate, by then exactly: no length field can inflate anything.</remarks>
internal ref struct CoinbaseScan(ReadOnlySpan<byte> bytes, ByteReader reader)
{
    /// <summary>Least length: version 4, input count 1, outpoint 36, script length 1, script 2, sequence 4, output count 1, output 9, lock time 4.</summary>
    public const int MinSize = 62;

    private const int OutpointSize = 36;
    private const int MinScriptSig = 2;
    private const int MaxScriptSig = 100;
    private const int MinOutput = 9;
    private const int MaxWeight = 4_000_000;
    private const int MaxStrippedSize = MaxWeight / 4;
    private const long MaxMoney = 2_100_000_000_000_000;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly int _start = reader.Position;
    private ByteReader _reader = reader;
    private bool _segwit;
    private int _inputs;
    private int _scriptSig;
    private int _scriptSigLength;
    private int _outputs;
    private int _outputCount;
    private int _outputsEnd;
    private int _lockTime;

    public readonly int Position => _reader.Position;

    public readonly int Missing => _reader.Missing;

    // What follows the outputs at least: an empty witness item (count, length) in segwit form, and the lock time.
    private readonly int Tail => _segwit ? 6 : 4;

    /// <summary>False when the bytes end too early.</summary>
    public bool TryRun()
    {
        if (!_reader.TryTake(4, MinSize - 4, out _) || !TryForm() || !TryInput() || !TryOutputs() || (_segwit && !TryWitness()))
        {
            return false;
        }

        _lockTime = _reader.Position;
        return _reader.TryTake(4, 0, out _);
    }

    public readonly Coinbase ToCoinbase()
    {
        var body = _bytes[_inputs.._outputsEnd];
        var transaction = new byte[4 + body.Length + 4];
        _bytes.Slice(_start, 4).CopyTo(transaction);
        body.CopyTo(transaction.AsSpan(4));
        _bytes.Slice(_lockTime, 4).CopyTo(transaction.AsSpan(4 + body.Length));

        var moved = 4 - _inputs;
        var scriptSig = new Range(_scriptSig + moved, _scriptSig + moved + _scriptSigLength);
        return new Coinbase(transaction, BlockHash.Of(transaction), scriptSig, ReadOutputs(transaction, _outputs + moved, _outputCount));
    }

    private static TxOut[] ReadOutputs(byte[] transaction, int start, int count)
    {
        var outputs = new TxOut[count];
        var reader = new ByteReader(transaction.AsSpan(start));
        for (var i = 0; i < count; i++)
        {
            reader.TryTake(8, 0, out var value);
            reader.TryTakeCompactSize(0, out var length);
            outputs[i] = new TxOut(
                BinaryPrimitives.ReadInt64LittleEndian(value), transaction.AsMemory(start + reader.Position, (int)length));
            reader.TryTake((int)length, 0, out _);
        }

        return outputs;
    }

    // A coinbase has one input, so a zero where its count stands can only be the marker of the segwit form (BIP 144).
    private bool TryForm()
    {
        const int minBody = MinSize - 4 - 1;
        if (!_reader.TryTake(1, minBody, out var first))
        {
            return false;
        }

        _inputs = _reader.Position - 1;
        _segwit = first[0] == 0;
        if (_segwit)
        {
            if (!_reader.TryTake(1, 1 + minBody + 2, out var flag))
            {
                return false;
            }

            Require(flag[0] == 1, "A coinbase without inputs; or the segwit marker lacks its flag", _reader.Position - 1);
            _inputs = _reader.Position;
            if (!_reader.TryTake(1, minBody + 2, out first))
            {
                return false;
            }
        }

        Require(first[0] == 1, "A coinbase has exactly one input", _inputs);
        return true;
    }

    private bool TryInput()
    {
        var afterScript = 1 + MinOutput + Tail;
        if (!_reader.TryTake(OutpointSize, 1 + MinScriptSig + 4 + afterScript, out var outpoint))
        {
            return false;
        }

        var outpointAt = _reader.Position - OutpointSize;
        var odd = outpoint[..BlockHash.Size].IndexOfAnyExcept((byte)0);
        Require(odd < 0, "The input spends an output, so this is no coinbase", outpointAt + odd);
        odd = outpoint[BlockHash.Size..].IndexOfAnyExcept((byte)0xff);
        Require(odd < 0, "The output index of a coinbase's input is 0xffffffff", outpointAt + BlockHash.Size + odd);

        var lengthAt = _reader.Position;
        if (!_reader.TryTakeCompactSize(MinScriptSig + 4 + afterScript, out var length))
        {
            return false;
        }

        Require(length is >= MinScriptSig and <= MaxScriptSig, "The script of a coinbase's input has 2 to 100 bytes", lengthAt);
        _scriptSig = _reader.Position;
        _scriptSigLength = (int)length;
        return _reader.TryTake(_scriptSigLength + 4, afterScript, out _);
    }

    private bool TryOutputs()
    {
        var countAt = _reader.Position;
        if (!_reader.TryTakeCompactSize(MinOutput + Tail, out var count))
        {
            return false;
        }

        Require(
            count is >= 1 and <= MaxStrippedSize / MinOutput, "A coinbase has at least one output and no more than fit into a block", countAt);
        _outputs = _reader.Position;
        _outputCount = (int)count;
        var total = 0L;
        for (var left = _outputCount - 1; left >= 0; left--)
        {
            if (!TryOutput((left * MinOutput) + Tail, ref total))
            {
                return false;
            }
        }

        _outputsEnd = _reader.Position;
        return true;
    }

    private bool TryOutput(int atLeastAfter, ref long total)
    {
        var valueAt = _reader.Position;
        if (!_reader.TryTake(8, 1 + atLeastAfter, out var bytes))
        {
            return false;
        }

        var value = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Require(value is >= 0 and <= MaxMoney, "An output's value is 0 to 21,000,000 bitcoin", valueAt);
        total += value;
        Require(total <= MaxMoney, "The outputs' values exceed 21,000,000 bitcoin", valueAt);
        return TrySkipScript(atLeastAfter, MaxStrippedSize);
    }

    private bool TryWitness()
    {
        var countAt = _reader.Position;
        if (!_reader.TryTakeCompactSize(1 + 4, out var count))
        {
            return false;
        }

        Require(count is >= 1 and <= MaxWeight, "The segwit form has one witness item or more, and no more than fit into a block", countAt);
        for (var left = (int)count - 1; left >= 0; left--)
        {
            if (!TrySkipScript(left + 4, MaxWeight))
            {
                return false;
            }
        }

        return true;
    }

    // Without the limit a hostile length would make the caller fetch whatever it claims.
    private bool TrySkipScript(int atLeastAfter, int maxSize)
    {
        var lengthAt = _reader.Position;
        if (!_reader.TryTakeCompactSize(atLeastAfter, out var length))
        {
            return false;
        }

        var room = maxSize - (_reader.Position - _start) - atLeastAfter;
        Require(room >= 0 && length <= (ulong)room, "The transaction is larger than a block may be", lengthAt);
        return _reader.TryTake((int)length, atLeastAfter, out _);
    }

    private static void Require(bool right, string message, int offset)
    {
        if (!right)
        {
            throw new BlockFormatException(message, offset);
        }
    }
}
