using System.Text.RegularExpressions;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Lab.Tests.Vm;

/// <summary>What the kernel of this machine may lack, on the distribution's own: VLAN links and filtering, bonds, vhost-net.</summary>
[Collection(VmCollection.Name)]
public sealed partial class KernelTests
{
    public KernelTests() => LabVm.Demand();

    [Fact]
    public void The_lab_kernel_has_what_these_tests_are_for()
    {
        var kernel = LabVm.Succeed("""
            ip link add br0 type bridge vlan_filtering 1
            ip link add bond0 type bond mode active-backup
            ip link add link br0 name br0.7 type vlan id 7
            test -c /dev/vhost-net
            uname -r
            """);
        Assert.Matches(@"^\d+\.\d+\.\d+-", kernel);
    }

    [Fact]
    public void The_command_s_output_and_exit_code_come_back()
    {
        var ended = LabVm.Run("echo out; echo err >&2; exit 7");
        Assert.Equal(new Ended(7, "out\n", "err\n"), ended);
    }

    [Fact]
    public void What_is_written_there_does_not_reach_this_machine()
    {
        var file = $"/var/tmp/weft-lab-{Environment.ProcessId}";
        Assert.Equal("there\n", LabVm.Succeed($"echo there >{file}; cat {file}"));
        Assert.False(File.Exists(file));
    }

    /// <summary>Tests of other classes, run there as they are; none may be skipped for what the kernel lacks.</summary>
    [Theory]
    [InlineData("Weft.Linux.Tests", 1, "-method", "*.VLANs_of_ports_are_read_back_or_the_kernel_has_none")]
    [InlineData("Weft.Lab.Tests", 4, "-method", "*.VlanDriverTests.*", "-method", "*.TapDriverTests.Vlans_of_a_port", "-method", "*.BridgeDriverTests.*")]
    [InlineData("Weft.Lab.Tests", 11, "-class", "*.ExampleTests", "-class", "*.UplinkKindTests")]
    [InlineData("Weft.Lab.Tests", 3, "-method", "*.StrangerTests.*", "-method", "*.A_machine_of_no_file_stays_out_until_one_names_it")]
    public void Tests_that_need_such_a_kernel_pass_there(string project, int atLeast, params string[] filter)
    {
        var program = RepoFiles.Path("artifacts", "bin", project, new DirectoryInfo(AppContext.BaseDirectory).Name, project);
        Assert.True(File.Exists(program), $"{program} is not built");
        var ended = LabVm.Run($"DOTNET_ROOT={DotnetRoot} exec {program} -noColor {string.Join(' ', filter.Select(f => $"'{f}'"))}");
        var summary = Summary().Match(ended.Output);
        Assert.True(summary.Success && ended.ExitCode == 0, ended.Output + ended.Errors);
        Assert.InRange(int.Parse(summary.Groups["total"].Value), atLeast, int.MaxValue);
        Assert.DoesNotMatch("this kernel (has|makes) no|filter no VLANs", ended.Output);
    }

    // ROOT/shared/Microsoft.NETCore.App/VERSION/System.Private.CoreLib.dll
    private static string DotnetRoot => new FileInfo(typeof(object).Assembly.Location).Directory!.Parent!.Parent!.Parent!.FullName;

    [GeneratedRegex(@"Total: (?<total>\d+), Errors: 0, Failed: 0,")]
    private static partial Regex Summary();
}
