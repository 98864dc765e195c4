using Weft.Cli;

StandardStreams.Prepare(args);
return WeftCommandLine.Run(args);
