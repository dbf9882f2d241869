/// A job of a client and the responses to its POSTs.
struct ClientJob: Sendable {
    var prompt: String
    /// The idempotency key. A client with one repeats its POST until it gets a response.
    var key: String?
    var posts = 0
    /// The task IDs in the responses; more than one is an error.
    var ids: Set<String> = []
    /// Status and state of every response, in order.
    var responses: [String] = []
}
