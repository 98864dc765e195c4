namespace Weft.Engine.Dhcp;

/// <summary>DHCP and DNS could not be set up as wanted: the message says what was tried, what dnsmasq answered, and what to do.</summary>
public sealed class DhcpException : IOException
{
    /// <summary>A signal ended dnsmasq while it was being started: one for the whole process group, as of Ctrl-C or of systemd, came to this command too, or is on its way.</summary>
    public bool BySignal { get; init; }

    /// <summary>Makes the exception.</summary>
    public DhcpException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
