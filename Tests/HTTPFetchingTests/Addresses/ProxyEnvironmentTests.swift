import Testing
import TestSupport
@testable import HTTPFetching

@Suite struct ProxyEnvironmentTests {
    private func proxies(_ url: String, _ variables: [String: String]) -> Bool {
        ProxyEnvironment { variables[$0] }.proxies(url)
    }

    @Test func `the scheme's variable takes precedence over the general one`() {
        #expect(!proxies("http://h/", [:]))
        #expect(proxies("http://h/", ["http_proxy": "p:1"]))
        #expect(!proxies("https://h/", ["http_proxy": "p:1"]))
        #expect(!proxies("http://h/", ["HTTP_PROXY": "p:1"]))
        #expect(proxies("https://h/", ["HTTPS_PROXY": "p:1"]))
        #expect(proxies("https://h/", ["ALL_PROXY": "p:1"]))
        #expect(!proxies("http://h/", ["http_proxy": "", "all_proxy": "p:1"]))
    }

    @Test func `excluded hosts are connected to directly`() {
        let lists = [
            "*", "a.example", ".a.example", "x, a.example", "example", "A.Example",
        ]
        for list in lists {
            #expect(!proxies("http://a.example/", ["http_proxy": "p", "no_proxy": list]), "\(list)")
        }
        for list in ["b.example", "ample", "", "*.example"] {
            #expect(proxies("http://a.example/", ["http_proxy": "p", "NO_PROXY": list]), "\(list)")
        }
        #expect(!proxies("http://10.1.2.3/", ["http_proxy": "p", "no_proxy": "10.0.0.0/8"]))
        #expect(proxies("http://11.1.2.3/", ["http_proxy": "p", "no_proxy": "10.0.0.0/8"]))
        #expect(!proxies("http://[::1]/", ["http_proxy": "p", "no_proxy": "::1"]))
    }
}
