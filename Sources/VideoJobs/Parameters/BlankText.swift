/// The rule for blank text: white space only, as defined by Unicode.
enum BlankText {
    /// Whether the scalar has Unicode's property White_Space.
    static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

    /// A regular expression for text that is not blank. It avoids `\s`, which differs between dialects, and
    /// excludes NUL, which the JSON parser rejects.
    static let notBlankPattern =
        #"^(?![\s\S]*\u0000)[\s\S]*[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"#

    /// A regular expression for any accepted text.
    static let anyPattern = #"^(?![\s\S]*\u0000)"#
}
