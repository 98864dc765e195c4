namespace Weft.Core.Spec.Writing;

/// <summary>Writes machines.</summary>
internal static class MachineWriter
{
    /// <summary>The value of machines.NAME: the network alone where that says all.</summary>
    public static object Write(MachineSpec m) => m.Ports is [var only] ? Port(only) : new YamlMap { Block = true }.Add("ports", new YamlList([.. m.Ports.Select(Port)]));

    private static object Port(PortSpec p)
    {
        var network = YamlText.Scalar(p.Network);
        var map = new YamlMap().Add("network", network).Text("mac", p.Mac).Texts("addresses", p.Addresses).Text("tap", p.Tap).Number("vlan", p.Vlan).List("trunk", NetworkWriter.Vlans(p.Trunk))
            .Flag("isolated", p.Isolated, false).Flag("hairpin", p.Hairpin, false).Flag("anti_spoof", p.AntiSpoof, true);
        if (p.Queues != 1) map.Number("queues", p.Queues);
        map.Number("cost", p.Cost).Flag("edge", p.Edge, true);
        return map.Entries.Count == 1 ? network : map;
    }
}
