#pragma once
#include <filesystem>
#include "app/examine.hpp"
#include "config/config.hpp"

namespace motionspool {

/// A manifest on the command line: the file, or the folder it lies in.
struct NamedManifest {
    std::filesystem::path folder;  ///< what its paths are relative to
    std::filesystem::path file;    ///< as messages name it
    app::Examination examination;
};

/// Reads a manifest and looks at the media it names, as a folder drop. @throws Exit 66 there is none, 69 the probing helper is missing, 77
[[nodiscard]] NamedManifest examine_named(const config::Config&, const std::string& path);

/// The complaints as lines on standard error. @return whether there is an error among them
bool print_complaints(const NamedManifest&);

}  // namespace motionspool
