/// The table `sessions`. Digests are stored, never the secret of a session or a token.
enum SessionTable {
    // A client's change writes its tokens anew, so they are no foreign key.
    static let migration = [
        """
        CREATE TABLE sessions (
            digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
            client TEXT NOT NULL REFERENCES clients (name),
            token BLOB NOT NULL CHECK (length(token) = 32),
            created INTEGER NOT NULL,
            expires INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    ]
}
