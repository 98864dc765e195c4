using Microsoft.Data.Sqlite;

namespace Weft.Engine.Store;

/// <summary>The few shapes in which SQL is used here. Values are always parameters.</summary>
internal static class Sql
{
    public static int Run(this SqliteConnection db, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(db, sql, values);
        return command.ExecuteNonQuery();
    }

    public static object? One(this SqliteConnection db, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(db, sql, values);
        return command.ExecuteScalar() is var value and not DBNull ? value : null;
    }

    public static List<T> List<T>(this SqliteConnection db, Func<SqliteDataReader, T> row, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(db, sql, values);
        using var reader = command.ExecuteReader();
        var list = new List<T>();
        while (reader.Read()) list.Add(row(reader));
        return list;
    }

    /// <summary>Runs one statement for each of many rows, prepared once.</summary>
    public static void Each<T>(this SqliteConnection db, IEnumerable<T> rows, string sql, Func<T, object?[]> values)
    {
        using var command = db.CreateCommand();
        command.CommandText = sql;
        foreach (var row in rows)
        {
            var given = values(row);
            if (command.Parameters.Count == 0) Bind(command, given);
            for (var i = 0; i < given.Length; i++) command.Parameters[i].Value = given[i] ?? DBNull.Value;
            command.ExecuteNonQuery();
        }
    }

    public static string? Text(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

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
