using Weft.Engine;
using Weft.Engine.Store;
using Weft.Linux.Libc;

namespace Weft.Daemon.Http;

/// <summary>Tells whether the database is still what it was, whoever writes to it. For any thread.</summary>
internal sealed class StoreVersion(EnginePaths paths) : IDisposable
{
    private readonly Lock _using = new();
    private WeftStore? _store;
    private FileIdentity? _file;
    private (FileIdentity? File, long Data) _seen;
    private long _version;

    /// <summary>Another number than before when there was a commit in between, or another file is in the database's place.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    internal long Now()
    {
        lock (_using)
        {
            var file = FileIdentity.Of(paths.Database);
            if (_store is null || file != _file) Open();
            var now = (_file, _store!.DataVersion);
            if (now != _seen) (_seen, _version) = (now, _version + 1);
            return _version;
        }
    }

    public void Dispose() => _store?.Dispose();

    private void Open()
    {
        _store?.Dispose();
        _store = null;
        _store = new WeftStore(paths.Database);
        _file = FileIdentity.Of(paths.Database);
    }
}
