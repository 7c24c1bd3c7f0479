using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Commands;

/// <summary><c>poolwatch pools import</c> and <c>export</c>: from the form of one pool list to another. What got lost is told on standard error.</summary>
internal static class PoolListConversion
{
    private const string Ours = "poolwatch";
    private const string Output = "output";

    public static int Import(string[] args)
    {
        const string command = "pools import";
        var arguments = CommandArguments.Parse(args, ListFile.As, Output);
        List<string> errors = [.. arguments.FileErrors(command, ListFile.As, Output), .. ListFile.KindErrors(arguments)];
        if (arguments.Values.Count == 0)
        {
            errors.Add($"{command} needs a file: mempool's or bitcoin-data's list.");
        }

        if (errors.Count > 0)
        {
            return Usage.Refuse(command, errors);
        }

        var kind = ListFile.KindOf(arguments);
        return Run(arguments.Values[0], arguments[Output], json =>
        {
            var import = PublicPoolList.Parse(json, kind).ToPoolList();
            return (import.List, import.List.ToJson(), import.Notes);
        });
    }

    public static int Export(string[] args)
    {
        const string command = "pools export";
        var arguments = CommandArguments.Parse(args, ListFile.As, Output);
        List<string> errors = [.. arguments.FileErrors(command, ListFile.As, Output), .. ListFile.KindErrors(arguments, Ours)];
        if (!arguments.Has(ListFile.As))
        {
            errors.Add($"{command} needs --as=…: {Ours}, {string.Join(" or ", ListFile.Kinds.Keys)}.");
        }

        if (errors.Count > 0)
        {
            return Usage.Refuse(command, errors);
        }

        return Run(arguments.Values is [var file] ? file : null, arguments[Output], json =>
        {
            var list = json is null ? PoolList.LoadBundled() : PoolList.Parse(json);
            if (arguments[ListFile.As] == Ours)
            {
                return (list, list.ToJson(), []);
            }

            var export = PublicPoolList.From(list, ListFile.KindOf(arguments));
            return (list, export.List.ToJson(), export.Notes);
        });
    }

    private static int Run(string? file, string? output, Func<byte[]?, (PoolList Ours, string Text, IReadOnlyList<ConversionNote> Notes)> convert)
    {
        byte[]? json;
        try
        {
            json = file is null ? null : ListFile.ReadBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The list can't be read: {e.Message}");
            return Usage.BadUsage;
        }

        try
        {
            var (ours, text, notes) = convert(json);
            ListFile.Write(output, text);
            notes.ToList().ForEach(Console.Error.WriteLine);
            var pools = ours.Pools;
            Console.Error.WriteLine($"{Counted.Of(pools.Count, "pool")}, {Counted.Of(pools.Sum(p => p.Tags.Count), "tag")}, "
                + $"{Counted.Of(pools.Sum(p => p.Addresses.Count), "address")}; {Counted.Of(notes.Count, "change")}");
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The list can't be written: {e.Message}");
            return PoolsCommand.ErrorsFound;
        }
    }
}
