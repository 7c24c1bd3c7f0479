using PoolWatch.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace PoolWatch.Tests.Deployment;

/// <summary>Reads YAML as the tree that it is: text, lists, maps.</summary>
internal static class Yaml
{
    public static YamlMappingNode Load(string relative)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Repository.Read(relative)));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    public static YamlNode? Find(this YamlNode node, string key) =>
        ((YamlMappingNode)node).Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    public static YamlNode Get(this YamlNode node, string key) =>
        node.Find(key) ?? throw new KeyNotFoundException($"There is no '{key}' in {node}");

    public static string Text(this YamlNode node) => ((YamlScalarNode)node).Value ?? "";

    public static IEnumerable<string> Texts(this YamlNode? node) => node.Items().Select(Text);

    public static IEnumerable<YamlNode> Items(this YamlNode? node) => node is null ? [] : ((YamlSequenceNode)node).Children;

    public static IEnumerable<(string Key, YamlNode Value)> Entries(this YamlNode? node) =>
        node is null ? [] : ((YamlMappingNode)node).Children.Select(c => (c.Key.Text(), c.Value));
}
