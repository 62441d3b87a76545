#include "common/metrics/process_metrics.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "common/core/version.h"

namespace metrics {
namespace {

// The fields of /proc/self/stat (proc(5)) from the third on, the state; the second may hold spaces.
std::vector<std::string> StatFields() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  std::vector<std::string> fields;
  std::istringstream rest(line.substr(std::min(line.rfind(')') + 1, line.size())));
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

// Field `number` as proc(5) counts them.
double StatField(size_t number) {
  const std::vector<std::string> fields = StatFields();
  return number - 3 < fields.size() ? std::strtod(fields[number - 3].c_str(), nullptr) : 0;
}

double BootTime() {
  std::ifstream file("/proc/stat");
  for (std::string name; file >> name; std::getline(file, name)) {
    double seconds = 0;
    if (name == "btime" && file >> seconds) return seconds;
  }
  return 0;
}

double CpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double OpenFileDescriptors() {
  DIR* const folder = opendir("/proc/self/fd");
  if (folder == nullptr) return 0;
  double entries = 0;
  while (readdir(folder) != nullptr) ++entries;
  closedir(folder);
  // `.`, `..`, and the folder itself.
  return entries - 3;
}

double MaxFileDescriptors() {
  rlimit limit;
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : 0;
}

void AddProcess(Registry& registry) {
  registry.Add(Type::kCounter, "process_cpu_seconds_total", "CPU time that the process used, user and system.",
               [](Samples& samples) { samples.Add({}, CpuSeconds()); });
  const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const double page = static_cast<double>(sysconf(_SC_PAGESIZE));
  registry.AddGauge("process_start_time_seconds", "When the process started, in seconds since the epoch.",
                    [start = BootTime() + StatField(22) / ticks] { return start; });
  registry.AddGauge("process_resident_memory_bytes", "Memory of the process that is in RAM.",
                    [page] { return StatField(24) * page; });
  registry.AddGauge("process_virtual_memory_bytes", "Address space of the process.", [] { return StatField(23); });
  registry.AddGauge("process_threads", "Threads of the process.", [] { return StatField(20); });
  registry.AddGauge("process_open_fds", "Files and connections that the process has open.", OpenFileDescriptors);
  registry.AddGauge("process_max_fds", "How many files and connections it may have open.", MaxFileDescriptors);
}

}  // namespace

void AddProcessMetrics(Registry& registry, const common::Logger& logger) {
  registry.Add(Type::kGauge, "build_info", "Always 1; the labels say what runs.", [](Samples& samples) {
    samples.Add({{"version", common::kVersion}, {"compiler", __VERSION__}}, 1);
  });
  AddProcess(registry);
  registry.Add(Type::kCounter, "log_lines_total", "Log lines by level, those that were dropped too.",
               [logger](Samples& samples) {
                 const common::Logger::Counts counts = logger.counts();
                 samples.Add({{"level", "info"}}, static_cast<double>(counts.info));
                 samples.Add({{"level", "warning"}}, static_cast<double>(counts.warning));
                 samples.Add({{"level", "error"}}, static_cast<double>(counts.error));
               });
  registry.Add(Type::kCounter, "log_lines_dropped_total", "Log lines that could not be written.",
               [logger](Samples& samples) { samples.Add({}, static_cast<double>(logger.counts().dropped)); });
}

}  // namespace metrics
