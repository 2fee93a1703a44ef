#pragma once
// The sections of the configuration, one reader each. What is wrong keeps its default.
#include "config/config.hpp"
#include "config/fields.hpp"

namespace motionspool::config {

void read_spool(const Item&, SpoolSettings&, Report&);
void read_output(const Item&, OutputSettings&, Report&);
void read_state(const Item&, StateSettings&, Report&);
void read_provider(const Item&, ProviderSettings&, Report&);
void read_limits(const Item&, LimitSettings&, Report&);
void read_credit_settings(const Item&, CreditSettings&, Report&);
void read_shares(const Item&, std::map<std::string, Share>&, Report&);
void read_windows(const Item&, std::map<std::string, Window>&, Report&);
void read_manifest_defaults(const Item&, const Config& windows_and_limits, ManifestDefaults&, Report&);
void read_webhook(const Item&, WebhookSettings&, Report&);
void read_status(const Item&, StatusSettings&, Report&);
void read_control(const Item&, ControlSettings&, Report&);
void read_hooks(const Item&, HookSettings&, Report&);
void read_log(const Item&, LogSettings&, Report&);

constexpr std::string_view expects_keys = "keys with a value each, indented below it";

}  // namespace motionspool::config
