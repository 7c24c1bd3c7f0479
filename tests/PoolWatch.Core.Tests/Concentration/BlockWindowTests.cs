using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class BlockWindowTests
{
    // Header times run backwards between 101 and 102, median times stand still between 102 and 103.
    private static readonly ChainView FromHundred = ChainView.StartingAt(100)
        .Append([new(50, 40, 0), new(70, 50, 1), new(60, 60, 2), new(80, 60, 3), new(90, 70, 4)]);

    private static readonly ChainView FromGenesis = ChainView.Empty.Append([new(50, 50, 0), new(60, 60, 1), new(90, 70, 2)]);

    // Median times that stand still, creep and jump.
    private static readonly Gen<uint[]> MedianSteps = Gen.OneOf(Gen.Const(0u), Gen.UInt[0, 3], Gen.UInt[0, 1000]).Array[1, 80];

    [Fact]
    public void Standard_lengths_are_a_day_to_a_year() =>
        Assert.Equal([144, 432, 1008, 2016, 4320, 52560], BlockWindow.StandardLengths);

    [Fact]
    public void Last_blocks_end_at_the_tip()
    {
        Assert.True(FromHundred.TryLast(2, out var window));
        Assert.Equal(new BlockWindow(103, 104), window);
        Assert.Equal(2, window.Blocks);
        Assert.True(FromHundred.TryLast(5, out window));
        Assert.Equal(new BlockWindow(100, 104), window);
    }

    [Fact]
    public void Window_longer_than_the_chain_is_absent()
    {
        Assert.False(FromHundred.TryLast(6, out _));
        AssertAbsent(
            FromHundred.Last(6),
            WindowAbsence.LongerThanChain,
            "A window of 6 blocks is longer than the stored chain: 5 blocks are stored, heights 100 to 104.");
        AssertAbsent(
            ChainView.Empty.Last(144),
            WindowAbsence.LongerThanChain,
            "A window of 144 blocks is longer than the stored chain: no block is stored yet.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Window_of_no_block_is_absent(int blocks) =>
        AssertAbsent(FromHundred.Last(blocks), WindowAbsence.InvalidBounds, $"A window has at least 1 block, not {blocks}.");

    [Fact]
    public void Heights_include_both_ends()
    {
        Assert.True(FromHundred.Heights(100, 104).TryGet(out var window));
        Assert.Equal(new BlockWindow(100, 104), window);
        Assert.True(FromHundred.Heights(102, 102).TryGet(out window));
        Assert.Equal(new BlockWindow(102, 102), window);
    }

    [Theory]
    [InlineData(99, 104)]
    [InlineData(100, 105)]
    [InlineData(0, 5)]
    public void Heights_that_are_not_all_stored_are_absent(int from, int to) => AssertAbsent(
        FromHundred.Heights(from, to),
        WindowAbsence.HeightsNotStored,
        $"Heights {from} to {to} are not all stored: 5 blocks are stored, heights 100 to 104.");

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(103, 102)]
    public void Heights_that_make_no_window_are_absent(int from, int to) => AssertAbsent(
        FromHundred.Heights(from, to), WindowAbsence.InvalidBounds, $"Heights {from} to {to} are no window: 0 ≤ from ≤ to is needed.");

    [Theory]
    [InlineData(40, 70, 101, 104)]
    [InlineData(50, 60, 102, 103)]
    [InlineData(59, 60, 102, 103)]
    [InlineData(60, long.MaxValue, 104, 104)]
    [InlineData(49, 59, 101, 101)]
    public void Times_exclude_the_start_and_include_the_end(long from, long to, int fromHeight, int toHeight)
    {
        Assert.True(FromHundred.Times(from, to).TryGet(out var window));
        Assert.Equal(new BlockWindow(fromHeight, toHeight), window);
    }

    [Fact]
    public void Times_before_the_first_stored_block_are_absent_unless_it_is_the_genesis_block()
    {
        AssertAbsent(
            FromHundred.Times(39, 70),
            WindowAbsence.TimesNotStored,
            "Blocks since 39 (Unix seconds) are not all stored: 5 blocks are stored, heights 100 to 104, median time past 40 to 70.");
        AssertAbsent(
            ChainView.StartingAt(100).Times(0, 9),
            WindowAbsence.TimesNotStored,
            "Blocks since 0 (Unix seconds) are not all stored: no block is stored yet.");
        Assert.True(FromGenesis.Times(-1, 60).TryGet(out var window));
        Assert.Equal(new BlockWindow(0, 1), window);
    }

    [Theory]
    [InlineData(50, 59)]
    [InlineData(70, 80)]
    public void Times_without_a_block_are_absent(long from, long to) => AssertAbsent(
        FromGenesis.Times(from, to),
        WindowAbsence.NoBlocks,
        $"No block has a median time past after {from} and up to {to}: 3 blocks are stored, heights 0 to 2, median time past 50 to 70.");

    [Theory]
    [InlineData(60, 60)]
    [InlineData(61, 60)]
    public void Times_that_make_no_window_are_absent(long from, long to) => AssertAbsent(
        FromGenesis.Times(from, to), WindowAbsence.InvalidBounds, $"Times {from} to {to} are no window: from < to is needed.");

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(5, 4)]
    public void Bounds_that_make_no_window_are_refused(int from, int to) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockWindow(from, to));

    [Fact]
    public void Adjoining_time_windows_count_every_block_exactly_once() =>
        Gen.Select(MedianSteps, Gen.Long[-1, 3000].Array[1, 10]).Sample((steps, cuts) =>
        {
            var chain = ChainOf(steps, firstHeight: 0);
            var tip = chain.MedianTimePast(chain.TipHeight);
            long[] bounds = [.. cuts.Where(cut => cut < tip).Prepend(-1).Append(tip).Distinct().Order()];
            var counted = new List<int>();
            foreach (var (from, to) in bounds.Zip(bounds.Skip(1)))
            {
                if (chain.Times(from, to).TryGet(out var window))
                {
                    counted.AddRange(Enumerable.Range(window.FromHeight, window.Blocks));
                }
            }

            Assert.Equal(Enumerable.Range(0, chain.Count), counted);
        });

    [Fact]
    public void Time_windows_hold_what_a_plain_search_finds_or_say_that_it_may_be_incomplete() =>
        Gen.Select(MedianSteps, Gen.Int[0, 2], Gen.Long[-1, 3000], Gen.Long[1, 3000]).Sample((steps, first, from, length) =>
        {
            var chain = ChainOf(steps, first);
            int[] expected = [.. Enumerable.Range(first, chain.Count)
                .Where(height => from < chain.MedianTimePast(height) && chain.MedianTimePast(height) <= from + length)];
            var lookup = chain.Times(from, from + length);
            if (lookup.TryGet(out var window))
            {
                Assert.Equal(expected, Enumerable.Range(window.FromHeight, window.Blocks));
            }
            else if (first > 0 && from < chain.MedianTimePast(first))
            {
                Assert.Equal(WindowAbsence.TimesNotStored, lookup.Absence);
            }
            else
            {
                Assert.Equal(WindowAbsence.NoBlocks, lookup.Absence);
                Assert.Empty(expected);
            }
        });

    private static ChainView ChainOf(uint[] medianSteps, int firstHeight)
    {
        var median = 0u;
        return ChainView.StartingAt(firstHeight).Append([.. medianSteps.Select(step => new ChainEntry(0, median += step, 0))]);
    }

    private static void AssertAbsent(WindowLookup lookup, WindowAbsence absence, string reason)
    {
        Assert.False(lookup.Found);
        Assert.False(lookup.TryGet(out _));
        Assert.Equal(absence, lookup.Absence);
        Assert.Equal(reason, lookup.Reason);
    }
}
