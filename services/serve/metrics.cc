#include "services/serve/metrics.h"

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "services/runtime/address.h"
#include "services/runtime/certificate_ends.h"
#include "services/serve/errors.h"
#include "storage/base/status.h"

namespace selaras::serve {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

// Of the HTTP server: whoever connects and says nothing keeps a thread for as long as the time
// limit.
constexpr const char* kThreads = "4";
constexpr const char* kLimitMs = "2000";

// Collects families; a family gets its values one after another.
class Families {
 public:
  Families& Gauge(const std::string& name, const std::string& help) {
    return Begin(name, help, MetricType::Gauge);
  }
  Families& Counter(const std::string& name, const std::string& help) {
    return Begin(name, help, MetricType::Counter);
  }
  Families& Add(Labels labels, double value) {
    ClientMetric metric;
    metric.label = std::move(labels);
    if (all_.back().type == MetricType::Counter) {
      metric.counter.value = value;
    } else {
      metric.gauge.value = value;
    }
    all_.back().metric.push_back(std::move(metric));
    return *this;
  }
  // A family without a value is not shown.
  std::vector<MetricFamily> Take() {
    std::erase_if(all_, [](const MetricFamily& family) { return family.metric.empty(); });
    return std::move(all_);
  }

 private:
  Families& Begin(const std::string& name, const std::string& help, MetricType type) {
    all_.push_back({absl::StrCat("selaras_", name), help, type, {}});
    return *this;
  }

  std::vector<MetricFamily> all_;
};

void AddLogs(const NodeFigures& figures, Families* families) {
  const auto each = [&](auto&& value) {
    for (const LogFigures& log : figures.logs) value(log, Labels{{"log", log.log}});
  };
  families->Gauge("log_leaves", "Leaves of the tree of a log or mirror.");
  each([&](const LogFigures& log, const Labels& labels) {
    families->Add(labels, static_cast<double>(log.size));
  });
  families->Gauge("log_entries", "Entries of a log or mirror that are held.");
  each([&](const LogFigures& log, const Labels& labels) {
    families->Add(labels, static_cast<double>(log.entries));
  });
  families->Gauge("log_published_leaves", "Leaves of the newest published checkpoint; 0: none.");
  each([&](const LogFigures& log, const Labels& labels) {
    families->Add(labels, static_cast<double>(log.published));
  });
  families->Gauge("log_mirror", "Whether it is a mirror of another node's log.");
  each([&](const LogFigures& log, const Labels& labels) {
    families->Add(labels, log.mirror ? 1 : 0);
  });
}

void AddLinks(const NodeFigures& figures, Families* families) {
  const auto each = [&](const std::string& name, const std::string& help, auto&& value) {
    families->Gauge(name, help);
    for (const LinkStatus& link : figures.links) {
      families->Add({{"peer", link.peer}}, static_cast<double>(value(link)));
    }
  };
  each("link_connected", "Whether there is a stream to the peer.",
       [](const LinkStatus& link) { return link.session.connected ? 1 : 0; });
  each("link_stopped", "Whether the link stands still for a contradiction.",
       [](const LinkStatus& link) { return link.stopped ? 1 : 0; });
  each("link_received_leaves", "Leaves of the peer's log that are held here.",
       [](const LinkStatus& link) { return link.session.received_size.value; });
  each("link_arrived_leaves", "Leaves of the own log that the peer has acknowledged.",
       [](const LinkStatus& link) { return link.session.arrived_size.value; });
  each("link_disclosed_entries", "Entries that the peer may see.",
       [](const LinkStatus& link) { return link.session.disclosed; });
  each("link_disclosed_arrived_entries", "Entries of these that the peer has acknowledged.",
       [](const LinkStatus& link) { return link.session.disclosed_arrived; });
}

void AddScrub(const NodeFigures& figures, Families* families) {
  if (!figures.scrub) return;
  const ScrubShown& scrub = *figures.scrub;
  families->Gauge("scrub_good", "Whether nothing was found by the last pass, nor so far by this.")
      .Add({}, scrub.good ? 1 : 0);
  families->Gauge("scrub_running", "Whether a pass is under way.")
      .Add({}, scrub.stage.empty() ? 0 : 1);
  families->Gauge("scrub_running_findings", "Differences found so far by the pass under way.")
      .Add({}, static_cast<double>(scrub.findings));
  const storage::v1::ScrubTally& last = scrub.remembered.last();
  if (!last.has_finished()) return;
  families
      ->Gauge("scrub_last_full_pass_timestamp_seconds",
              "When the last full pass over all that is stored ended.")
      .Add({}, static_cast<double>(last.finished().seconds()));
  families->Gauge("scrub_last_full_pass_duration_seconds", "How long it took.")
      .Add({}, static_cast<double>(last.finished().seconds() - last.began().seconds()));
  families->Gauge("scrub_last_full_pass_entries", "Entries that it hashed.")
      .Add({}, static_cast<double>(last.entries()));
  families->Gauge("scrub_last_full_pass_bytes", "Bytes that it read, about.")
      .Add({}, static_cast<double>(last.bytes()));
  families->Gauge("scrub_last_full_pass_findings", "Differences that it found.")
      .Add({}, static_cast<double>(last.findings()));
}

void AddCertificates(const NodeFigures& figures, Families* families) {
  families->Gauge("certificate_ends_timestamp_seconds",
                  "When a certificate ends: the own one, an authority's, what a peer showed.");
  // An authority and the next one may bear one name: the one that ends first matters.
  std::map<std::pair<absl::string_view, std::string>, absl::Time> first;
  for (const runtime::CertificateEnd& each : figures.certificates) {
    absl::Time& ends =
        first.emplace(std::pair(runtime::NameOf(each.kind), each.name), each.ends).first->second;
    ends = std::min(ends, each.ends);
  }
  for (const auto& [of, ends] : first) {
    families->Add({{"kind", std::string(of.first)}, {"name", of.second}},
                  static_cast<double>(absl::ToUnixSeconds(ends)));
  }
}

std::vector<MetricFamily> ToFamilies(const NodeFigures& figures) {
  Families families;
  families.Gauge("build_info", "Always 1.")
      .Add({{"node", figures.node}, {"role", figures.role}, {"version", figures.version}}, 1);
  families.Gauge("accepts_commands", "Whether the node takes commands.")
      .Add({}, figures.serving ? 1 : 0);
  families.Gauge("sequencer_queued_requests", "Requests that wait for the sequencer.")
      .Add({}, static_cast<double>(figures.queued));
  AddLogs(figures, &families);
  AddLinks(figures, &families);
  AddScrub(figures, &families);
  AddCertificates(figures, &families);
  families.Counter("calls_total", "Calls that ended, by method and code.");
  for (const auto& [call, count] : figures.calls) {
    families.Add({{"method", call.first}, {"code", absl::StatusCodeToString(call.second)}},
                 static_cast<double>(count));
  }
  families.Counter("refused_connections_total", "Handshakes that were refused, by reason.");
  for (const auto& [reason, count] : figures.refused) {
    families.Add({{"reason", reason}}, static_cast<double>(count));
  }
  return families.Take();
}

class Endpoint final : public MetricsEndpoint {
 public:
  Endpoint(runtime::Address address, std::function<NodeFigures()> figures)
      : address_(std::move(address)),
        figures_(std::make_shared<Collected>(std::move(figures))),
        exposer_({"listening_ports", address_.ToString(), "num_threads", kThreads,
                  "request_timeout_ms", kLimitMs}) {
    address_.port = static_cast<std::uint16_t>(exposer_.GetListeningPorts().at(0));
    exposer_.RegisterCollectable(figures_);
  }

  std::string address() const override { return address_.ToString(); }

 private:
  class Collected final : public prometheus::Collectable {
   public:
    explicit Collected(std::function<NodeFigures()> figures) : figures_(std::move(figures)) {}
    std::vector<MetricFamily> Collect() const override { return ToFamilies(figures_()); }

   private:
    const std::function<NodeFigures()> figures_;
  };

  runtime::Address address_;
  const std::shared_ptr<Collected> figures_;
  prometheus::Exposer exposer_;  // goes first
};

}  // namespace

std::string MetricsText(const NodeFigures& figures) {
  return prometheus::TextSerializer().Serialize(ToFamilies(figures));
}

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Start(
    const std::string& address, std::function<NodeFigures()> figures) {
  ASSIGN_OR_RETURN(runtime::Address parsed, runtime::ParseAddress(address));
  // The library tells by an exception that it cannot listen.
  try {
    return std::make_unique<Endpoint>(std::move(parsed), std::move(figures));
  } catch (const std::exception&) {
    return CannotAnswerMetrics(address);
  }
}

}  // namespace selaras::serve
