// A message a batch over ZeroMQ and nothing else: what a hub adds its credit and numbers to.

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <zmq.hpp>

#include "sluice/bench/link_ends.hpp"
#include "sluice/records/crc32c.hpp"

namespace sluice::bench {
namespace {

namespace option = zmq::sockopt;

int most_waiting(std::size_t batch_rows) {
  return static_cast<int>(std::max<std::size_t>(4, link_window_rows / batch_rows));
}

// Bytes in front of the columns, which stay aligned.
std::size_t front(const link_way& way) { return way.checksums ? sizeof(std::uint64_t) : 0; }

class taker final : public link_taker {
 public:
  taker(const link_way& way, const link_place& at)
      : front_(front(way)), pull_(context_, zmq::socket_type::pull) {
    pull_.set(option::rcvhwm, most_waiting(at.batch_rows));
    pull_.set(option::linger, 0);
    if (way.curve) {
      pull_.set(option::curve_server, true);
      pull_.set(option::curve_secretkey, at.taker.secret_key);
    }
    pull_.bind(way.tcp ? std::string{"tcp://127.0.0.1:0"} : "ipc://" + at.folder + "/zeromq");
  }

  std::string address() const override { return pull_.get(option::last_endpoint); }
  void take(link_work& work, std::uint64_t batch) override {
    zmq::message_t message;
    static_cast<void>(pull_.recv(message));
    const std::size_t rows = work.rows_of(batch);
    if (message.size() != front_ + rows * linked_row_bytes) return;
    const char* const columns = static_cast<const char*>(message.data()) + front_;
    if (front_ != 0) {
      std::uint64_t sum = 0;
      std::memcpy(&sum, message.data(), sizeof sum);
      if (sum != crc32c({columns, message.size() - front_}))
        throw std::runtime_error("a wrong checksum");
    }
    work.take(columns_in(columns, rows));
  }

 private:
  std::size_t front_;
  zmq::context_t context_;
  zmq::socket_t pull_;
};

class maker final : public link_maker {
 public:
  maker(const link_way& way, const link_place& at, const std::string& address)
      : front_(front(way)), push_(context_, zmq::socket_type::push) {
    push_.set(option::sndhwm, most_waiting(at.batch_rows));
    push_.set(option::linger, 0);
    if (way.curve) {
      push_.set(option::curve_publickey, at.maker.public_key);
      push_.set(option::curve_secretkey, at.maker.secret_key);
      push_.set(option::curve_serverkey, at.taker.public_key);
    }
    push_.connect(address);
  }

  void make(const link_work& work, std::uint64_t batch) override {
    const std::size_t rows = work.rows_of(batch);
    zmq::message_t message(front_ + rows * linked_row_bytes);
    char* const columns = message.data<char>() + front_;
    work.fill(batch, columns_in(columns, rows));
    if (front_ != 0) {
      const std::uint64_t sum = crc32c({columns, rows * linked_row_bytes});
      std::memcpy(message.data(), &sum, sizeof sum);
    }
    push_.send(message, zmq::send_flags::none);
  }

 private:
  std::size_t front_;
  zmq::context_t context_;
  zmq::socket_t push_;
};

}  // namespace

std::unique_ptr<link_taker> zeromq_taker(const link_way& way, const link_place& at) {
  return std::make_unique<taker>(way, at);
}
std::unique_ptr<link_maker> zeromq_maker(const link_way& way, const link_place& at,
                                         const std::string& address) {
  return std::make_unique<maker>(way, at, address);
}

}  // namespace sluice::bench
