#pragma once

#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <list>
#include <string>
#include <utility>

namespace http {

// Bytes that wait to be taken by the client, in the pieces in which they came. What was queued stays where it is until
// it is consumed, so that a write under way may lead into it. Not thread-safe; `total`, which all queues of a server
// add to and which must outlive them, is.
class OutputQueue {
 public:
  explicit OutputQueue(std::atomic<size_t>& total) : total_(total) {}
  OutputQueue(const OutputQueue&) = delete;
  OutputQueue& operator=(const OutputQueue&) = delete;
  ~OutputQueue() { total_.fetch_sub(size_, std::memory_order_relaxed); }

  // The front of the queue, as much as one write takes.
  using Buffers = std::array<boost::asio::const_buffer, 4>;

  void Push(std::string bytes) {
    if (bytes.empty()) return;
    size_ += bytes.size();
    total_.fetch_add(bytes.size(), std::memory_order_relaxed);
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
    total_.fetch_sub(count, std::memory_order_relaxed);
    offset_ += count;
    while (!pieces_.empty() && offset_ >= pieces_.front().size()) {
      offset_ -= pieces_.front().size();
      pieces_.pop_front();
    }
  }

 private:
  std::atomic<size_t>& total_;
  std::list<std::string> pieces_;
  size_t offset_ = 0;  // into the first piece
  size_t size_ = 0;
};

}  // namespace http
