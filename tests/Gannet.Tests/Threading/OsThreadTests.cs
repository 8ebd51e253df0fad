using Gannet.Threading;

namespace Gannet.Tests.Threading;

public class OsThreadTests
{
    [Fact, Trait("S", "S444"), Trait("S", "S461"), Trait("S", "S500")]
    public void Threads_share_what_they_see_and_wait_for_each_other()
    {
        EventFlag first = new(), second = new();
        int shared = 0;
        OsThread one = Started(() =>
        {
            shared = 5;
            first.Set();
            second.Wait();
        });
        OsThread two = Started(() =>
        {
            first.Wait();
            Assert.Equal(5, shared);
            second.Set();
        });
        one.Join();
        two.Join();
        Assert.Equal(5, shared);
    }

    [Fact, Trait("S", "S455"), Trait("S", "S457"), Trait("S", "S459"), Trait("S", "S463"), Trait("S", "S464")]
    public void One_function_runs_in_several_threads_once_in_each()
    {
        int runs = 0;
        OsThread[] threads = [.. Enumerable.Range(0, 4).Select(_ => Started(() => Interlocked.Increment(ref runs)))];
        Assert.All(threads, thread => Assert.True(thread.Join(Crew.Patience)));
        Assert.Equal(4, runs);
    }

    [Fact, Trait("S", "S458"), Trait("S", "S465")]
    public void Two_threads_run_at_the_same_time()
    {
        // Each waits, busily, for what only the other one does.
        int first = 0, second = 0;
        OsThread one = Started(() => Meet(ref first, ref second)), two = Started(() => Meet(ref second, ref first));
        Assert.True(one.Join(Crew.Patience) && two.Join(Crew.Patience));

        static void Meet(ref int mine, ref int other)
        {
            for (int i = 1; i <= 100; i++)
            {
                Volatile.Write(ref mine, i);
                while (Volatile.Read(ref other) < i)
                {
                }
            }
        }
    }

    [Fact, Trait("S", "S466"), Trait("S", "S501"), Trait("S", "S502")]
    public void Unlocked_increments_may_be_lost_and_locked_ones_are_not()
    {
        const int each = 20_000;
        int unlocked = 0, locked = 0;
        PrimitiveLock guard = new();
        void Count()
        {
            for (int i = 0; i < each; i++)
            {
                unlocked++;
                using (guard.Enter())
                {
                    locked++;
                }
            }
        }

        OsThread one = Started(Count), two = Started(Count);
        one.Join();
        two.Join();
        Assert.InRange(unlocked, 2, 2 * each);
        Assert.Equal(2 * each, locked);
    }

    [Fact, Trait("S", "S473"), Trait("S", "S474"), Trait("S", "S475"), Trait("S", "S476"), Trait("S", "S477"), Trait("S", "S478")]
    public void A_basic_thread_runs_a_function_with_its_arguments()
    {
        List<string> seen = [];
        Threads.StartNew(() => seen.Add("none")).Join();
        Threads.StartNew(argument => seen.Add($"{argument}"), 1).Join();
        Threads.StartNew((first, second) => seen.Add($"{first} {second}"), 1, "two").Join();
        Assert.Equal(["none", "1", "1 two"], seen);
        Assert.Throws<ArgumentNullException>(() => Threads.StartNew(null!));
        Assert.Throws<ArgumentNullException>(() => Threads.StartNew(null!, 1));
        Assert.Throws<ArgumentNullException>(() => Threads.StartNew<int, int>(null!, 1, 2));
    }

    [Fact, Trait("S", "S479"), Trait("S", "S480"), Trait("S", "S484"), Trait("S", "S490")]
    public void Starting_one_gives_its_number_and_it_runs_at_once_and_is_gone_at_the_end()
    {
        int inside = 0;
        OsThread thread = Threads.StartNew(() => inside = Threads.GetIdent());
        thread.Join();
        Assert.Equal(inside, thread.Ident);
        Assert.DoesNotContain(thread, Threads.Enumerate());
    }

    [Fact, Trait("S", "S496"), Trait("S", "S497"), Trait("S", "S498"), Trait("S", "S499"), Trait("S", "S524")]
    public void The_numbers_of_live_threads_differ()
    {
        EventFlag end = new();
        OsThread[] threads = [.. Enumerable.Range(0, 3).Select(_ => Started(() => end.Wait()))];
        int[] idents = [Threads.GetIdent(), .. threads.Select(thread => thread.Ident!.Value)];
        int?[] natives = [Threads.GetNativeId(), .. threads.Select(thread => thread.NativeId)];
        end.Set();
        Assert.Equal(4, idents.Distinct().Count());
        Assert.Equal(4, natives.Distinct().Count());
        Assert.DoesNotContain(0, idents);
        Assert.All(natives, native => Assert.True(Directory.Exists($"/proc/self/task/{native}") || native > 0));
    }

    [Fact, Trait("S", "S525"), Trait("S", "S526"), Trait("S", "S534"), Trait("S", "S535"), Trait("S", "S537"), Trait("S", "S538"), Trait("S", "S547")]
    public void Everything_in_its_making_is_optional()
    {
        OsThread nothing = new();
        Assert.Matches(@"\AThread-\d+\z", nothing.Name);
        nothing.Start();
        nothing.Join();
        OsThread given = new(() => { }, "given"), same = new(name: "given");
        Assert.Equal((given.Name, "given"), (same.Name, given.Name));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OsThread(maxStackSize: -1));
        Assert.Throws<ArgumentNullException>(() => given.Name = null!);
    }

    [Fact, Trait("S", "S536")]
    public void Its_arguments_are_what_a_lambda_captures()
    {
        (int, int) seen = default;
        int a = 1, b = 2;
        OsThread thread = Started(() => seen = (a, b));
        thread.Join();
        Assert.Equal((1, 2), seen);
    }

    [Fact, Trait("S", "S540"), Trait("S", "S541"), Trait("S", "S543"), Trait("S", "S549"), Trait("S", "S559")]
    public void It_runs_when_it_is_started_which_does_not_wait_for_it()
    {
        EventFlag end = new();
        OsThread thread = new(() => end.Wait());
        Assert.Equal((false, null, null), (thread.IsAlive, thread.Ident, thread.NativeId));
        thread.Start();
        Assert.True(thread.IsAlive);
        Assert.NotNull(thread.Ident);
        end.Set();
        thread.Join();
        Assert.False(thread.IsAlive);
        Assert.NotNull(thread.Ident);
        Assert.Equal("threads can only be started once", Assert.Throws<ThreadStateException>(thread.Start).Message);
    }

    [Fact, Trait("S", "S542"), Trait("S", "S544"), Trait("S", "S545"), Trait("S", "S546")]
    public void What_it_runs_can_be_overridden_and_called_directly()
    {
        Mine mine = new();
        mine.Start();
        mine.Join();
        Assert.Equal(mine.Ident, mine.Seen);
        int inCaller = 0;
        new OsThread(() => inCaller = Threads.GetIdent()).Run();
        Assert.Equal(Threads.GetIdent(), inCaller);
    }

    [Fact, Trait("S", "S528"), Trait("S", "S529")]
    public void A_thread_finds_itself()
    {
        OsThread? seen = null;
        OsThread thread = Started(() => seen = Threads.Current);
        thread.Join();
        Assert.Same(thread, seen);
        Assert.Same(Threads.Current, Threads.Current);
    }

    [Fact, Trait("S", "S548")]
    public void Its_name_can_be_changed_before_and_after_the_start()
    {
        EventFlag end = new();
        OsThread thread = new(() => end.Wait(), "n1") { Name = "n2" };
        thread.Start();
        thread.Name = "n3";
        Assert.Equal("n3", thread.Name);
        end.Set();
        thread.Join();
        thread.Name = "n4";
        Assert.Equal("n4", thread.Name);
    }

    [Fact, Trait("S", "S550")]
    public void It_can_be_made_a_daemon_before_the_start_only()
    {
        OsThread thread = new(isDaemon: false);
        thread.IsDaemon = true;
        thread.Start();
        Assert.Equal("cannot set daemon status of active thread", Assert.Throws<ThreadStateException>(() => thread.IsDaemon = false).Message);
        Assert.Throws<ThreadStateException>(() => Threads.Main.IsDaemon = true);
    }

    [Fact, Trait("S", "S556")]
    public void Its_text_tells_the_name_and_the_state()
    {
        EventFlag end = new();
        OsThread thread = new(() => end.Wait(), "n", isDaemon: false);
        Assert.Equal("OsThread(n, initial)", thread.ToString());
        thread.Start();
        Assert.Equal($"OsThread(n, started {thread.Ident})", thread.ToString());
        end.Set();
        thread.Join();
        Assert.Equal($"OsThread(n, stopped {thread.Ident})", thread.ToString());
        Assert.Equal("OsThread(d, initial daemon)", new OsThread(name: "d", isDaemon: true).ToString());
    }

    [Fact, Trait("S", "S558")]
    public async Task Joining_waits_for_the_end_for_at_most_the_time()
    {
        EventFlag end = new();
        OsThread thread = Started(() => end.Wait());
        Assert.False(thread.Join(TimeSpan.FromMilliseconds(20)));
        Assert.False(thread.Join(TimeSpan.FromSeconds(-3)));
        Assert.True(thread.IsAlive);
        using CancellationTokenSource source = new(20);
        Assert.Throws<OperationCanceledException>(() => thread.Join(Timeout.InfiniteTimeSpan, source.Token));
        Task<bool> join = thread.JoinAsync().AsTask();
        using Crew crew = Crew.Of(3, thread.Join);
        end.Set();
        Assert.True(await join.WaitAsync(Crew.Patience));
        Assert.True(thread.Join(TimeSpan.Zero));
    }

    [Fact, Trait("S", "S558")]
    public void Joining_oneself_an_unstarted_or_a_foreign_thread_is_an_error()
    {
        string? message = null;
        OsThread thread = Started(() => message = Assert.Throws<ThreadStateException>(() => Threads.Current.Join()).Message);
        thread.Join();
        Assert.Equal("cannot join current thread", message);
        Assert.Equal("cannot join thread before it is started", Assert.Throws<ThreadStateException>(() => new OsThread().Join()).Message);
        OsThread foreign = Crew.Elsewhere(() => Threads.Current);
        Assert.Throws<ThreadStateException>(() => foreign.Join());
        Assert.Throws<ThreadStateException>(() => Threads.Main.Join());
        Assert.False(foreign.IsAlive);
    }

    [Fact, Trait("S", "S469")]
    public void A_native_call_that_blocks_lets_others_run()
    {
        using ManualResetEvent gate = new(initialState: false);
        bool wasOpened = false;
        OsThread sleeper = Started(() => wasOpened = gate.WaitOne(Crew.Patience));
        int runs = 0;
        Crew.Await(() => ++runs > 20);
        Assert.True(sleeper.IsAlive);
        gate.Set();
        sleeper.Join();
        Assert.True(wasOpened);
    }

    [Fact]
    public void What_its_function_captured_is_not_kept_after_the_end()
    {
        OsThread thread = MakeWith(out WeakReference captured);
        Crew.Await(() =>
        {
            GC.Collect();
            return !captured.IsAlive;
        });
        Assert.False(thread.IsAlive);
    }

    [Fact]
    public void A_timer_calls_its_function_once_after_its_time_unless_it_is_cancelled()
    {
        int calls = 0;
        ThreadTimer timer = new(TimeSpan.FromMilliseconds(10), () => Interlocked.Increment(ref calls));
        timer.Start();
        timer.Join();
        Assert.Equal(1, calls);
        ThreadTimer canceled = new(Crew.Patience, () => Interlocked.Increment(ref calls));
        canceled.Start();
        canceled.Cancel();
        Assert.True(canceled.Join(Crew.Patience));
        timer.Cancel();
        Assert.Equal(1, calls);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThreadTimer(TimeSpan.FromSeconds(-1), () => { }));
        Assert.Throws<ArgumentNullException>(() => new ThreadTimer(TimeSpan.Zero, null!));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static OsThread MakeWith(out WeakReference captured)
    {
        object content = new();
        captured = new(content);
        OsThread thread = Started(() => GC.KeepAlive(content));
        thread.Join();
        return thread;
    }

    private static OsThread Started(Action work)
    {
        OsThread thread = new(work);
        thread.Start();
        return thread;
    }

    private sealed class Mine : OsThread
    {
        public int Seen { get; private set; }

        public override void Run() => Seen = Threads.GetIdent();
    }
}
