/// A response that a middleware observes.
struct ObservedStream {
    let observer: any ExchangeObserver
    let status: Int
}
