namespace Gannet;

/// <summary>Where the outputs of a child go that are read here; null for one that is not.</summary>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Terminal">What its terminal shows.</param>
internal readonly record struct Sinks(OutputSink? Output, OutputSink? Error, OutputSink? Terminal);
