import JSONText

/// Spans as an `ExportTraceServiceRequest` of OTLP in JSON: ids in hexadecimal, 64-bit numbers as decimal
/// texts, enumerations as numbers.
package struct OTLPEncoding: Sendable {
    private let resource: [SpanAttribute]
    private let version: String

    /// - Parameters:
    ///   - resource: What produced the spans.
    ///   - version: The version of the instrumentation.
    package init(resource: [SpanAttribute], version: String) {
        self.resource = resource
        self.version = version
    }

    /// Returns the body of a request.
    package func body(of spans: [Span]) -> [UInt8] {
        var json = JSONWriter(reserving: spans.count * 768)
        json.beginObject()
        json.array("resourceSpans") { json in
            json.beginObject()
            json.object("resource") { $0.attributes(resource) }
            json.array("scopeSpans") { json in
                json.beginObject()
                json.object("scope") { json in
                    json.member("name", "reelgate")
                    json.member("version", version)
                }
                json.array("spans") { json in for span in spans { json.span(span) } }
                json.endObject()
            }
            json.endObject()
        }
        json.endObject()
        return json.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func span(_ span: Span) {
        beginObject()
        member("traceId", "\(span.context.traceID)")
        member("spanId", "\(span.context.spanID)")
        if !span.context.state.text.isEmpty { member("traceState", span.context.state.text) }
        if let parent = span.parent { member("parentSpanId", "\(parent)") }
        name("flags")
        integer(1)
        member("name", span.name)
        name("kind")
        integer(span.kind.rawValue)
        member("startTimeUnixNano", String(span.start))
        member("endTimeUnixNano", String(span.end))
        attributes(span.attributes + (span.errorType.map { [SpanAttribute("error.type", $0)] } ?? []))
        if !span.links.isEmpty { links(span.links) }
        object("status") { json in
            guard span.errorType != nil else { return }
            json.name("code")
            json.integer(2)
        }
        endObject()
    }

    private mutating func links(_ links: [TraceContext]) {
        array("links") { json in
            for link in links {
                json.beginObject()
                json.member("traceId", "\(link.traceID)")
                json.member("spanId", "\(link.spanID)")
                json.endObject()
            }
        }
    }

    fileprivate mutating func attributes(_ attributes: [SpanAttribute]) {
        array("attributes") { json in
            for attribute in attributes {
                json.beginObject()
                json.member("key", attribute.name)
                json.object("value") { $0.value(attribute.value) }
                json.endObject()
            }
        }
    }

    private mutating func value(_ value: SpanAttribute.Value) {
        switch value {
        case .text(let text): member("stringValue", text)
        case .integer(let number): member("intValue", String(number))
        case .truth(let truth):
            name("boolValue")
            bool(truth)
        }
    }

    fileprivate mutating func member(_ name: String, _ text: String) {
        self.name(name)
        string(text)
    }

    fileprivate mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
        self.name(name)
        beginObject()
        body(&self)
        endObject()
    }

    fileprivate mutating func array(_ name: String, _ body: (inout JSONWriter) -> Void) {
        self.name(name)
        beginArray()
        body(&self)
        endArray()
    }
}
