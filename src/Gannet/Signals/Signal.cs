namespace Gannet;

/// <summary>
/// The signals of POSIX and Linux by their numbers, which x64 and arm64 share, with what each does to a program that has not
/// decided otherwise. A real-time signal is its number, cast. Each has its one name here, without SIGIOT, SIGCLD and SIGPOLL: of two names
/// <c>ToString</c> would give either. The framework's
/// <see cref="System.Runtime.InteropServices.PosixSignal"/> has negative numbers of its own; these are the kernel's.
/// Source: signal(7), asm-generic/signal.h.
/// </summary>
public enum Signal
{
    /// <summary>No signal: sent by kill(2) it only asks whether the process is there.</summary>
    None = 0,

    /// <summary>The terminal hung up, or its controlling process died. Ends the process.</summary>
    SIGHUP = 1,

    /// <summary>Interrupt from the keyboard. Ends the process.</summary>
    SIGINT = 2,

    /// <summary>Quit from the keyboard. Ends the process, with a core dump.</summary>
    SIGQUIT = 3,

    /// <summary>Illegal instruction. Ends the process, with a core dump.</summary>
    SIGILL = 4,

    /// <summary>Trap of a debugger. Ends the process, with a core dump.</summary>
    SIGTRAP = 5,

    /// <summary><c>abort()</c>: abnormal termination. Ends the process, with a core dump.</summary>
    SIGABRT = 6,

    /// <summary>Bad memory access: no such page behind a mapping, or a bad alignment. Ends the process, with a core dump.</summary>
    SIGBUS = 7,

    /// <summary>Arithmetic error, such as an integer division by zero. Ends the process, with a core dump.</summary>
    SIGFPE = 8,

    /// <summary>Ends the process; can be neither handled, blocked nor ignored.</summary>
    SIGKILL = 9,

    /// <summary>For the program's own use. Ends the process.</summary>
    SIGUSR1 = 10,

    /// <summary>Access to memory that is not there or not allowed. Ends the process, with a core dump.</summary>
    SIGSEGV = 11,

    /// <summary>For the program's own use. Ends the process.</summary>
    SIGUSR2 = 12,

    /// <summary>Write to a pipe or socket that nobody reads. Ends the process; .NET ignores it for itself.</summary>
    SIGPIPE = 13,

    /// <summary>The alarm timer has run out. Ends the process.</summary>
    SIGALRM = 14,

    /// <summary>Request to end. Ends the process.</summary>
    SIGTERM = 15,

    /// <summary>Stack fault of a coprocessor; the kernel does not send it. Ends the process.</summary>
    SIGSTKFLT = 16,

    /// <summary>A child has ended, stopped or gone on. Ignored.</summary>
    SIGCHLD = 17,

    /// <summary>Goes on when stopped.</summary>
    SIGCONT = 18,

    /// <summary>Stops the process; can be neither handled, blocked nor ignored.</summary>
    SIGSTOP = 19,

    /// <summary>Stop from the keyboard. Stops the process.</summary>
    SIGTSTP = 20,

    /// <summary>Read from the terminal by a background process. Stops the process.</summary>
    SIGTTIN = 21,

    /// <summary>Write to the terminal, or change of it, by a background process. Stops the process.</summary>
    SIGTTOU = 22,

    /// <summary>Urgent data on a socket. Ignored.</summary>
    SIGURG = 23,

    /// <summary>The limit of CPU time is exceeded. Ends the process, with a core dump.</summary>
    SIGXCPU = 24,

    /// <summary>The limit of file size is exceeded. Ends the process, with a core dump.</summary>
    SIGXFSZ = 25,

    /// <summary>The timer of the process's own CPU time has run out. Ends the process.</summary>
    SIGVTALRM = 26,

    /// <summary>The timer of CPU time, the kernel's for the process included, has run out. Ends the process.</summary>
    SIGPROF = 27,

    /// <summary>The terminal has another size. Ignored.</summary>
    SIGWINCH = 28,

    /// <summary>A descriptor is ready. Ends the process.</summary>
    SIGIO = 29,

    /// <summary>The power is failing. Ends the process.</summary>
    SIGPWR = 30,

    /// <summary>Bad system call, usually one that a filter refuses. Ends the process, with a core dump.</summary>
    SIGSYS = 31,
}
