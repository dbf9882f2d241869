package import VideoJobs

/// What an idempotency key is remembered with: a digest of the job's meaning, whatever its spelling.
package enum JobFingerprint {
    /// Fingerprints without it are older: the SHA-256 of the body as sent, in 64 hexadecimal digits.
    private static let prefix = "v2:"

    /// The fingerprint of a job: equal for jobs whose parsed values are equal, objects unordered.
    package static func text(of job: VideoJob, sha256: ([UInt8]) -> String) -> String {
        prefix + sha256(job.canonicalForm)
    }

    /// Whether a stored fingerprint was made from a body's bytes.
    fileprivate static func isOfBody(_ text: String) -> Bool {
        text.utf8.count == 64 && text.allSatisfy(\.isHexDigit)
    }
}

extension NewTask {
    /// Whether the job that the same key was first used for is this one.
    ///
    /// An older fingerprint cannot tell two spellings of one job, so the stored payload decides.
    ///
    /// - Parameter model: our id of the stored task's model.
    /// - Parameter payload: reads the stored task's payload.
    package func isSameJob(
        asStored fingerprint: String, model: String, payload: () throws -> [UInt8]?
    ) rethrows -> Bool {
        if fingerprint == claim?.fingerprint { return true }
        guard JobFingerprint.isOfBody(fingerprint), model == record.model, let stored = try payload() else {
            return false
        }
        let job = VideoJob(model: model, payload: self.payload, callbackURL: callback?.url)
        return VideoJob(model: model, payload: stored).canonicalForm == job.canonicalForm
    }
}
