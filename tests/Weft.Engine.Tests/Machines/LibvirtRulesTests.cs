using Weft.Engine.Machines;
using Xunit;

namespace Weft.Engine.Tests.Machines;

/// <summary>Which rules of libvirt's are those of one network, in the words of the tools that made them.</summary>
public sealed class LibvirtRulesTests
{
    [Fact]
    public void Of_iptables()
    {
        const string saved = """
            *nat
            :LIBVIRT_PRT - [0:0]
            -A POSTROUTING -j LIBVIRT_PRT
            -A LIBVIRT_PRT -s 192.168.122.0/24 ! -d 192.168.122.0/24 -j MASQUERADE
            -A LIBVIRT_PRT -s 192.168.123.0/24 ! -d 192.168.123.0/24 -j MASQUERADE
            COMMIT
            *filter
            -A LIBVIRT_FWI -o virbr0 -j REJECT --reject-with icmp-port-unreachable
            -A LIBVIRT_FWI -o virbr01 -j REJECT --reject-with icmp-port-unreachable
            -A INPUT -i virbr0 -j DROP
            COMMIT
            """;
        Assert.Equal("*nat\n-D LIBVIRT_PRT -s 192.168.122.0/24 ! -d 192.168.122.0/24 -j MASQUERADE\nCOMMIT\n*filter\n-D LIBVIRT_FWI -o virbr0 -j REJECT --reject-with icmp-port-unreachable\nCOMMIT\n",
            LibvirtRules.OfIptables(saved, "virbr0", ["192.168.122.0/24"]));
    }

    [Fact]
    public void Of_nft()
    {
        const string listed = """
            table ip libvirt_network { # handle 3
            chain guest_output { # handle 2
            ip saddr 192.168.122.0/24 iif "virbr0" counter packets 0 bytes 0 accept # handle 20
            iif "virbr0" counter packets 0 bytes 0 reject # handle 21
            iif "virbr01" counter packets 0 bytes 0 reject # handle 22
            }
            chain guest_nat { # handle 7
            ip saddr 192.168.122.0/24 ip daddr != 192.168.122.0/24 counter packets 0 bytes 0 masquerade # handle 30
            ip saddr 192.168.124.0/24 ip daddr != 192.168.124.0/24 counter packets 0 bytes 0 masquerade # handle 31
            }
            }
            """;
        Assert.Equal([("guest_output", "20"), ("guest_output", "21"), ("guest_nat", "30")], LibvirtRules.OfNft(listed, "virbr0", ["192.168.122.0/24"]));
    }
}
