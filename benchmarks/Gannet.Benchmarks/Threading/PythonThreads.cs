using System.Globalization;

namespace Gannet.Benchmarks.Threading;

/// <summary>The same races in CPython.</summary>
internal static class PythonThreads
{
    private const string Prelude = """
        import queue, sys, threading, time
        count = int(sys.argv[1])
        def race(*crews):
            threads = [threading.Thread(target=work, args=(count // n,)) for n, work in crews for _ in range(n)]
            start = time.perf_counter()
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print(count / (time.perf_counter() - start))

        """;

    /// <summary>A lock taken and released by so many threads.</summary>
    public static string Lock(int threads) => $$"""
        lock = threading.Lock()
        def work(n):
            for i in range(n):
                lock.acquire()
                lock.release()
        race(({{threads}}, work))
        """;

    /// <summary>Two threads that notify each other.</summary>
    public static string Condition => """
        condition, turn = threading.Condition(), 0
        def play(mine):
            def work(n):
                global turn
                for i in range(n):
                    with condition:
                        while turn != mine: condition.wait()
                        turn = 1 - mine
                        condition.notify()
            return work
        race((1, play(0)), (1, play(1)))
        """;

    /// <summary>A queue of this size between so many producers and consumers.</summary>
    public static string Queue(int size, int threads) => $$"""
        q = queue.Queue({{size}})
        def put(n):
            for i in range(n): q.put(i)
        def get(n):
            for i in range(n): q.get()
        race(({{threads}}, put), ({{threads}}, get))
        """;

    /// <summary>Adds the best of three runs to a table, where there is a CPython.</summary>
    public static void AddTo(RaceTable table, string name, string script, int operations)
    {
        if (PythonInterpreter.Find() is { } python)
        {
            table.AddForeign(name, Enumerable.Range(0, 3).Max(_ => double.Parse(
                Command.Of(python, "-c", Prelude + script, $"{operations}").Capture().EnsureSuccess().Output, CultureInfo.InvariantCulture)));
        }
    }
}
