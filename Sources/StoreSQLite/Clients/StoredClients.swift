import Foundation
import Gateway
import GRDB
import VideoJobs

/// Reads and writes of clients.
enum StoredClients {
    /// Returns all clients, by name.
    static func all(_ db: Database) throws -> [Client] {
        try Row.fetchAll(db, sql: "SELECT * FROM clients ORDER BY name").map { try client($0, in: db) }
    }

    /// Returns a client.
    static func client(_ name: String, in db: Database) throws -> Client? {
        let row = try Row.fetchOne(db, sql: "SELECT * FROM clients WHERE name = ?", arguments: [name])
        return try row.map { try client($0, in: db) }
    }

    /// Inserts or replaces a client with its tokens.
    static func save(_ client: Client, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO clients (name, role, models, requests_per_minute, in_flight, jobs_per_day, budget,
                    budget_period, weight, created, revoked, version)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET role = excluded.role, models = excluded.models,
                    requests_per_minute = excluded.requests_per_minute, in_flight = excluded.in_flight,
                    jobs_per_day = excluded.jobs_per_day, budget = excluded.budget,
                    budget_period = excluded.budget_period, weight = excluded.weight,
                    revoked = excluded.revoked, version = excluded.version
                """,
            arguments: [
                client.name, client.role.rawValue, client.models.flatMap { StoredList.text(of: $0) },
                client.limits.requestsPerMinute, client.limits.inFlight, client.limits.jobsPerDay,
                client.budget?.microdollars, client.budget?.period.rawValue, client.weight,
                client.created.milliseconds, client.revoked?.milliseconds, client.version,
            ])
        try db.execute(sql: "DELETE FROM tokens WHERE client = ?", arguments: [client.name])
        for token in client.tokens {
            try db.execute(
                sql: "INSERT INTO tokens (digest, client, issued, expires) VALUES (?, ?, ?, ?)",
                arguments: [
                    Data(token.digest.bytes), client.name, token.issued.milliseconds,
                    token.expires?.milliseconds,
                ])
        }
    }

    private static func client(_ row: Row, in db: Database) throws -> Client {
        let name: String = try row.decode(forColumn: "name")
        guard let role = ClientRole(rawValue: try row.decode(forColumn: "role")) else {
            throw corrupt("the client \(name) has an unknown role")
        }
        var client = Client(
            name: name, role: role, weight: try row.decode(forColumn: "weight"),
            created: Timestamp(milliseconds: try row.decode(forColumn: "created")))
        let models: String? = try row.decode(forColumn: "models")
        client.models = try models.map { try StoredList.list(of: String.self, in: $0) }
        client.limits = ClientLimits(
            requestsPerMinute: try row.decode(forColumn: "requests_per_minute"),
            inFlight: try row.decode(forColumn: "in_flight"),
            jobsPerDay: try row.decode(forColumn: "jobs_per_day"))
        let budget: Int64? = try row.decode(forColumn: "budget")
        let period: String? = try row.decode(forColumn: "budget_period")
        if let budget, let period = period.flatMap(ClientBudget.Period.init(rawValue:)) {
            client.budget = ClientBudget(microdollars: budget, per: period)
        }
        client.revoked = try time(row.decode(forColumn: "revoked"))
        client.version = try row.decode(forColumn: "version")
        client.tokens = try tokens(of: name, in: db)
        return client
    }

    private static func tokens(of client: String, in db: Database) throws -> [IssuedToken] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT digest, issued, expires FROM tokens WHERE client = ? ORDER BY issued DESC",
            arguments: [client])
        return try rows.map { row in
            let digest: Data = try row.decode(atIndex: 0)
            guard let digest = TokenDigest(Array(digest)) else { throw corrupt("a token of \(client)") }
            return IssuedToken(
                digest: digest, issued: Timestamp(milliseconds: try row.decode(atIndex: 1)),
                expires: try time(row.decode(atIndex: 2)))
        }
    }

    private static func time(_ milliseconds: Int64?) -> Timestamp? {
        milliseconds.map { Timestamp(milliseconds: $0) }
    }

    private static func corrupt(_ message: String) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: message)
    }
}
