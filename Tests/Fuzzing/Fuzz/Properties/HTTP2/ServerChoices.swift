/// Behaviour of the server, selected by the first byte of an input.
struct ServerChoices: OptionSet {
    let rawValue: UInt8
    /// The input includes the client's preface.
    static let wholePreface = ServerChoices(rawValue: 1)
    /// No response until all bytes have arrived.
    static let silent = ServerChoices(rawValue: 2)
    /// Small limits for heads and streams, and TLS.
    static let small = ServerChoices(rawValue: 4)
    /// Flow-control windows of 64 bytes.
    static let narrow = ServerChoices(rawValue: 8)
    /// Responses read their content while it is sent.
    static let reads = ServerChoices(rawValue: 16)
    /// Responses have less content than announced.
    static let cut = ServerChoices(rawValue: 32)
    /// The server shuts down from the start.
    static let ending = ServerChoices(rawValue: 64)
    /// Responses are sent before the request body has arrived.
    static let early = ServerChoices(rawValue: 128)
}
