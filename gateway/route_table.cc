#include "gateway/route_table.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gateway/percent_encoding.h"
#include "gateway/text.h"

namespace gateway {
namespace {

// A route behind one template shape and method.
struct Leaf {
  size_t route;
  std::string name;
  std::vector<PathTemplate::Variable> variables;
  std::optional<size_t> multi;  // which segment of the template is `**`
  size_t segments;              // of the template
};

// The methods that end at one place in the trie, for one verb (empty for none).
using Leaves = std::map<std::string, Leaf, std::less<>>;

struct Node {
  absl::flat_hash_map<std::string, std::unique_ptr<Node>> literals;
  std::unique_ptr<Node> single;
  // `**` and the literals behind it, the longest first.
  std::vector<std::pair<std::vector<std::string>, std::map<std::string, Leaves, std::less<>>>> multi;
  std::map<std::string, Leaves, std::less<>> ends;
};

// Segments are compared decoded: one path has many spellings.
std::string Decoded(const PathTemplate::Segment& segment) { return PercentDecode(segment.literal).value_or(""); }

std::unique_ptr<Node>& Child(Node& node, const PathTemplate::Segment& segment) {
  return segment.kind == PathTemplate::Kind::kLiteral ? node.literals[Decoded(segment)] : node.single;
}

}  // namespace

struct RouteTable::Builder::Data {
  Node root;
  std::set<std::string, std::less<>> verbs;
};

RouteTable::Builder::Builder() : data_(std::make_unique<Data>()) {}
RouteTable::Builder::~Builder() = default;
RouteTable::RouteTable(std::unique_ptr<Builder::Data> data) : data_(std::move(data)) {}
RouteTable::RouteTable(RouteTable&&) noexcept = default;
RouteTable::~RouteTable() = default;

RouteTable RouteTable::Builder::Build() && { return RouteTable(std::move(data_)); }

// Where the routes of one template are.
struct RouteTable::Builder::Place {
  Leaves& leaves;
  std::optional<size_t> multi;
};

RouteTable::Builder::Place RouteTable::Builder::Find(const PathTemplate& path) {
  Node* node = &data_->root;
  std::optional<size_t> multi;
  size_t i = 0;
  for (; i < path.segments().size() && !multi; ++i) {
    if (path.segments()[i].kind == PathTemplate::Kind::kMulti) {
      multi = i;
      continue;
    }
    std::unique_ptr<Node>& child = Child(*node, path.segments()[i]);
    if (child == nullptr) child = std::make_unique<Node>();
    node = child.get();
  }
  std::map<std::string, Leaves, std::less<>>* ends = &node->ends;
  if (multi) {
    std::vector<std::string> suffix;
    for (; i < path.segments().size(); ++i) suffix.push_back(Decoded(path.segments()[i]));
    auto entry = std::find_if(node->multi.begin(), node->multi.end(), [&](const auto& e) { return e.first == suffix; });
    if (entry == node->multi.end()) {
      entry = std::find_if(node->multi.begin(), node->multi.end(),
                           [&](const auto& e) { return e.first.size() < suffix.size(); });
      entry = node->multi.emplace(entry, std::move(suffix), std::map<std::string, Leaves, std::less<>>());
    }
    ends = &entry->second;
  }
  if (!path.verb().empty()) data_->verbs.insert(path.verb());
  return {(*ends)[path.verb()], multi};
}

absl::Status RouteTable::Builder::Add(std::string_view method, const PathTemplate& path, size_t route,
                                      std::string_view name) {
  const Place place = Find(path);
  const auto [leaf, is_new] = place.leaves.try_emplace(
      std::string(method), Leaf{route, std::string(name), path.variables(), place.multi, path.segments().size()});
  if (is_new) return absl::OkStatus();
  return absl::AlreadyExistsError(absl::StrCat("\"", View(method), " ", path.text(), "\" of ", View(name),
                                               " takes the same requests as a route of ", leaf->second.name));
}

std::optional<size_t> RouteTable::Builder::Replace(std::string_view method, const PathTemplate& path, size_t route,
                                                   std::string_view name) {
  const Place place = Find(path);
  Leaf leaf{route, std::string(name), path.variables(), place.multi, path.segments().size()};
  const auto [known, is_new] = place.leaves.try_emplace(std::string(method), leaf);
  if (is_new) return std::nullopt;
  return std::exchange(known->second, std::move(leaf)).route;
}

// One search through the trie.
class RouteSearch {
 public:
  RouteSearch(const RouteTable& table, std::string_view method) : data_(*table.data_), method_(method) {}

  RouteTable::Match Run(std::string_view path) {
    RouteTable::Match match;
    if (path.empty() || path.front() != '/') return match;
    if (!Split(path.substr(1))) {
      match.outcome = RouteTable::Outcome::kBadPath;
      return match;
    }
    const Leaf* leaf = FindWithVerb();
    if (leaf == nullptr) leaf = Walk(data_.root, 0, "");
    if (leaf != nullptr) {
      match.outcome = RouteTable::Outcome::kFound;
      match.route = leaf->route;
      for (const PathTemplate::Variable& variable : leaf->variables) match.values.push_back(Value(*leaf, variable));
    } else if (!allowed_.empty()) {
      match.outcome = RouteTable::Outcome::kMethodNotAllowed;
      if (allowed_.count("GET") > 0) allowed_.insert("HEAD");
      allowed_.insert("OPTIONS");
      match.allow = absl::StrJoin(allowed_, ", ");
    }
    return match;
  }

 private:
  bool Split(std::string_view path) {
    while (true) {
      const size_t slash = path.find('/');
      const std::string_view segment = path.substr(0, slash);
      raw_.push_back(segment);
      if (segment.find('%') != std::string_view::npos) {
        std::optional<std::string> decoded = PercentDecode(segment);
        if (!decoded) return false;
        decoded_.emplace_back(raw_.size() - 1, *std::move(decoded));
      }
      if (slash == std::string_view::npos) return true;
      path.remove_prefix(slash + 1);
    }
  }

  // Only a verb that some route has is one: elsewhere a colon belongs to the value.
  const Leaf* FindWithVerb() {
    const std::string_view last = raw_.back();
    const size_t colon = last.rfind(':');
    if (colon == std::string_view::npos) return nullptr;
    const auto verb = data_.verbs.find(last.substr(colon + 1));
    if (verb == data_.verbs.end()) return nullptr;
    raw_.back() = last.substr(0, colon);
    const std::vector<std::pair<size_t, std::string>> decoded = decoded_;
    if (!decoded_.empty() && decoded_.back().first == raw_.size() - 1) {
      decoded_.back().second = PercentDecode(raw_.back()).value_or("");
    }
    const Leaf* leaf = Walk(data_.root, 0, *verb);
    if (leaf == nullptr) {
      raw_.back() = last;
      decoded_ = decoded;
    }
    return leaf;
  }

  std::string_view Segment(size_t i) const {
    for (const auto& [index, text] : decoded_) {
      if (index == i) return text;
    }
    return raw_[i];
  }

  const Leaf* Walk(const Node& node, size_t i, std::string_view verb) {
    if (i == raw_.size()) {
      if (const Leaf* leaf = End(node.ends, verb)) return leaf;
    } else {
      const auto child = node.literals.find(View(Segment(i)));
      if (child != node.literals.end()) {
        if (const Leaf* leaf = Walk(*child->second, i + 1, verb)) return leaf;
      }
      if (node.single != nullptr && !raw_[i].empty()) {
        if (const Leaf* leaf = Walk(*node.single, i + 1, verb)) return leaf;
      }
    }
    for (const auto& [suffix, ends] : node.multi) {
      if (!EndsWith(i, suffix)) continue;
      if (const Leaf* leaf = End(ends, verb)) return leaf;
    }
    return nullptr;
  }

  bool EndsWith(size_t from, const std::vector<std::string>& suffix) const {
    if (raw_.size() - from < suffix.size()) return false;
    const size_t start = raw_.size() - suffix.size();
    for (size_t k = 0; k < suffix.size(); ++k) {
      if (Segment(start + k) != suffix[k]) return false;
    }
    return true;
  }

  const Leaf* End(const std::map<std::string, Leaves, std::less<>>& ends, std::string_view verb) {
    const auto leaves = ends.find(verb);
    if (leaves == ends.end()) return nullptr;
    for (const std::string_view method :
         {method_, method_ == "HEAD" ? std::string_view("GET") : method_, std::string_view("*")}) {
      const auto leaf = leaves->second.find(method);
      if (leaf != leaves->second.end()) return &leaf->second;
    }
    for (const auto& [method, leaf] : leaves->second) allowed_.insert(method);
    return nullptr;
  }

  std::string Value(const Leaf& leaf, const PathTemplate::Variable& variable) const {
    // Where the template segments of the variable lie in the path, `**` taking up the difference.
    const size_t extra = leaf.multi ? raw_.size() - (leaf.segments - 1) : 1;
    const auto position = [&](size_t segment) {
      return leaf.multi && segment > *leaf.multi ? segment - 1 + extra : segment;
    };
    const size_t first = position(variable.first);
    const size_t end = position(variable.first + variable.count);
    if (!variable.is_multi) return std::string(Segment(first));
    std::string value;
    for (size_t i = first; i < end; ++i) {
      if (i > first) value.push_back('/');
      value.append(*PercentDecodeExceptSlash(raw_[i]));
    }
    return value;
  }

  const RouteTable::Builder::Data& data_;
  const std::string_view method_;
  std::vector<std::string_view> raw_;
  std::vector<std::pair<size_t, std::string>> decoded_;  // of the few segments that hold an escape
  std::set<std::string, std::less<>> allowed_;
};

RouteTable::Match RouteTable::Find(std::string_view method, std::string_view path) const {
  return RouteSearch(*this, method).Run(path);
}

}  // namespace gateway
