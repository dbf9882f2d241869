import Gateway
import VideoJobs

/// An element of the JSON in the `attempts` column.
struct StoredAttempt: Codable {
    let number: Int
    let at: Int64
    let milliseconds: Int64
    let status: Int?
    let message: String?

    init(_ attempt: DeliveryAttempt) {
        number = attempt.number
        at = attempt.at.milliseconds
        milliseconds = attempt.duration.milliseconds
        status = attempt.status
        message = attempt.message
    }

    var attempt: DeliveryAttempt {
        DeliveryAttempt(
            number: number, at: Timestamp(milliseconds: at), duration: .milliseconds(milliseconds),
            status: status, message: message)
    }
}
