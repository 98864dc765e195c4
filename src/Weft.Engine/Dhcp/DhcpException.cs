namespace Weft.Engine.Dhcp;

/// <summary>DHCP and DNS could not be set up as wanted: the message says what was tried, what dnsmasq answered, and what to do.</summary>
public sealed class DhcpException : IOException
{
    /// <summary>Makes the exception.</summary>
    public DhcpException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
