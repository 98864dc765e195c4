using Microsoft.Data.Sqlite;

namespace Weft.Engine.Store;

/// <summary>The few shapes in which SQL is used here. Values are always parameters. What the database refuses is an <see cref="IOException"/>, as everything the host refuses.</summary>
internal static class Sql
{
    internal const int SQLITE_ERROR = 1, SQLITE_READONLY = 8, SQLITE_IOERR = 10, SQLITE_CORRUPT = 11, SQLITE_FULL = 13, SQLITE_CANTOPEN = 14, SQLITE_NOTADB = 26; // sqlite3.h

    public static int Run(this SqliteConnection db, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(db, sql, values);
        return db.Told(command.ExecuteNonQuery);
    }

    public static object? One(this SqliteConnection db, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(db, sql, values);
        return db.Told(command.ExecuteScalar) is var value and not DBNull ? value : null;
    }

    public static List<T> List<T>(this SqliteConnection db, Func<SqliteDataReader, T> row, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(db, sql, values);
        return db.Told(() =>
        {
            using var reader = command.ExecuteReader();
            var list = new List<T>();
            while (reader.Read()) list.Add(db.Row(reader, row));
            return list;
        });
    }

    // Columns have the types that the schema says, unless something else wrote them.
    private static T Row<T>(this SqliteConnection db, SqliteDataReader reader, Func<SqliteDataReader, T> row)
    {
        try
        {
            return row(reader);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException or InvalidCastException or OverflowException)
        {
            throw new DamagedException($"the database {db.DataSource}: a row that no weft wrote: {e.Message.TrimEnd('.')}; move it away, and the next command restores it from its copy", e);
        }
    }

    /// <summary>Runs one statement for each of many rows, prepared once.</summary>
    /// <returns>How many rows that changed.</returns>
    public static int Each<T>(this SqliteConnection db, IEnumerable<T> rows, string sql, Func<T, object?[]> values)
    {
        using var command = db.CreateCommand();
        command.CommandText = sql;
        var changed = 0;
        foreach (var row in rows)
        {
            var given = values(row);
            if (command.Parameters.Count == 0) Bind(command, given);
            for (var i = 0; i < given.Length; i++) command.Parameters[i].Value = given[i] ?? DBNull.Value;
            changed += db.Told(command.ExecuteNonQuery);
        }
        return changed;
    }

    /// <summary>All or nothing; on disk when it returns.</summary>
    public static T Whole<T>(this SqliteConnection db, Func<T> work) => db.Told(() =>
    {
        using var transaction = db.BeginTransaction(deferred: false);
        var result = work();
        transaction.Commit();
        return result;
    });

    public static string? Text(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>Turns what the database refuses into an <see cref="IOException"/> that names it.</summary>
    public static T Told<T>(this SqliteConnection db, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            var words = $"the database {db.DataSource}: {Words(e)}";
            throw e.SqliteErrorCode is SQLITE_CORRUPT or SQLITE_NOTADB ? new DamagedException(words, e) : new IOException(words, e);
        }
    }

    // What is wrong with the database, and what to do about it.
    private static string Words(SqliteException e) => $"{e.Message.TrimEnd('.')}{e.SqliteErrorCode switch
    {
        SQLITE_FULL or SQLITE_IOERR => "; look whether its disk is full",
        SQLITE_READONLY or SQLITE_CANTOPEN => "; its folder must be writable",
        _ => "",
    }}";

    private static SqliteCommand Command(SqliteConnection db, string sql, ReadOnlySpan<object?> values)
    {
        var command = db.CreateCommand();
        command.CommandText = sql;
        Bind(command, values);
        return command;
    }

    // Parameters are ?1, ?2, ... in the statements.
    private static void Bind(SqliteCommand command, ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"?{i + 1}", values[i] ?? DBNull.Value);
    }
}
