#include "sluice/state/http_poster.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <curl/curl.h>

namespace sluice {

namespace {

constexpr std::size_t longest_answer = 64 << 20;

// Memory is short, or the library is not what it was built with: nothing to go on with.
template <class Handle>
Handle* must(Handle* made) {
  if (!made) throw std::runtime_error("libcurl cannot be used");
  return made;
}

bool begin_library() { return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK; }

struct sending {
  const std::string& body;
  std::size_t taken = 0;
};

std::size_t hand_over(char* room, std::size_t size, std::size_t count, void* of) {
  auto& out = *static_cast<sending*>(of);
  const std::size_t n = std::min(size * count, out.body.size() - out.taken);
  std::memcpy(room, out.body.data() + out.taken, n);
  out.taken += n;
  return n;
}

std::size_t take_in(const char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& body = *static_cast<std::string*>(into);
  if (body.size() + size * count > longest_answer) return 0;
  body.append(bytes, size * count);
  return size * count;
}

std::string in_lower_case(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace

struct http_poster::connection {
  connection() : curl(nullptr, &curl_easy_cleanup), headers(nullptr, &curl_slist_free_all) {
    static const bool begun = begin_library();
    curl.reset(must(begun ? curl_easy_init() : nullptr));
    for (const char* header : {"Content-Type: application/json", "Expect:"})
      headers.reset(must(curl_slist_append(headers.release(), header)));
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(curl.get(), option, value) != CURLE_OK)
      throw std::runtime_error("libcurl lacks an option");
  }

  std::unique_ptr<CURL, void (*)(CURL*)> curl;
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers;
};

// The body is read by a function that cannot be rewound, so that the library cannot send it again
// on a new connection when the old one breaks, as it else does: the second write would meet the
// first one and be refused, though it happened.
http_poster::http_poster(std::string server, std::string authorities)
    : server_(std::move(server)), connection_(std::make_unique<connection>()) {
  connection& to = *connection_;
  to.set(CURLOPT_NOSIGNAL, 1L);
  to.set(CURLOPT_PROXY, "");  // never by way of what the environment names
  to.set(CURLOPT_PROTOCOLS_STR, "http,https");
  to.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  to.set(CURLOPT_HTTPHEADER, to.headers.get());
  to.set(CURLOPT_POST, 1L);
  to.set(CURLOPT_READFUNCTION, &hand_over);
  to.set(CURLOPT_WRITEFUNCTION, &take_in);
  if (!authorities.empty()) to.set(CURLOPT_CAINFO, authorities.c_str());
}

http_poster::http_poster(http_poster&&) noexcept = default;
http_poster::~http_poster() = default;

http_outcome http_poster::post(const std::string& path, const std::string& body,
                               const http_limits& limits) {
  connection& to = *connection_;
  const std::string url = server_ + path;
  sending out{body};
  http_outcome outcome;
  char why[CURL_ERROR_SIZE] = "";
  to.set(CURLOPT_URL, url.c_str());
  to.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  to.set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.whole.count()));
  to.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  to.set(CURLOPT_READDATA, &out);
  to.set(CURLOPT_WRITEDATA, &outcome.body);
  to.set(CURLOPT_ERRORBUFFER, &why[0]);
  const CURLcode code = curl_easy_perform(to.curl.get());
  to.set(CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
  curl_off_t took_us = 0;
  curl_easy_getinfo(to.curl.get(), CURLINFO_TOTAL_TIME_T, &took_us);
  outcome.took = std::chrono::milliseconds{took_us / 1000};
  if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(to.curl.get(), CURLINFO_RESPONSE_CODE, &status);
    outcome.status = static_cast<int>(status);
    outcome.how = http_outcome::kind::answered;
  } else {
    outcome.body.clear();
    outcome.how = out.taken == 0 ? http_outcome::kind::not_sent : http_outcome::kind::lost;
    outcome.why = in_lower_case(why[0] != '\0' ? why : curl_easy_strerror(code));
  }
  return outcome;
}

}  // namespace sluice
