import ArgumentParser
import JSONText

/// An integer in any notation that JSON allows: `8`, `8.0`, `8e0`.
struct JSONInteger: ExpressibleByArgument {
    let value: Int64

    init?(argument: String) {
        guard let value = (try? JSONValue(parsing: Array(argument.utf8)))?.integer else { return nil }
        self.value = value
    }
}
