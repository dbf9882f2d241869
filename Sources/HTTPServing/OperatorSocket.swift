/// The rules of an operator socket: a unix-domain socket whose clients have an operator's rights.
package struct OperatorSocket: Sendable {
    /// The users who may connect.
    let users: Set<UInt32>
    /// Called on the connection's loop with the user of a connection that was closed at once.
    let onRejected: @Sendable (_ user: UInt32?) -> Void

    package init(users: Set<UInt32>, onRejected: @escaping @Sendable (_ user: UInt32?) -> Void) {
        self.users = users
        self.onRejected = onRejected
    }

    /// The permission bits of the socket's file.
    static let mode: UInt32 = 0o600

    /// Returns the user if it may connect, else reports it.
    func admitted(_ user: UInt32?) -> UInt32? {
        if let user, users.contains(user) { return user }
        onRejected(user)
        return nil
    }
}
