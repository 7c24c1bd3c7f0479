using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Mvc;

namespace PoolWatch.Api;

/// <summary>How query parameters are read: a misspelled, repeated or malformed one is an error that names it, never silently ignored.</summary>
internal static class QueryRules
{
    /// <summary>Refuses every parameter that the handler does not take.</summary>
    public static TBuilder RefuseUnknownParameters<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.AddEndpointFilterFactory((context, next) =>
        {
            var known = context.MethodInfo.GetParameters().SelectMany(NamesOf).ToHashSet(StringComparer.Ordinal);
            return invocation =>
            {
                Check(invocation.HttpContext.Request, known);
                return next(invocation);
            };
        });
        return builder;
    }

    public static int ReadInteger(string parameter, string? text, int fallback, int lowest, int highest) =>
        text is null ? fallback
        : TryInteger(text, out var number) && number >= lowest && number <= highest ? number
        : throw ProblemException.BadParameter(parameter, $"{parameter} must be a whole number, {lowest} to {highest}.");

    /// <summary>Decimal digits and nothing else; .NET's own parsing forgives NUL characters at the end.</summary>
    public static bool TryInteger(string text, out int number)
    {
        number = 0;
        return text.All(char.IsAsciiDigit) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <exception cref="ProblemException">It is no version of a pool list (400).</exception>
    public static void RefuseNoVersion(string parameter, string version)
    {
        if (version.Length != 16 || !version.All(char.IsAsciiHexDigitLower))
        {
            throw ProblemException.BadParameter(parameter, $"{parameter} must be the version of a pool list, 16 hexadecimal digits in small letters; /v1/pool-lists has those that were active.");
        }
    }

    private static void Check(HttpRequest request, HashSet<string> known)
    {
        foreach (var (name, values) in request.Query)
        {
            if (!known.Contains(name) || request.RouteValues.ContainsKey(name))
            {
                var inQuery = known.Where(k => !request.RouteValues.ContainsKey(k)).Order(StringComparer.Ordinal).ToList();
                throw ProblemException.BadParameter(name, inQuery.Count == 0
                    ? "There is no such parameter here; this address takes none."
                    : $"There is no such parameter here; there are: {string.Join(", ", inQuery)}.");
            }

            if (values.Count != 1)
            {
                throw ProblemException.BadParameter(name, $"{name} is given {values.Count} times; give it once.");
            }
        }
    }

    private static IEnumerable<string> NamesOf(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string) ? [parameter.Name!]
        : parameter.IsDefined(typeof(AsParametersAttribute)) ? parameter.ParameterType.GetProperties().Select(p => p.GetCustomAttribute<FromQueryAttribute>()?.Name).OfType<string>()
        : [];
}
