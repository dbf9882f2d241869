/// A response as a client receives it.
struct Reply: Sendable {
    let status: Int
    var body: [UInt8] = []
    private let fields: [String: String]

    var text: String { String(decoding: body, as: UTF8.self) }

    init?(head: String) {
        let lines = head.split(separator: "\r\n")
        let statusLine = (lines.first ?? "").split(separator: " ")
        guard statusLine.count >= 2, statusLine[0] == "HTTP/1.1", let status = Int(statusLine[1]) else {
            return nil
        }
        self.status = status
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            // A repeated field is an error here.
            guard fields.updateValue(String(value), forKey: line[..<colon].lowercased()) == nil else {
                return nil
            }
        }
        self.fields = fields
    }

    subscript(name: String) -> String? { fields[name] }
}
