using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class ChainViewTests
{
    [Fact]
    public void Empty_view_is_followed_by_height_zero()
    {
        Assert.Equal((0, 0, -1), (ChainView.Empty.Count, ChainView.Empty.FirstHeight, ChainView.Empty.TipHeight));
        var one = ChainView.Empty.Append([new ChainEntry(5, 3, 7)]);
        Assert.Equal((1, 0, 0), (one.Count, one.FirstHeight, one.TipHeight));
        Assert.Equal((5u, 3u, (ushort)7), (one.Time(0), one.MedianTimePast(0), one.Pool(0)));
        Assert.Equal(0, ChainView.Empty.Count);
    }

    [Fact]
    public void First_height_shifts_every_height()
    {
        var view = ChainView.StartingAt(944_221).Append([new(10, 1, 4), new(9, 2, ChainView.UnknownPool)]);
        Assert.Equal(944_222, view.TipHeight);
        Assert.Equal(ChainView.UnknownPool, view.Pool(944_222));
        Assert.Equal(9u, view.Time(944_222));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Pool(944_220));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.MedianTimePast(944_223));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Time(0));
    }

    [Fact]
    public void Appending_nothing_changes_nothing() => Assert.Same(ChainView.Empty, ChainView.Empty.Append([]));

    [Fact]
    public void Branch_after_a_reorganization_leaves_the_old_branch_in_old_views()
    {
        var old = ChainView.StartingAt(0, capacity: 100).Append([new(1, 1, 1), new(2, 2, 2), new(3, 3, 3)]);
        var reorganized = old.TruncateTo(0).Append([new(20, 20, 20), new(30, 30, 30), new(40, 40, 40)]);
        Assert.Equal([1, 2, 3], old.PoolsOf(new BlockWindow(0, 2)).ToArray());
        Assert.Equal([1, 20, 30, 40], reorganized.PoolsOf(new BlockWindow(0, 3)).ToArray());
    }

    [Fact]
    public void Two_branches_on_one_view_do_not_overwrite_each_other()
    {
        var trunk = ChainView.StartingAt(0, capacity: 100).Append([new(1, 1, 1)]);
        var left = trunk.Append([new(2, 2, 2)]);
        var right = trunk.Append([new(3, 3, 3)]);
        Assert.Equal((2, 3), (left.Pool(1), right.Pool(1)));
    }

    [Fact]
    public void Appending_within_capacity_copies_nothing()
    {
        var before = ChainView.StartingAt(0, capacity: 2).Append([new(1, 1, 1)]);
        var after = before.Append([new(2, 2, 2)]);
        Assert.True(before.PoolsOf(new BlockWindow(0, 0)) == after.PoolsOf(new BlockWindow(0, 0)));
    }

    [Fact]
    public void Truncating_to_below_the_first_height_drops_everything()
    {
        var view = ChainView.StartingAt(5).Append([new(1, 1, 1)]);
        var emptied = view.TruncateTo(4);
        Assert.Equal((0, 5, 4), (emptied.Count, emptied.FirstHeight, emptied.TipHeight));
        Assert.Same(view, view.TruncateTo(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.TruncateTo(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.TruncateTo(3));
    }

    [Fact]
    public void Falling_median_time_is_refused_and_nothing_is_appended()
    {
        var view = ChainView.StartingAt(0, capacity: 10).Append([new(1, 100, 1)]);
        var error = Assert.Throws<ArgumentException>(() => view.Append([new(2, 101, 2), new(3, 100, 3)]));
        Assert.Contains("from 101 to 100 at height 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => view.Append([new(2, 99, 2)]));
        Assert.Equal(9, view.Append([new(2, 100, 9)]).Pool(1));
    }

    [Fact]
    public void Windows_outside_the_view_are_refused()
    {
        var view = ChainView.StartingAt(10).Append([new(1, 1, 1), new(2, 2, 2)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.PoolsOf(new BlockWindow(9, 10)).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.TimesOf(new BlockWindow(10, 12)).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.MedianTimesPastOf(new BlockWindow(0, int.MaxValue - 1)).Length);
    }

    [Fact]
    public void Negative_first_height_and_capacity_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ChainView.StartingAt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChainView.StartingAt(0, -1));
    }

    [Fact]
    public async Task Readers_see_whole_views_while_the_writer_appends_and_truncates()
    {
        // Every block of a view carries the same three numbers as its height and branch say, so a torn or overwritten entry shows.
        var current = ChainView.Empty;
        var done = false;
        var views = 0;
        var reader = Task.Run(
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    var view = Volatile.Read(ref current);
                    for (var height = 0; height < view.Count; height++)
                    {
                        Assert.Equal(view.Time(height), view.MedianTimePast(height) + view.Pool(height));
                    }

                    Interlocked.Increment(ref views);
                }
            },
            TestContext.Current.CancellationToken);
        // On a busy machine the reader starts late: the writer goes on until it has been watched.
        for (var round = 0; !reader.IsCompleted && (round < 3000 || Volatile.Read(ref views) < 20); round++)
        {
            var next = round % 7 == 6 ? current.TruncateTo(current.TipHeight - 5) : current;
            var (height, pool) = (next.Count, (ushort)(round % 1000));
            Volatile.Write(ref current, next.Append([Entry(height, pool), Entry(height + 1, pool)]));
        }

        Volatile.Write(ref done, true);
        await reader;

        static ChainEntry Entry(int height, ushort pool) => new((uint)height + pool, (uint)height, pool);
    }
}
