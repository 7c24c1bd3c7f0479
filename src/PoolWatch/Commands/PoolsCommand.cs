using Npgsql;
using PoolWatch.Api;
using PoolWatch.PoolLists;
using PoolWatch.Storage;

namespace PoolWatch.Commands;

/// <summary><c>poolwatch pools …</c>: what can be done with pool lists, and how it ends.</summary>
internal static class PoolsCommand
{
    public const int ErrorsFound = 1;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            return args switch
            {
                ["lint", .. var rest] => PoolListLintCommand.Run(rest),
                ["import", .. var rest] => PoolListConversion.Import(rest),
                ["export", .. var rest] => PoolListConversion.Export(rest),
                ["diff" or "apply" or "rollback", ..] => await ListChangeCommand.RunAsync(args),
                ["suggest", .. var rest] => await SuggestCommand.RunAsync(rest, Console.Out),
                _ => Usage.Refuse("pools", [args is [var verb, ..] ? $"'pools {verb}' is no command." : "'pools' needs to know what to do."]),
            };
        }
        catch (PoolListException e)
        {
            e.Errors.ToList().ForEach(Console.Error.WriteLine);
        }
        catch (Exception e) when (e is DatabaseSetupException or NoChainException or NoSuchListException or ProblemException)
        {
            Console.Error.WriteLine(e.Message);
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"The output can't be written: {e.Message} What the command did is done: pools diff says which list is active.");
        }
        catch (Exception e) when (e is NpgsqlException || Database.IsOutage(e))
        {
            Console.Error.WriteLine($"{DatabaseOutage.Describe(e)} A change of the list is made whole or not at all; pools diff says which list is active.");
        }

        return ErrorsFound;
    }
}
