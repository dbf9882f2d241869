/// The identity on whose behalf a request is made.
package enum Principal: Equatable, Sendable {
    /// A client that has not authenticated itself.
    case anonymous
    /// A client on this machine, which access that is open to the machine trusts.
    case local
    /// A client with a verified certificate of this name.
    case certificate(String)
    /// A client that has proved its name with a secret.
    case client(String, isOperator: Bool)
    /// A user of this machine who connected to the operator socket.
    case operatorSocket(uid: UInt32)

    /// The identity that the connection itself proves.
    init(_ context: RequestContext) {
        if let name = context.certifiedName {
            self = .certificate(name)
        } else {
            self = context.isLocal ? .local : .anonymous
        }
    }

    /// The identity as log lines show it.
    package var label: String {
        switch self {
        case .anonymous: "anonymous"
        case .local: "local"
        case .certificate(let name): "certificate:" + name
        case .client(let name, _): "client:" + name
        case .operatorSocket(let uid): "socket:\(uid)"
        }
    }
}
