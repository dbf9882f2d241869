/// A new session with its secret, which is known only now.
package struct OpenedSession: Sendable {
    package let session: Session
    package let secret: SessionSecret
}
