#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace sluice {

/// What became of a request.
struct http_outcome {
  enum class kind {
    answered,
    not_sent,  ///< Nothing of the body has left: the other side cannot have acted on it.
    lost,      ///< Some of it may have arrived, and no whole answer came.
  };
  kind how = kind::lost;
  int status = 0;    ///< With `answered`: 200, 503, …
  std::string body;  ///< With `answered`.
  std::string why;   ///< Otherwise.
  std::chrono::milliseconds took{0};
};

/// How long a request may take.
struct http_limits {
  std::chrono::milliseconds connect{1000};
  std::chrono::milliseconds whole{3000};  ///< From the connecting to the end of the answer.
};

/// Sends requests to one HTTP server over a connection that stays open. No request is ever sent
/// twice, whatever happens to the connection. Calls block; made by one thread at a time.
class http_poster {
 public:
  /// `server` is `http://HOST:PORT`, or `https://…` with the authorities in the file `authorities`
  /// (PEM; empty: those of the system).
  explicit http_poster(std::string server, std::string authorities = {});
  http_poster(http_poster&&) noexcept;
  ~http_poster();

  const std::string& server() const { return server_; }
  /// Posts the JSON `body`, which must not be empty, to `path`.
  http_outcome post(const std::string& path, const std::string& body, const http_limits& limits);

 private:
  struct connection;
  std::string server_;
  std::unique_ptr<connection> connection_;
};

}  // namespace sluice
