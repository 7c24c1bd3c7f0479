namespace PoolWatch.Commands;

/// <summary>What follows <c>poolwatch pools import</c> and the like: one file at most, and options of the form <c>--name=value</c>, each once.</summary>
internal sealed class PoolListArguments
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    private PoolListArguments()
    {
    }

    public string? File { get; private set; }

    public string? As => _options.GetValueOrDefault("as");

    public string? Output => _options.GetValueOrDefault("output");

    /// <returns>Null where they can't be understood.</returns>
    public static PoolListArguments? Read(string[] args, params string[] options)
    {
        var read = new PoolListArguments();
        foreach (var arg in args)
        {
            if (arg.StartsWith("--", StringComparison.Ordinal))
            {
                var (name, value) = arg.Split('=', 2) is [var left, { Length: > 0 } right] ? (left[2..], right) : ("", "");
                if (!options.Contains(name) || !read._options.TryAdd(name, value))
                {
                    return null;
                }
            }
            else if (read.File is null && arg.Length > 0)
            {
                read.File = arg;
            }
            else
            {
                return null;
            }
        }

        return read;
    }
}
