using System.Globalization;

namespace PoolWatch.Core.Pools.Mempool;

/// <summary>Reads what stands behind a backslash in a pattern.</summary>
internal sealed class JavaScriptEscapes
{
    private readonly string _text;
    private readonly int _groups;

    public JavaScriptEscapes(string text)
    {
        _text = text;
        _groups = CountGroups(text);
    }

    /// <summary>Reads an escape that stands for a character or for one of several.</summary>
    /// <param name="at">Behind the backslash; afterwards behind the escape.</param>
    /// <param name="inClass">Whether it stands in brackets, where nothing refers to a group.</param>
    public Func<int, bool> Read(ref int at, bool inClass)
    {
        _ = ReadOne(ref at, inClass, out var matches);
        return matches;
    }

    /// <returns>The character, or null if the escape stands for one of several.</returns>
    public int? ReadInClass(ref int at, out Func<int, bool> matches) => ReadOne(ref at, inClass: true, out matches);

    private int? ReadOne(ref int at, bool inClass, out Func<int, bool> matches)
    {
        if (at == _text.Length)
        {
            throw new PatternException("the \\ at the end escapes nothing");
        }

        if (SetOf(_text[at]) is { } set)
        {
            at++;
            matches = set;
            return null;
        }

        var one = ReadCharacter(ref at, inClass);
        matches = c => c == one;
        return one;
    }

    private static Func<int, bool>? SetOf(char c) => c switch
    {
        'd' => JavaScriptCharacters.IsDigit,
        'D' => c => !JavaScriptCharacters.IsDigit(c),
        'w' => JavaScriptCharacters.IsWord,
        'W' => c => !JavaScriptCharacters.IsWord(c),
        's' => JavaScriptCharacters.IsSpace,
        'S' => c => !JavaScriptCharacters.IsSpace(c),
        _ => null,
    };

    private int ReadCharacter(ref int at, bool inClass)
    {
        var c = _text[at++];
        switch (c)
        {
            case 'b' when inClass:
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return '\v';
            case 'c':
                return ReadControl(ref at, inClass);
            case 'x':
                return ReadHex(ref at, 2) ?? 'x';
            case 'u':
                return ReadHex(ref at, 4) ?? 'u';
            case >= '0' and <= '9':
                at--;
                return ReadDigits(ref at, inClass);
            default:
                return c;
        }
    }

    /// <summary>\cJ is a line feed; what is no such escape is the backslash itself, and the c behind it text.</summary>
    private int ReadControl(ref int at, bool inClass)
    {
        var letter = at < _text.Length ? _text[at] : '\0';
        if (char.IsAsciiLetter(letter) || (inClass && (char.IsAsciiDigit(letter) || letter == '_')))
        {
            at++;
            return letter % 32;
        }

        at--;
        return '\\';
    }

    private int? ReadHex(ref int at, int digits)
    {
        if (at + digits > _text.Length || !_text.AsSpan(at, digits).ToString().All(char.IsAsciiHexDigit))
        {
            return null;
        }

        var value = int.Parse(_text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        at += digits;
        return value;
    }

    /// <summary>A number refers to a group if there is one of that number, else it is octal as far as it can be, else a digit.</summary>
    private int ReadDigits(ref int at, bool inClass)
    {
        var end = at;
        while (end < _text.Length && char.IsAsciiDigit(_text[end]))
        {
            end++;
        }

        if (!inClass && _text[at] != '0' && end - at <= 3 && int.Parse(_text.AsSpan(at, end - at), NumberStyles.None, CultureInfo.InvariantCulture) <= _groups)
        {
            throw new PatternException($"\\{_text[at..end]} refers to a group, which is not supported");
        }

        if (_text[at] >= '8')
        {
            return _text[at++];
        }

        var value = 0;
        for (var digits = 0; digits < 3 && at < _text.Length && _text[at] is >= '0' and <= '7' && (value * 8) + (_text[at] - '0') < JavaScriptCharacters.Count; digits++)
        {
            value = (value * 8) + (_text[at++] - '0');
        }

        return value;
    }

    /// <summary>Counts the groups that a number can refer to, those behind it included.</summary>
    private static int CountGroups(string text)
    {
        var (count, inClass) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '(' when !inClass && !(i + 1 < text.Length && text[i + 1] == '?'):
                    count++;
                    break;
                default:
                    break;
            }
        }

        return count;
    }
}
