import COpenSSL

/// A session that a client can resume.
@safe
final class ResumableSession {
    let session: OpaquePointer?

    init(_ session: OpaquePointer?) { unsafe self.session = session }

    deinit { unsafe SSL_SESSION_free(session) }
}
