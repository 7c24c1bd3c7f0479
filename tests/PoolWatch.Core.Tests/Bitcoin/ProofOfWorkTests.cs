using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Tests.Bitcoin;

public sealed class ProofOfWorkTests
{
    private const string ZeroHash = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string Limit = "00000000ffff0000000000000000000000000000000000000000000000000000";
    private const string AboveLimit = "00000000ffff0000000000000000000000000000000000000000000000000001";

    // 0x1b0404cb is the compact form that the Bitcoin developer reference expands.
    [Theory]
    [InlineData(0x1d00ffffu, Limit, true)]
    [InlineData(0x1d00ffffu, AboveLimit, false)]
    [InlineData(0x1b0404cbu, "00000000000404cb000000000000000000000000000000000000000000000000", true)]
    [InlineData(0x1b0404cbu, "00000000000404cb000000000000000000000000000000000000000000000001", false)]
    [InlineData(0x03123456u, "0000000000000000000000000000000000000000000000000000000000123456", true)]
    [InlineData(0x02123456u, "0000000000000000000000000000000000000000000000000000000000001234", true)]
    [InlineData(0x02123456u, "0000000000000000000000000000000000000000000000000000000000001235", false)]
    [InlineData(0x01123456u, "0000000000000000000000000000000000000000000000000000000000000012", true)]
    [InlineData(0x01123456u, "0000000000000000000000000000000000000000000000000000000000000013", false)]
    public void Hash_counts_up_to_the_target(uint bits, string hash, bool met) =>
        Assert.Equal(met, ProofOfWork.IsMet(BlockBytes.Header(bits, hash), Network.Main));

    // Zero, negative and too long targets as in Bitcoin Core's arith_uint256 tests.
    [Theory]
    [InlineData(0u)]
    [InlineData(0x00123456u)]
    [InlineData(0x01003456u)]
    [InlineData(0x02000056u)]
    [InlineData(0x1d000000u)]
    [InlineData(0xff000000u)]
    [InlineData(0x01fedcbau)]
    [InlineData(0x04923456u)]
    [InlineData(0x1d80ffffu)]
    [InlineData(0x21010000u)]
    [InlineData(0x22000100u)]
    [InlineData(0x23000001u)]
    [InlineData(0xff123456u)]
    public void Target_that_is_no_target_is_never_met(uint bits) =>
        Assert.All(Network.All, network => Assert.False(ProofOfWork.IsMet(BlockBytes.Header(bits, ZeroHash), network)));

    [Theory]
    [InlineData(0x1d010000u, false)]
    [InlineData(0x1e00ffffu, false)]
    [InlineData(0x207fffffu, false)]
    [InlineData(0x1c7fffffu, true)]
    public void Target_easier_than_the_networks_limit_is_never_met(uint bits, bool met) =>
        Assert.Equal(met, ProofOfWork.IsMet(BlockBytes.Header(bits, ZeroHash), Network.Main));

    [Theory]
    [InlineData(0x207fffffu, true)]
    [InlineData(0x21007fffu, true)]
    [InlineData(0x2200007fu, true)]
    [InlineData(0x21008000u, false)]
    [InlineData(0x220000ffu, false)]
    public void Length_beyond_32_bytes_is_right_while_the_number_fits(uint bits, bool met) =>
        Assert.Equal(met, ProofOfWork.IsMet(BlockBytes.Header(bits, ZeroHash), Network.Regtest));
}
