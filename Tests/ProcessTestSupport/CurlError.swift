/// A failed request of curl.
package struct CurlError: Error {
    /// The exit status of curl; 0 if its output is invalid.
    var status: CInt
    var message: String
}
