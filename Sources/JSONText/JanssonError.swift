/// An error that jansson reported. Its text is not used: it quotes the input and differs between versions.
struct JanssonError: Error, Equatable {
    /// `enum json_error_code` of jansson.h.
    var code: Int
    /// The number of bytes read: the end of the offending token, or the offset of the offending byte.
    var position: Int
}
