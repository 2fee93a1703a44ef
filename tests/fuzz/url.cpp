#include "config/web_address.hpp"
#include "domain/manifest.hpp"
#include "domain/names.hpp"
#include "harness.hpp"
#include "http/address.hpp"
#include "http/head.hpp"
#include "kie/files.hpp"

// URLs: of manifests, of the configuration, of results and redirects. Two readers look at some of them, and must not see different hosts.
namespace motionspool::fuzz {

void fuzz(std::string_view input) {
    (void)domain::is_glob(input);
    (void)domain::stem(input);
    (void)config::is_host_and_port(input);
    const auto url = http::parse_url(input);
    const auto address = config::parse_web_address(input);
    if (url && address) {
        must(url->origin.tls == address->tls, "both readers see the same scheme");
        must(http::numeric_address(url->origin.host) == http::numeric_address(address->host) &&
                 (http::numeric_address(address->host) || url->origin.host == address->host),
             "both readers see the same host");
    }
    if (!url) return;
    must(domain::is_url(input), "what is fetched as a URL is taken for one in a manifest");
    const auto again = http::parse_url(http::to_string(*url));
    must(again.has_value() && *again == *url, "a URL says the same when it is written and read again");
    must(!http::head_problem({"GET", url->target, {{"Host", http::authority(url->origin)}}, std::string{}}), "a URL can be asked for, and smuggles no line");
    const http::Origin api{.tls = false, .host = "127.0.0.1", .port = 8379};
    if (!kie::may_fetch(*url, {"kie.ai"}, api) || url->origin == api) return;
    must(url->origin.tls && (url->origin.host == "kie.ai" || url->origin.host.ends_with(".kie.ai")),
         "results come from the hosts that are named, and from no other");
    must(!http::numeric_address(url->origin.host), "a number is no host by that name");
}

}  // namespace motionspool::fuzz
