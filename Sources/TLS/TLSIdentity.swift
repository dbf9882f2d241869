internal import Synchronization
package import Transport

/// The certificates and client authentication of a listener; they can be replaced while it serves.
package final class TLSIdentity: Sendable {
    private let context: Mutex<TLSContext>

    /// Issues of the files that clients may encounter although the listener works.
    package let warnings: [TLSIssue]

    /// Loads the files; blocks. Throws all issues found.
    package init(_ settings: TLSSettings) throws(TLSError) {
        let (context, warnings) = try Self.read(settings)
        self.context = Mutex(context)
        self.warnings = warnings
    }

    /// Takes over what another identity has loaded. New handshakes use it, existing connections are
    /// unaffected.
    ///
    /// Session tickets issued before become invalid, because client authentication may have changed.
    package func replace(with fresh: TLSIdentity) {
        let loaded = fresh.context.withLock { $0 }
        context.withLock { $0 = loaded }
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
