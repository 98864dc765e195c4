using Weft.Daemon;

return DaemonCommandLine.Run(args);
