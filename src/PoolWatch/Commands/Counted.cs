using System.Globalization;

namespace PoolWatch.Commands;

/// <summary>A number of things, as a person would say it.</summary>
internal static class Counted
{
    /// <param name="count">How many.</param>
    /// <param name="one">The word for one of them, which takes an s for more.</param>
    public static string Of(int count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {one}{(count == 1 ? "" : one.EndsWith('s') ? "es" : "s")}");
}
