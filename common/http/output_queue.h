#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <list>
#include <string>
#include <utility>

namespace http {

// Bytes that wait to be taken by the client, in the pieces in which they came. What was queued stays where it is until
// it is consumed, so that a write under way may lead into it. Not thread-safe.
class OutputQueue {
 public:
  // The front of the queue, as much as one write takes.
  using Buffers = std::array<boost::asio::const_buffer, 4>;

  void Push(std::string bytes) {
    if (bytes.empty()) return;
    size_ += bytes.size();
    pieces_.push_back(std::move(bytes));
  }

  bool empty() const { return size_ == 0; }
  // In bytes.
  size_t size() const { return size_; }

  Buffers Front() const {
    Buffers buffers;
    size_t used = 0;
    for (auto piece = pieces_.begin(); piece != pieces_.end() && used < buffers.size(); ++piece, ++used) {
      buffers[used] = boost::asio::buffer(*piece);
    }
    buffers[0] += offset_;
    return buffers;
  }

  // Forgets the first `count` bytes, which must be there.
  void Consume(size_t count) {
    size_ -= count;
    offset_ += count;
    while (!pieces_.empty() && offset_ >= pieces_.front().size()) {
      offset_ -= pieces_.front().size();
      pieces_.pop_front();
    }
  }

 private:
  std::list<std::string> pieces_;
  size_t offset_ = 0;  // into the first piece
  size_t size_ = 0;
};

}  // namespace http
