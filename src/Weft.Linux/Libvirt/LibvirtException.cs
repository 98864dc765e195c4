namespace Weft.Linux.Libvirt;

/// <summary>libvirt refused something, cannot be reached, or is not installed.</summary>
/// <param name="operation">What was asked for and of which object.</param>
/// <param name="code">virErrorNumber (libvirt/virterror.h); 0 when it is none of the library's.</param>
/// <param name="text">libvirt's own words.</param>
public sealed class LibvirtException(string operation, int code, string text) : IOException($"{operation}: {text}")
{
    /// <summary>VIR_ERR_NO_DOMAIN, VIR_ERR_NO_NETWORK: there is none of that name.</summary>
    public const int NoDomain = 42, NoNetwork = 43;
    /// <summary>VIR_ERR_OPERATION_INVALID: as an example to start what is started.</summary>
    public const int OperationInvalid = 55;

    /// <summary>virErrorNumber.</summary>
    public int Code { get; } = code;
}
