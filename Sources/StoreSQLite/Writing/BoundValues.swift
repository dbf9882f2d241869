import GRDB
import GRDBSQLite

/// The values of one execution of a prepared statement, appended in the order of its parameters.
///
/// SQLite copies each value, so none has to outlive the call.
@safe  // The C pointer is the statement's, which lives while its values are bound.
struct BoundValues {
    private let handle: OpaquePointer
    private var position: Int32 = 0
    /// The code of the first value that could not be bound.
    private(set) var code = SQLITE_OK

    init(of statement: Statement) { unsafe handle = statement.sqliteStatement }

    mutating func append(_ value: Int64) {
        position += 1
        note(unsafe sqlite3_bind_int64(handle, position, value))
    }

    mutating func append(_ value: Int) { append(Int64(value)) }

    mutating func append(_ value: Int64?) {
        guard let value else { return appendNull() }
        append(value)
    }

    mutating func append(_ value: Int?) { append(value.map(Int64.init)) }

    mutating func append(_ text: String?) {
        guard var text else { return appendNull() }
        position += 1
        let code = text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                unsafe sqlite3_bind_text(
                    handle, position, characters.baseAddress, Int32(clamping: characters.count), Self.copied)
            }
        }
        note(code)
    }

    mutating func append(_ bytes: [UInt8]) {
        position += 1
        let code = unsafe bytes.withUnsafeBytes { buffer in
            // A null pointer would bind NULL; an empty array may have no address.
            guard let start = buffer.baseAddress, buffer.count > 0 else {
                return unsafe sqlite3_bind_zeroblob(handle, position, 0)
            }
            return unsafe sqlite3_bind_blob(
                handle, position, start, Int32(clamping: buffer.count), Self.copied)
        }
        note(code)
    }

    private mutating func appendNull() {
        position += 1
        note(unsafe sqlite3_bind_null(handle, position))
    }

    private mutating func note(_ code: Int32) { if self.code == SQLITE_OK { self.code = code } }

    /// `SQLITE_TRANSIENT`, a macro that Swift does not import.
    private static var copied: sqlite3_destructor_type? {
        unsafe unsafeBitCast(-1, to: sqlite3_destructor_type?.self)
    }
}
