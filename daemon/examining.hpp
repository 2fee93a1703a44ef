#pragma once
#include <boost/json/array.hpp>
#include <filesystem>
#include "app/examine.hpp"
#include "config/config.hpp"

namespace motionspool {

/// A manifest on the command line: the file, or the folder it lies in.
struct NamedManifest {
    std::filesystem::path folder;  ///< what its paths are relative to
    std::filesystem::path file;    ///< as messages name it
    app::Examination examination;
    bool alone = false;  ///< looked at as a manifest alone: its paths are under the media roots
};

/// Are the files' contents hashed, too, if it is acceptable?
enum class Hash { no, yes };

/// Reads a manifest and looks at the media it names, as a folder drop. @throws Exit 66 there is none, 69 the probing helper is missing, 77
[[nodiscard]] NamedManifest examine_named(const config::Config&, const std::string& path, Hash = Hash::no);

/// The same as the daemon would: a file that is not called manifest.yaml is a manifest alone if it lies in `incoming/`, or if none of its files lies beside it
/// and some do under the media roots.
[[nodiscard]] NamedManifest examine_as_dropped(const config::Config&, const std::string& path, Hash = Hash::no);

/// Complaints as objects: line, column, severity, message.
[[nodiscard]] boost::json::array as_json(const Complaints&, const std::string& bytes);

/// The complaints as lines on standard error. @return whether there is an error among them
bool print_complaints(const NamedManifest&);

}  // namespace motionspool
