using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Commands;

/// <summary><c>poolwatch pools import</c> and <c>export</c>: from the form of one pool list to another. What got lost is told on standard error.</summary>
internal static class PoolListConversion
{
    private const string Ours = "poolwatch";

    public static int Import(string[] args)
    {
        if (CommandArguments.ParseFile(args, "as", "output") is not { Values: [var file] } arguments || !ListFile.Kinds.TryGetValue(arguments["as"] ?? "mempool", out var kind))
        {
            return Usage.Refuse($"pools import {string.Join(' ', args)}".TrimEnd());
        }

        return Run(file, arguments["output"], json =>
        {
            var import = PublicPoolList.Parse(json, kind).ToPoolList();
            return (import.List, import.List.ToJson(), import.Notes);
        });
    }

    public static int Export(string[] args)
    {
        var kind = default(PublicListKind);
        if (CommandArguments.ParseFile(args, "as", "output") is not { } arguments || arguments["as"] is not { } form || (form != Ours && !ListFile.Kinds.TryGetValue(form, out kind)))
        {
            return Usage.Refuse($"pools export {string.Join(' ', args)}".TrimEnd());
        }

        return Run(arguments.Values is [var file] ? file : null, arguments["output"], json =>
        {
            var list = json is null ? PoolList.LoadBundled() : PoolList.Parse(json);
            if (form == Ours)
            {
                return (list, list.ToJson(), []);
            }

            var export = PublicPoolList.From(list, kind);
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
            Console.Error.WriteLine($"{pools.Count} pools, {pools.Sum(p => p.Tags.Count)} tags, {pools.Sum(p => p.Addresses.Count)} addresses; {notes.Count} changes");
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The list can't be written: {e.Message}");
            return PoolsCommand.ErrorsFound;
        }
    }
}
