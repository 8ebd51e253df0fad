using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gannet.Threading;

namespace Gannet.Tests.Threading;

/// <summary>Any sequence of calls does to a queue what it does to a plain list.</summary>
public class QueueModelTests
{
    private const int Kinds = 9;
    private const int Priorities = 7;

    [Property(MaxTest = 300)]
    public Property Any_calls_do_to_a_queue_what_they_do_to_a_list(byte[] calls, byte size) =>
        Agrees(new BlockingQueue<int>(size % 4), calls, list => 0, size % 4);

    [Property(MaxTest = 300)]
    public Property Any_calls_do_to_a_stack_what_they_do_to_a_list(byte[] calls, byte size) =>
        Agrees(new BlockingStack<int>(size % 4), calls, list => list.Count - 1, size % 4);

    [Property(MaxTest = 300)]
    public Property Any_calls_do_to_a_priority_queue_what_they_do_to_a_list(byte[] calls, byte size) =>
        Agrees(new BlockingPriorityQueue<int>(size % 4, Comparer<int>.Create((x, y) => (x % Priorities) - (y % Priorities))), calls, FindLeast, size % 4);

    private static int FindLeast(List<int> list) => list.FindIndex(item => item % Priorities == list.Min(other => other % Priorities));

    private static Property Agrees(WorkQueue<int> queue, byte[] calls, Func<List<int>, int> next, int maxSize)
    {
        List<int> list = [];
        int unfinished = 0;
        bool isShutDown = false;
        for (int i = 0; i < calls.Length; i++)
        {
            string? expected = Expect(list, calls[i] % Kinds, i, next, maxSize, ref unfinished, ref isShutDown);
            string? actual = Do(queue, calls[i] % Kinds, i);
            if (expected != actual || queue.Count != list.Count || queue.UnfinishedCount != unfinished || queue.IsShutDown != isShutDown)
            {
                return false.Label($"call {i} ({calls[i] % Kinds}): expected {expected} {list.Count}, got {actual} {queue.Count}");
            }
        }

        return true.ToProperty();
    }

    // The odds are for putting and getting.
    private static string? Do(WorkQueue<int> queue, int call, int number)
    {
        try
        {
            switch (call)
            {
                case 0 or 1 or 2:
                    return $"{queue.TryPut(number)}";
                case 3 or 4 or 5:
                    return queue.TryGet(out int item) ? $"{item}" : null;
                case 6:
                    queue.TaskDone();
                    return "done";
                case 7:
                    return $"{queue.IsEmpty} {queue.IsFull} {queue.Join(TimeSpan.Zero)}";
                default:
                    queue.ShutDown(immediate: number % 2 == 0);
                    return "down";
            }
        }
        catch (InvalidOperationException error)
        {
            return error.GetType().Name;
        }
    }

    private static string? Expect(
        List<int> list, int call, int number, Func<List<int>, int> next, int maxSize, ref int unfinished, ref bool isShutDown)
    {
        switch (call)
        {
            case 0 or 1 or 2 when isShutDown:
            case 3 or 4 or 5 when isShutDown && list.Count == 0:
                return nameof(QueueShutDownException);
            case 0 or 1 or 2 when maxSize > 0 && list.Count == maxSize:
                return "False";
            case 0 or 1 or 2:
                list.Add(number);
                unfinished++;
                return "True";
            case 3 or 4 or 5 when list.Count == 0:
                return null;
            case 3 or 4 or 5:
                int at = next(list), item = list[at];
                list.RemoveAt(at);
                return $"{item}";
            case 6 when unfinished == 0:
                return nameof(InvalidOperationException);
            case 6:
                unfinished--;
                return "done";
            case 7:
                return $"{list.Count == 0} {maxSize > 0 && list.Count >= maxSize} {unfinished == 0}";
            default:
                isShutDown = true;
                if (number % 2 == 0)
                {
                    unfinished = Math.Max(0, unfinished - list.Count);
                    list.Clear();
                }

                return "down";
        }
    }
}
