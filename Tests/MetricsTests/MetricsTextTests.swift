import Testing

@testable import Metrics

@Suite struct MetricsTextTests {
    private func text(of families: [MetricFamily], in format: MetricsFormat) -> String {
        String(decoding: MetricsText.text(of: families, in: format), as: UTF8.self)
    }

    private let requests = MetricFamily(
        .counter, "a_requests_total", "Requests",
        [MetricSample(3, [MetricLabel("route", "/v1"), MetricLabel("status", "200")])])

    @Test func `a counter has its whole name in Prometheus' format, and a base name in OpenMetrics`() {
        #expect(
            text(of: [requests], in: .prometheus) == """
                # HELP a_requests_total Requests
                # TYPE a_requests_total counter
                a_requests_total{route="/v1",status="200"} 3

                """)
        #expect(
            text(of: [requests], in: .openMetrics) == """
                # HELP a_requests Requests
                # TYPE a_requests counter
                a_requests_total{route="/v1",status="200"} 3
                # EOF

                """)
    }

    @Test func `a histogram is cumulative and ends with all that it counted`() {
        let histogram = HistogramSnapshot(bounds: [0.5, 1], counts: [2, 0, 3], sum: 12.5)
        let family = MetricFamily(.histogram, "a_seconds", "Time", .histogram(histogram))
        #expect(
            text(of: [family], in: .openMetrics) == """
                # HELP a_seconds Time
                # TYPE a_seconds histogram
                # UNIT a_seconds seconds
                a_seconds_bucket{le="0.5"} 2
                a_seconds_bucket{le="1.0"} 2
                a_seconds_bucket{le="+Inf"} 5
                a_seconds_sum 12.5
                a_seconds_count 5
                # EOF

                """)
    }

    @Test func `an info metric is a gauge in Prometheus' format`() {
        let family = MetricFamily(
            .info, "a_build_info", "Build", [MetricSample(.integer(1), [MetricLabel("version", "1")])])
        #expect(text(of: [family], in: .prometheus).contains("# TYPE a_build_info gauge\n"))
        #expect(text(of: [family], in: .openMetrics).contains("# TYPE a_build info\n"))
    }

    @Test(
        arguments: [
            (#"say "hi""#, #"say \"hi\""#), (#"back\slash"#, #"back\\slash"#), ("two\nlines", #"two\nlines"#),
            ("Zoë 東京 🎬", "Zoë 東京 🎬"), ("e\u{301}", "e\u{301}"), ("}{,=#", "}{,=#"), ("", ""),
            ("a\r\u{0}\u{7F}b", "a\u{FFFD}\u{FFFD}\u{FFFD}b"), ("a\r\nb", "a\u{FFFD}\\nb"),
        ])
    func `any text can be the value of a label`(_ value: String, written: String) {
        let family = MetricFamily(
            .gauge, "a", "A", [MetricSample(.integer(1), [MetricLabel("client", value)])])
        for format in MetricsFormat.allCases {
            let lines = Array(text(of: [family], in: format).utf8).split(separator: UInt8(ascii: "\n"))
            #expect(lines.contains { $0.elementsEqual(#"a{client="\#(written)"} 1"#.utf8) })
        }
    }

    @Test func `a help text stays in its line`() {
        let family = MetricFamily(.gauge, "a", "one\ntwo \\ \"three\"", [])
        #expect(text(of: [family], in: .prometheus).hasPrefix(#"# HELP a one\ntwo \\ "three""# + "\n"))
        #expect(text(of: [family], in: .openMetrics).hasPrefix(#"# HELP a one\ntwo \\ \"three\""# + "\n"))
    }

    @Test(
        arguments: [
            (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (0.4, "0.4"), (0, "0.0"),
            (1e21, "1e+21"),
        ])
    func `a number is written as both formats read it`(_ number: Double, written: String) {
        #expect(
            text(of: [MetricFamily(.gauge, "a", "A", .number(number))], in: .prometheus)
                .hasSuffix("\na \(written)\n"))
    }
}
