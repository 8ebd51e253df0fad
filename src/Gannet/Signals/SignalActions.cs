using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// What stands on each signal, for the program and in the kernel. A signal is recorded while a function stands on it or somebody waits for
/// it; otherwise the kernel has what the program has asked for.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class SignalActions
{
    private static readonly LivingLock s_lock = AtFork.NewRoomLock(StartAgainInChild);
    private static readonly State[] s_states = [.. Enumerable.Range(0, SignalChecks.Last + 1).Select(number => new State((Signal)number))];
    private static bool s_started;

    /// <summary>Signals that arrive through the dispatcher's thread alone, so that their order is kept; bit 0 is signal 1.</summary>
    private static ulong s_ordered;

    /// <summary>As <see cref="s_ordered"/>; read by the dispatcher without the lock.</summary>
    public static ulong Ordered => Volatile.Read(ref s_ordered);

    /// <summary>Sees to it that the native part is there, and that deliveries can be recorded.</summary>
    public static void Start()
    {
        if (!Shim.IsUsable)
        {
            throw new PlatformNotSupportedException(
                "Signal handlers need the native part of Gannet, which is built for Linux on x64 and arm64.");
        }

        // It and the registration take their places below ours. Not under the lock: it takes that of another room.
        Interrupt.Prepare();
        using (s_lock.Enter())
        {
            if (!s_started)
            {
                // It brings in the runtime's handler, which stays when it goes.
                PosixSignalRegistration.Create(PosixSignal.SIGCONT, static _ => { }).Dispose();
                SignalRecord.Start();
                s_started = true;
            }
        }
    }

    /// <summary>Puts a handler on a signal, and gives the one that stood there.</summary>
    public static SignalHandler Set(Signal signal, SignalHandler handler)
    {
        Start();
        using (s_lock.Enter())
        {
            State state = s_states[(int)signal];
            SignalHandler before = state.Touch();
            if (handler.Function is not null)
            {
                // What may fail comes first.
                SignalDispatcher.Start();
            }

            state.Change(handler);
            Put(state);
            state.SendUnwanted();
            return before;
        }
    }

    /// <summary>What stands on a signal.</summary>
    public static SignalHandler Get(Signal signal)
    {
        Start();
        using (s_lock.Enter())
        {
            return s_states[(int)signal].Current;
        }
    }

    /// <summary>Has the signals recorded for somebody who waits for them.</summary>
    public static void Claim(SignalMask signals) => ChangeClaims(signals, 1);

    /// <summary>Takes back a <see cref="Claim"/>.</summary>
    public static void Release(SignalMask signals) => ChangeClaims(signals, -1);

    /// <summary>Whether a function stands on a signal, or more than one wait for it.</summary>
    public static bool IsWantedByAnother(Signal signal)
    {
        State state = s_states[(int)signal];
        return Volatile.Read(ref state.Function) is not null || state.Claims > 1;
    }

    /// <summary>The function for a delivery, or null.</summary>
    /// <remarks>A delivery that came before the function was taken away still goes to it.</remarks>
    public static Action<Signal, SignalInfo>? FindFunction(Signal signal, ulong place)
    {
        State state = s_states[(int)signal];
        return Volatile.Read(ref state.Function)
            ?? (place < Volatile.Read(ref state.RetiredAt) || (state.MayTrail && !state.Recorded) ? Volatile.Read(ref state.Retired) : null);
    }

    /// <summary>
    /// A delivery that was recorded for somebody who has meanwhile ceased to wait, or needed only one: it is sent again when nobody waits
    /// any more, or when a function stands there, so that what stands on the signal happens.
    /// </summary>
    public static void SendAgain(Signal signal)
    {
        using (s_lock.Enter())
        {
            State state = s_states[(int)signal];
            if (state.Current.Kind is not SignalHandlerKind.Ignore)
            {
                state.Unwanted++;
            }

            state.SendUnwanted();
        }
    }

    /// <summary>Changes what stands on signals in another way, while nothing here does.</summary>
    public static void ChangeAlone(Action change)
    {
        using (s_lock.Enter())
        {
            change();
        }
    }

    private static void StartAgainInChild()
    {
        if (s_started)
        {
            SignalDispatcher.StartAgainInChild();
        }
    }

    private static void ChangeClaims(SignalMask signals, int difference)
    {
        Start();
        using (s_lock.Enter())
        {
            SignalDispatcher.Start();
            foreach (Signal signal in signals)
            {
                State state = s_states[(int)signal];
                state.Touch();
                state.MayTrail = false;
                state.Claims += difference;
                Put(state);
                state.SendUnwanted();
            }
        }
    }

    private static void Put(State state)
    {
        SignalAction action = state.WantedAction;
        if (action is not SignalAction.Default)
        {
            state.ShareWithRuntime();
        }

        if (action is SignalAction.Recorded)
        {
            SignalDispatcher.Start();
        }

        state.Recorded = action is SignalAction.Recorded;
        if (Shim.SignalSet((int)state.Signal, action) is not 0 and int error)
        {
            throw new OsException((Errno)error, "sigaction", SignalNames.NameOf(state.Signal));
        }

        if (state.Recorded && SignalChecks.IsRealTime(state.Signal) && (s_ordered & SignalMask.BitOf(state.Signal)) == 0)
        {
            Volatile.Write(ref s_ordered, s_ordered | SignalMask.BitOf(state.Signal));
            SignalDispatcher.ReceiveAlone(state.Signal);
        }
    }

    /// <summary>One signal. Changed under the lock.</summary>
    private sealed class State(Signal signal)
    {
        public Action<Signal, SignalInfo>? Function;
        public Action<Signal, SignalInfo>? Retired;
        public ulong RetiredAt;
        public volatile bool Recorded;

        /// <summary>Whether the last recorded deliveries were made to <see cref="Retired"/>, also those that were being written down as it
        /// was taken away; not so once somebody has waited for the signal since.</summary>
        public volatile bool MayTrail;

        private SignalHandler? _set;
        private PosixSignalRegistration? _shared;

        public Signal Signal { get; } = signal;

        public int Claims { get; set; }

        /// <summary>Deliveries to be sent again.</summary>
        public int Unwanted { get; set; }

        public SignalHandler Current => _set ?? FromKernel();

        public SignalAction WantedAction => Claims > 0 ? SignalAction.Recorded : Current.Kind switch
        {
            SignalHandlerKind.Custom => SignalAction.Recorded,
            // The runtime keeps its terminal in order at these two; the system itself does nothing.
            SignalHandlerKind.Ignore when Signal is Signal.SIGCONT or Signal.SIGWINCH => SignalAction.Recorded,
            SignalHandlerKind.Ignore => SignalAction.Ignored,
            _ => SignalAction.Default,
        };

        /// <summary>Keeps what stands there before Gannet changes anything.</summary>
        public SignalHandler Touch() => _set ??= FromKernel();

        /// <summary>Sends them, unless they would meet nobody but those who wait.</summary>
        public void SendUnwanted()
        {
            for (; (!Recorded || Function is not null) && Unwanted > 0; Unwanted--)
            {
                Libc.Kill(Environment.ProcessId, Signal);
            }
        }

        public void Change(SignalHandler handler)
        {
            if (handler.Function is null && Function is { } retired)
            {
                Volatile.Write(ref Retired, retired);
                Volatile.Write(ref RetiredAt, SignalRecord.Next);
                MayTrail = Claims == 0;
            }

            _set = handler;
            Volatile.Write(ref Function, handler.Function);
        }

        /// <summary>
        /// The runtime's handler takes the default action of a signal that no registration cancels. Where that would end the program
        /// although it handles the signal, a registration of ours cancels what our handler has passed on, and nothing else; it stays,
        /// because what is passed on is looked at later, on other threads.
        /// </summary>
        public void ShareWithRuntime()
        {
            bool shared = Signal is Signal.SIGHUP or Signal.SIGINT or Signal.SIGQUIT or Signal.SIGTERM
                || (SignalAction)Shim.SignalGet((int)Signal) is SignalAction.Runtime;
            if (shared && _shared is null)
            {
                _shared = PosixSignalRegistration.Create((PosixSignal)(int)Signal, CancelWhatWasPassedOn);
            }
        }

        private SignalHandler FromKernel() => (SignalAction)Shim.SignalGet((int)Signal) switch
        {
            SignalAction.Ignored => SignalHandler.Ignore,
            SignalAction.Foreign when !IsHandledByRuntime => SignalHandler.Unknown,
            _ => SignalHandler.Default,
        };

        // What the virtual machine does at these is the default of a .NET program.
        private bool IsHandledByRuntime => Signal is Signal.SIGINT or Signal.SIGQUIT or Signal.SIGTERM or Signal.SIGABRT
            or Signal.SIGILL or Signal.SIGTRAP or Signal.SIGBUS or Signal.SIGFPE or Signal.SIGSEGV || SignalChecks.IsReserved(Signal);

        private void CancelWhatWasPassedOn(PosixSignalContext context)
        {
            bool isOurs = SignalRecord.TryAnswer(Signal);
            // The runtime's own work at these is what it does when nobody cancels.
            bool hasRuntimeWork = Signal is Signal.SIGCHLD or Signal.SIGCONT or Signal.SIGWINCH or Signal.SIGURG;
            if (isOurs && !hasRuntimeWork)
            {
                context.Cancel = true;
            }
        }
    }
}
