import Gateway
import GRDB
import VideoJobs

/// Reads of the tasks whose content is in the archive, each from an index in the order of retention.
enum ContentReads {
    static func page(_ query: ContentQuery, in db: Database) throws -> [TaskRecord] {
        var arguments: [(any DatabaseValueConvertible)?] = []
        switch query.order {
        case .archived: break
        case .expiry(let time), .unnoticedExpiry(let time):
            if let time { arguments.append(time.milliseconds) }
        }
        if let id = query.after { arguments.append(id.text) }
        arguments.append(query.limit)
        return try TaskReads.records(sql(of: query), arguments, in: db)
    }

    static func bytes(in db: Database) throws -> Int64 {
        try Int64.fetchOne(try db.cachedStatement(sql: sum)) ?? 0
    }

    static let sum = """
        SELECT coalesce(sum(content_bytes), 0) FROM tasks INDEXED BY tasks_with_content
        WHERE \(StoreSchema.hasContent)
        """

    static func sql(of query: ContentQuery) -> String {
        switch query.order {
        case .archived:
            """
            SELECT \(TaskColumn.list) FROM tasks INDEXED BY tasks_with_content
            WHERE \(StoreSchema.hasContent) \(start(query, after: "completed"))
            ORDER BY completed, sequence LIMIT ?
            """
        case .expiry(let time): expiring(query, by: time, ("tasks_expiring", ArchiveMigration.expires))
        case .unnoticedExpiry(let time):
            expiring(query, by: time, ("tasks_unnoticed", FetchMigration.unnoticed))
        }
    }

    private static func expiring(
        _ query: ContentQuery, by time: Timestamp?, _ index: (name: String, condition: String)
    ) -> String {
        """
        SELECT \(TaskColumn.list) FROM tasks INDEXED BY \(index.name)
        WHERE \(index.condition) \(time == nil ? "" : "AND content_expires <= ?")
        \(start(query, after: "content_expires")) ORDER BY content_expires, sequence LIMIT ?
        """
    }

    private static func start(_ query: ContentQuery, after column: String) -> String {
        guard query.after != nil else { return "" }
        return "AND (\(column), sequence) > (SELECT \(column), sequence FROM tasks WHERE id = ?)"
    }
}
