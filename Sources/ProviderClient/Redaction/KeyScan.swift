/// A search for the key in a stream of bytes.
struct KeyScan {
    private let redactor: Redactor
    /// The last bytes that were searched: a form may continue in the next piece.
    private var tail: [UInt8] = []

    init(_ redactor: Redactor) { self.redactor = redactor }

    /// The most bytes before a piece that matter for it.
    var tailLength: Int { redactor.formLengthMax }

    /// Sets the bytes that precede the next piece, which were received earlier.
    mutating func follow(_ preceding: [UInt8]) { tail = Array(preceding.suffix(tailLength)) }

    /// Searches the next piece. Returns whether a form of the key ends in it.
    mutating func containsKey(in piece: [UInt8]) -> Bool {
        let bytes = tail + piece
        if redactor.containsKey(in: bytes) { return true }
        tail = Array(bytes.suffix(tailLength))
        return false
    }
}
