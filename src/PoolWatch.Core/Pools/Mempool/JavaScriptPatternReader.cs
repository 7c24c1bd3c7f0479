using System.Globalization;

namespace PoolWatch.Core.Pools.Mempool;

/// <summary>Reads one pattern: ECMAScript 2024, 22.2.1 with annex B.1.2, without the flags <c>u</c> and <c>v</c>.</summary>
/// <remarks>Recursion is as deep as groups are nested.</remarks>
internal sealed class JavaScriptPatternReader
{
    /// <summary>Larger numbers of repetitions are all the same here: no scriptSig is so long.</summary>
    private const int LargestCount = 1_000_000;

    /// <summary>Tags that are used have 100 bytes at most; those that are only looked at may have any number, and the stack has an end.</summary>
    private const int DeepestNesting = 100;

    private readonly string _text;
    private readonly JavaScriptEscapes _escapes;
    private int _at;
    private int _depth;

    public JavaScriptPatternReader(string text)
    {
        _text = text;
        _escapes = new JavaScriptEscapes(text);
    }

    private bool IsAtEnd => _at == _text.Length;

    public JavaScriptPattern Read()
    {
        var pattern = ReadChoice();
        return IsAtEnd ? pattern : throw new PatternException($"a ) at character {_at + 1} closes no group");
    }

    private JavaScriptPattern ReadChoice()
    {
        List<JavaScriptPattern> options = [ReadSequence()];
        while (TrySkip('|'))
        {
            options.Add(ReadSequence());
        }

        return options.Count == 1 ? options[0] : new JavaScriptPattern.Choice(options);
    }

    private JavaScriptPattern.Sequence ReadSequence()
    {
        List<JavaScriptPattern> parts = [];
        while (!IsAtEnd && _text[_at] is not ('|' or ')'))
        {
            parts.Add(ReadTerm());
        }

        return new JavaScriptPattern.Sequence(parts);
    }

    private JavaScriptPattern ReadTerm()
    {
        if (TryReadCounts(out _, out _))
        {
            throw new PatternException($"there is nothing to repeat before character {_at}");
        }

        var first = _text[_at++];
        var assertion = first switch
        {
            '^' => PatternAssertion.Start,
            '$' => PatternAssertion.End,
            '\\' when TrySkip('b') => PatternAssertion.WordEdge,
            '\\' when TrySkip('B') => PatternAssertion.NoWordEdge,
            _ => (PatternAssertion?)null,
        };
        return assertion is { } kind ? new JavaScriptPattern.Assertion(kind) : ReadRepetition(ReadAtom(first));
    }

    private JavaScriptPattern ReadAtom(char first) => first switch
    {
        '(' => ReadGroup(),
        '[' => new JavaScriptPattern.Character(ReadClass()),
        '.' => new JavaScriptPattern.Character(JavaScriptCharacters.MatchAllBut(JavaScriptCharacters.IsLineEnd)),
        '\\' => new JavaScriptPattern.Character(JavaScriptCharacters.Match(_escapes.Read(ref _at, inClass: false))),
        _ => new JavaScriptPattern.Character(JavaScriptCharacters.Match(first)),
    };

    private JavaScriptPattern ReadGroup()
    {
        if (TrySkip('?') && !TrySkip(':'))
        {
            throw new PatternException(IsAtEnd || _text[_at] is not ('=' or '!' or '<')
                ? $"(? at character {_at} begins no group"
                : $"(?{_text[_at]} at character {_at} looks around or names a group, which is not supported");
        }

        if (++_depth > DeepestNesting)
        {
            throw new PatternException($"groups are nested more than {DeepestNesting} deep");
        }

        var group = ReadChoice();
        _depth--;
        return TrySkip(')') ? group : throw new PatternException("a ( is never closed");
    }

    private JavaScriptPattern ReadRepetition(JavaScriptPattern atom)
    {
        if (!TryReadCounts(out var min, out var max))
        {
            return atom;
        }

        TrySkip('?');
        return min <= (max ?? int.MaxValue)
            ? new JavaScriptPattern.Repetition(atom, min, max)
            : throw new PatternException($"the numbers in {{{min},{max}}} are out of order");
    }

    private bool TryReadCounts(out int min, out int? max)
    {
        (min, max) = (0, null);
        switch (IsAtEnd ? '\0' : _text[_at])
        {
            case '*':
                _at++;
                return true;
            case '+':
                (min, _at) = (1, _at + 1);
                return true;
            case '?':
                (max, _at) = (1, _at + 1);
                return true;
            case '{':
                return TryReadBraces(out min, out max);
            default:
                return false;
        }
    }

    /// <summary>Braces that hold no numbers are text.</summary>
    private bool TryReadBraces(out int min, out int? max)
    {
        var start = _at++;
        max = null;
        if (TryReadNumber(out min))
        {
            if (!TrySkip(','))
            {
                max = min;
            }
            else if (TryReadNumber(out var most))
            {
                max = most;
            }

            if (TrySkip('}'))
            {
                return true;
            }
        }

        _at = start;
        return false;
    }

    private bool TryReadNumber(out int number)
    {
        var start = _at;
        while (!IsAtEnd && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }

        var digits = _text.AsSpan(start, _at - start).TrimStart('0');
        number = digits.Length > 6 ? LargestCount
            : digits.IsEmpty ? 0
            : int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return _at > start;
    }

    private bool[] ReadClass()
    {
        var negated = TrySkip('^');
        List<Func<int, bool>> items = [];
        while (!TrySkip(']'))
        {
            var from = ReadClassItem(out var first);
            if (_at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
            {
                _at++;
                var to = ReadClassItem(out var last);
                items.AddRange(from is { } low && to is { } high ? [Range(low, high)] : [first, c => c == '-', last]);
            }
            else
            {
                items.Add(first);
            }
        }

        bool Contains(int c) => items.Any(item => item(c));
        return negated ? JavaScriptCharacters.MatchAllBut(Contains) : JavaScriptCharacters.Match(Contains);
    }

    /// <returns>The character, or null if it is an escape for many, such as \d.</returns>
    private int? ReadClassItem(out Func<int, bool> matches)
    {
        if (IsAtEnd)
        {
            throw new PatternException("a [ is never closed");
        }

        var c = _text[_at++];
        if (c == '\\')
        {
            return _escapes.ReadInClass(ref _at, out matches);
        }

        matches = other => other == c;
        return c;
    }

    private Func<int, bool> Range(int low, int high) => low <= high
        ? c => c >= low && c <= high
        : throw new PatternException($"the range before character {_at + 1} is out of order");

    private bool TrySkip(char c)
    {
        if (IsAtEnd || _text[_at] != c)
        {
            return false;
        }

        _at++;
        return true;
    }
}
