import HTTPFetching

/// The parts of the client that use one key: they send it, and remove it from replies.
struct KeyedCalls: Sendable {
    let key: APIKey
    let submissions: SubmissionClassifier
    let polls: PollClassifier
    let results: ResultDownloader

    init(_ key: APIKey, _ settings: ProviderSettings, _ fetcher: HTTPFetcher) {
        self.key = key
        let vocabulary = settings.vocabulary
        let reader = ReportReader(key: key, base: settings.resultBase, vocabulary: vocabulary)
        submissions = SubmissionClassifier(key: key, reader: reader, vocabulary: vocabulary)
        polls = PollClassifier(key: key, reader: reader, vocabulary: vocabulary)
        results = ResultDownloader(key: key, base: settings.resultBase, fetcher: fetcher)
    }
}
