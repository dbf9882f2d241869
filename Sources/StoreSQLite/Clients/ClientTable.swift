/// The tables `clients` and `tokens`. A token's digest is stored, never the token.
enum ClientTable {
    static let migration = [
        """
        CREATE TABLE clients (
            name TEXT PRIMARY KEY,
            role TEXT NOT NULL CHECK (role IN ('submitter', 'operator')),
            models TEXT,
            requests_per_minute INTEGER,
            in_flight INTEGER,
            jobs_per_day INTEGER,
            budget INTEGER,
            budget_period TEXT CHECK (budget_period IN ('day', 'month')),
            weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 100),
            created INTEGER NOT NULL,
            revoked INTEGER,
            version INTEGER NOT NULL CHECK (version > 0)
        ) STRICT
        """,
        """
        CREATE TABLE tokens (
            digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
            client TEXT NOT NULL REFERENCES clients (name),
            issued INTEGER NOT NULL,
            expires INTEGER
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX tokens_by_client ON tokens (client)",
    ]
}
