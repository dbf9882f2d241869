internal import Synchronization
package import Transport

/// The certificates and client authentication of a listener; its files can be reloaded while it serves.
package final class TLSIdentity: Sendable {
    private let settings: TLSSettings
    private let context: Mutex<TLSContext>

    /// Issues of the first load that clients may encounter although the listener works.
    package let warnings: [TLSIssue]

    /// Loads the files; blocks. Throws all issues found.
    package init(_ settings: TLSSettings) throws(TLSError) {
        let (context, warnings) = try Self.read(settings)
        self.settings = settings
        self.context = Mutex(context)
        self.warnings = warnings
    }

    /// Reloads the files; blocks. New handshakes use them, existing connections are unaffected.
    ///
    /// On error, nothing changes. Returns warnings. Session tickets issued before become invalid, because
    /// client authentication may have changed.
    package func reload() throws(TLSError) -> [TLSIssue] {
        let (fresh, warnings) = try Self.read(settings)
        context.withLock { $0 = fresh }
        return warnings
    }

    /// Starts TLS on a connection; the handshake is still to come.
    package func accept(_ socket: consuming StreamSocket) -> ByteStream {
        let session = TLSSession(context.withLock { $0 }, socket.fileDescriptor)
        return ByteStream(socket, session)
    }

    private static func read(_ settings: TLSSettings) throws(TLSError) -> (TLSContext, [TLSIssue]) {
        let material = TLSMaterial(settings)
        guard material.issues.isEmpty else { throw TLSError(issues: material.issues) }
        return (try TLSContext(material, protocols: settings.protocols), material.warnings)
    }
}
