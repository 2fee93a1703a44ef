#pragma once
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <memory>
#include <string>

namespace motionspool::http {

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;

/// A key and the certificate that goes with it.
struct Identity {
    Key key;
    Certificate certificate;
    [[nodiscard]] std::string key_pem() const;
    [[nodiscard]] std::string certificate_pem() const;
};

[[nodiscard]] Identity make_authority();
/// For `name` ("DNS:localhost" or "IP:127.0.0.1"), valid from a day ago to `days` from now.
[[nodiscard]] Identity make_identity(const Identity& authority, const std::string& name, int days);

}  // namespace motionspool::http
