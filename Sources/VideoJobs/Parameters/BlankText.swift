/// When a text says nothing: white space only, as Unicode defines it.
enum BlankText {
    /// Unicode's property White_Space.
    static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

    /// Matches a text with something else than white space. A regular expression's `\s` is not the same set
    /// in any two dialects. No JSON that we accept has a NUL.
    static let notBlankPattern =
        #"^(?![\s\S]*\u0000)[\s\S]*[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"#

    /// Matches every text that we accept.
    static let anyPattern = #"^(?![\s\S]*\u0000)"#
}
