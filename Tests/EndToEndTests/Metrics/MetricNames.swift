/// The metrics that users rely on, with their labels.
enum MetricNames {
    /// Names as programs query them; of a histogram without `_bucket`, `_sum` and `_count`.
    static let all: [String: [String]] = [
        "reelgate_http_requests_total": ["method", "route", "status"],
        "reelgate_http_request_duration_seconds": ["route"],
        "reelgate_http_requests_in_flight": [],
        "reelgate_connections": [],
        "reelgate_event_streams": [],
        "reelgate_tasks": ["model", "state"],
        "reelgate_task_transitions_total": ["from", "to"],
        "reelgate_task_duration_seconds": ["model", "phase"],
        "reelgate_provider_requests_total": ["call", "class"],
        "reelgate_provider_request_duration_seconds": ["call"],
        "reelgate_provider_poll_lag_seconds": [],
        "reelgate_provider_poll_interval_seconds": [],
        "reelgate_uncertain_tasks": [],
        "reelgate_uncertain_oldest_seconds": [],
        "reelgate_archive_bytes": [],
        "reelgate_archive_free_bytes": [],
        "reelgate_archive_failures_total": ["reason"],
        "reelgate_link_expiry_seconds_min": [],
        "reelgate_spend_usd_total": ["client", "model"],
        "reelgate_reserved_usd": [],
        "reelgate_budget_remaining_usd": ["client"],
        "reelgate_webhook_attempts_total": ["result"],
        "reelgate_store_commit_duration_seconds": [],
        "reelgate_store_batch_size": [],
        "reelgate_event_loop_lag_seconds": [],
        "reelgate_submission_paused": ["reason"],
        "reelgate_model_missing": ["model"],
        "reelgate_build_info": ["revision", "version"],
        "process_cpu_seconds_total": [],
        "process_resident_memory_bytes": [],
        "process_virtual_memory_bytes": [],
        "process_open_fds": [],
        "process_max_fds": [],
        "process_start_time_seconds": [],
    ]

    /// Returns the metric that a series belongs to.
    static func metric(ofSeries name: String) -> String {
        for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) {
            return String(name.dropLast(suffix.count))
        }
        return name
    }

    /// Returns the names of the labels of a series.
    static func labels(of line: String) -> [String] {
        guard let start = line.firstIndex(of: "{"), let end = line.lastIndex(of: "}") else { return [] }
        return line[start..<end].dropFirst().split(separator: ",")
            .map { String($0.prefix { $0 != "=" }) }
    }
}
