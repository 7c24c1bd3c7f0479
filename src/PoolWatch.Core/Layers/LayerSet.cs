using System.Security.Cryptography;
using System.Text;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Layers;

/// <summary>All layers: who is one with whom, since when, on whose word.</summary>
/// <remarks>Immutable. The file format is described in docs/layers.md.</remarks>
public sealed class LayerSet
{
    /// <summary>The value of the field <c>format</c>.</summary>
    public const string Format = "poolwatch-layers/1";

    /// <summary>The value of the field <c>extends</c>: the file adds to the bundled one.</summary>
    public const string Bundled = "bundled";

    /// <summary>Most layers, <see cref="Layer.PoolName"/> included: each is a label value on every measure.</summary>
    public const int MaxLayers = 8;

    /// <summary>Most memberships of all layers together.</summary>
    public const int MaxMemberships = 5_000;

    /// <summary>Largest file that is read: 4 MiB.</summary>
    public const int MaxBytes = 4 << 20;

    private const string BundledResource = "layers.json";

    internal LayerSet(IReadOnlyList<Layer> defined)
    {
        Layers = [new Layer { Name = Layer.PoolName, About = "who is tagged and paid" }, .. defined];
        Version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToJson())))[..16];
    }

    /// <summary>The layer <see cref="Layer.PoolName"/>, then those of the file in its order.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>First 16 hexadecimal digits of SHA-256 over <see cref="ToJson"/>.</summary>
    /// <remarks>A file that adds to the bundled one has the version of the whole.</remarks>
    public string Version { get; }

    /// <summary>No layer but that of the pools.</summary>
    public static LayerSet None { get; } = new([]);

    /// <summary>The layers that are built into this assembly. Reads them anew at each call.</summary>
    public static LayerSet LoadBundled()
    {
        using var resource = typeof(LayerSet).Assembly.GetManifestResourceStream(BundledResource)
            ?? throw new InvalidOperationException($"The assembly was built without its resource {BundledResource}.");
        return Parse(resource);
    }

    /// <summary>Reads a file to the end of its stream, which stays open.</summary>
    /// <exception cref="LayerSetException">The text defines no valid layers, or is larger than <see cref="MaxBytes"/>.</exception>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public static LayerSet Parse(Stream utf8Json)
    {
        ArgumentNullException.ThrowIfNull(utf8Json);
        var content = new byte[MaxBytes + 1];
        var length = utf8Json.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return Parse(content.AsSpan(0, length));
    }

    /// <summary>Reads a file: UTF-8, with or without byte order mark. One that extends the bundled layers is returned together with them.</summary>
    /// <exception cref="LayerSetException">The text defines no valid layers; every error is named, up to a hundred.</exception>
    public static LayerSet Parse(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.Length > MaxBytes)
        {
            throw new LayerSetException([$"The file is larger than {MaxBytes} bytes, the most that is read."]);
        }

        var errors = new PoolListErrors();
        var reader = new LayerSetReader(errors);
        var layers = reader.Read(utf8Json);
        if (errors.Messages.Count == 0 && reader.ExtendsBundled)
        {
            layers = LayerMerge.Join(LoadBundled().Layers.Skip(1), layers);
        }

        new LayerSetChecks(errors).Run(layers);
        return errors.Messages.Count == 0 ? new LayerSet(layers) : throw new LayerSetException(errors.Messages);
    }

    /// <summary>The layers in canonical form: one membership a line, lines end in a line feed.</summary>
    /// <remarks><see cref="Parse(Stream)"/> reads the UTF-8 bytes of it back. It extends nothing.</remarks>
    public string ToJson() => LayerSetWriter.Write(Layers.Skip(1).ToList());

    /// <summary>The layer of this name, or null.</summary>
    public Layer? Find(string name) => Layers.FirstOrDefault(layer => layer.Name == name);
}

/// <summary>A file of layers can't be used. Every error found is listed, not only the first.</summary>
/// <param name="errors">One sentence each: where, what is wrong, what would be right.</param>
public sealed class LayerSetException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>One sentence each: where, what is wrong, what would be right. At least one.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
