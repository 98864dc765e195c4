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

    /// <summary>Another number than before when there was a commit in between, another file is in the database's place, or it cannot be read: then whoever asks looks for himself.</summary>
    internal long Now()
    {
        lock (_using)
        {
            try
            {
                if (_store is null || FileIdentity.Of(paths.Database) != _file) Open();
                var now = (_file, _store!.DataVersion);
                if (now != _seen) (_seen, _version) = (now, _version + 1);
                return _version;
            }
            catch (IOException)
            {
                Close();
                return ++_version;
            }
        }
    }

    public void Dispose() => Close();

    private void Open()
    {
        Close();
        _store = new WeftStore(paths.Database);
        _file = FileIdentity.Of(paths.Database);
    }

    private void Close()
    {
        _store?.Dispose();
        _store = null;
    }
}
