internal import Synchronization
package import Transport

/// What a listener shows to clients and asks of them; its files can be read again while it serves.
package final class TLSIdentity: Sendable {
    private let settings: TLSSettings
    private let context: Mutex<TLSContext>

    /// What clients will trip over though it works, as of the first reading.
    package let warnings: [TLSIssue]

    /// Reads the files. Blocks. Throws all that is wrong with them.
    package init(_ settings: TLSSettings) throws(TLSError) {
        let (context, warnings) = try Self.read(settings)
        self.settings = settings
        self.context = Mutex(context)
        self.warnings = warnings
    }

    /// Reads the files anew: handshakes from now on use them, connections stay as they are. Blocks.
    ///
    /// If anything is wrong, all stays as it was. Returns what clients will trip over. Tickets made before
    /// are no longer good: what a client had to prove may have changed.
    package func reload() throws(TLSError) -> [TLSIssue] {
        let (fresh, warnings) = try Self.read(settings)
        context.withLock { $0 = fresh }
        return warnings
    }

    /// Puts a connection beneath TLS. Its handshake is still to come.
    package func accept(_ socket: consuming StreamSocket) -> ByteStream {
        let session = TLSSession(context.withLock { $0 }, socket.number)
        return ByteStream(socket, session)
    }

    private static func read(_ settings: TLSSettings) throws(TLSError) -> (TLSContext, [TLSIssue]) {
        let material = TLSMaterial(settings)
        guard material.faults.isEmpty else { throw TLSError(faults: material.faults) }
        do throws(TLSIssue) {
            return (try TLSContext(material, protocols: settings.protocols), material.warnings)
        } catch { throw TLSError(faults: [error]) }
    }
}
