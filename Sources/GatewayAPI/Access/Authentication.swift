import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire

/// Finds the client that a request's token belongs to.
struct Authentication: Sendable {
    /// The token that a request carries.
    enum Outcome {
        case client(Caller)
        /// There is no valid token; the reason is for the log and the response.
        case rejected(reason: String)
    }

    private let clients: ClientRegistry
    private let digest: @Sendable (ArraySlice<UInt8>) -> TokenDigest
    private static let scheme = "bearer "

    init(_ clients: ClientRegistry, digest: @escaping @Sendable (ArraySlice<UInt8>) -> TokenDigest) {
        self.clients = clients
        self.digest = digest
    }

    /// Looks at `Authorization` (RFC 6750 §2.1).
    func outcome(_ head: RequestHead) -> Outcome {
        guard let value = head.fields.singleBytes("Authorization") else {
            let isRepeated = head.fields.contains("Authorization")
            return .rejected(reason: isRepeated ? "Authorization is repeated" : "the request has no token")
        }
        guard let token = Self.token(in: value) else {
            return .rejected(reason: "Authorization is not Bearer and a token")
        }
        if let caller = clients.caller(with: digest(token)) { return .client(caller) }
        let isWellFormed = ClientToken.isWellFormed(String(decoding: token, as: UTF8.self))
        return .rejected(
            reason: isWellFormed
                ? "the token is unknown, expired or revoked"
                : "the token is mistyped or is not a token of a gateway")
    }

    /// The bytes after the scheme, whose case does not matter (RFC 9110 §11.1).
    private static func token(in value: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var place = value.startIndex
        for byte in scheme.utf8 {
            guard place < value.endIndex, value[place] | 0x20 == byte else { return nil }
            place += 1
        }
        while place < value.endIndex, value[place] == UInt8(ascii: " ") { place += 1 }
        return place < value.endIndex ? value[place...] : nil
    }
}

extension Problem {
    /// A request without a valid token (RFC 6750 §3).
    static func unauthorized(_ reason: String) -> Problem {
        var problem = Problem(
            .unauthorized, "\(reason); send Authorization: Bearer and the token of a client")
        problem.fields.append("WWW-Authenticate", #"Bearer realm="reelgate""#)
        return problem
    }
}
