/// The request body that a route needs.
enum RouteBody: Sendable {
    /// None; a body is received and ignored.
    case none
    /// A JSON body or none.
    case optionalJSON
    /// A JSON body. The media type is checked before the body is received.
    case json
}
