using Weft.Cli;

return WeftCommandLine.Run(args);
