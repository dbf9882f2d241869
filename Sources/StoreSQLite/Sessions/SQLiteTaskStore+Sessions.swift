import Foundation
package import Gateway
import GRDB
import VideoJobs

extension SQLiteTaskStore: SessionStore {
    package func sessions() async throws(StoreError) -> [Session] {
        try await readers.read { db in
            try Row.fetchAll(db, sql: "SELECT digest, client, token, created, expires FROM sessions")
                .map { try Session($0) }
        }
    }

    package func insertSession(
        _ session: Session, deleting ended: [TokenDigest]
    ) async throws(StoreError) {
        try await writer.perform(bytes: 200 + 40 * ended.count) { transaction in
            for digest in ended { try Self.delete(digest, in: transaction.db) }
            try transaction.db.execute(
                sql: "INSERT INTO sessions (digest, client, token, created, expires) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    Data(session.digest.bytes), session.client, Data(session.token.bytes),
                    session.created.milliseconds, session.expires.milliseconds,
                ])
        }
    }

    package func deleteSession(_ digest: TokenDigest) async throws(StoreError) {
        try await writer.perform(bytes: 40) { try Self.delete(digest, in: $0.db) }
    }

    private static func delete(_ digest: TokenDigest, in db: Database) throws {
        try db.execute(sql: "DELETE FROM sessions WHERE digest = ?", arguments: [Data(digest.bytes)])
    }
}

extension Session {
    fileprivate init(_ row: Row) throws {
        let digest: Data = try row.decode(atIndex: 0)
        let token: Data = try row.decode(atIndex: 2)
        guard let digest = TokenDigest(Array(digest)), let token = TokenDigest(Array(token)) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a session's digest has no 32 bytes")
        }
        self.init(
            digest: digest, client: try row.decode(atIndex: 1), token: token,
            created: Timestamp(milliseconds: try row.decode(atIndex: 3)),
            expires: Timestamp(milliseconds: try row.decode(atIndex: 4)))
    }
}
