import HTTPFetching

/// The body and the fields of a request that delivers something.
struct DeliveryContent {
    var fields: [(name: String, value: String)]
    var body: [UInt8]
    /// The part that the request takes in the current trace; `nil` for none.
    var trace: FetchTrace?
}
