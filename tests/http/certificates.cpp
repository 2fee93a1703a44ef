#include "certificates.hpp"
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace motionspool::http {
namespace {

constexpr long day = 24 * 60 * 60;

template <typename T>
T* made(T* thing) {
    if (thing == nullptr) throw std::runtime_error("OpenSSL made nothing");
    return thing;
}

Certificate blank(EVP_PKEY* key, const char* name, int days) {
    static long serial = 1;
    Certificate certificate{made(X509_new())};
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -10 * day);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * day);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    return certificate;
}

void extend(X509* certificate, int nid, const std::string& value) {
    X509_EXTENSION* const extension = made(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

template <typename Write>
std::string pem(Write write) {
    BIO* const out = made(BIO_new(BIO_s_mem()));
    write(out);
    char* data = nullptr;
    const long length = BIO_get_mem_data(out, &data);
    std::string text(data, static_cast<std::size_t>(length));
    BIO_free(out);
    return text;
}

}  // namespace

std::string Identity::key_pem() const {
    return pem([&](BIO* out) { PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}
std::string Identity::certificate_pem() const {
    return pem([&](BIO* out) { PEM_write_bio_X509(out, certificate.get()); });
}

Identity make_authority() {
    Key key{made(EVP_EC_gen("P-256"))};
    auto certificate = blank(key.get(), "Test Authority", 10);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    return Identity{std::move(key), std::move(certificate)};
}

Identity make_identity(const Identity& authority, const std::string& name, int days) {
    Key key{made(EVP_EC_gen("P-256"))};
    auto certificate = blank(key.get(), "Test Server", days);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(authority.certificate.get()));
    extend(certificate.get(), NID_subject_alt_name, name);
    X509_sign(certificate.get(), authority.key.get(), EVP_sha256());
    return Identity{std::move(key), std::move(certificate)};
}

}  // namespace motionspool::http
