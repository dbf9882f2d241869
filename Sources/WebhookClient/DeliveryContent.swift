/// The body and the fields of a request that delivers something.
struct DeliveryContent {
    var fields: [(name: String, value: String)]
    var body: [UInt8]
}
