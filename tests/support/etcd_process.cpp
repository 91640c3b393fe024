#include "sluice/tests/support/etcd_process.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sluice/state/etcd_client.hpp"

namespace sluice {

namespace {

constexpr std::chrono::seconds longest_life{280};  // of a member: less than a test may take

std::string peer_url(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

std::string program_on_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders{path ? path : ""};
  for (std::string folder; std::getline(folders, folder, ':');)
    if (std::filesystem::exists(folder + "/" + name)) return folder + "/" + name;
  throw std::runtime_error(name + " is not installed: see packaging/apt-packages-test.txt");
}

}  // namespace

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound =
      ::bind(socket, generic, size) == 0 && ::getsockname(socket, generic, &size) == 0;
  ::close(socket);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

etcd_process::etcd_process(std::size_t members, bool encrypted)
    : keeper_(program_on_path("setpriv")), program_(program_on_path("etcd")) {
  if (encrypted) {
    certificate_ = folder_.file("certificate.pem");
    const auto made =
        run_child({program_on_path("openssl"), "req", "-x509", "-nodes", "-newkey", "rsa:2048",
                   "-days", "2", "-subj", "/CN=etcd", "-addext", "subjectAltName=IP:127.0.0.1",
                   "-keyout", folder_.file("key.pem"), "-out", certificate_});
    if (made.exit_code != 0) throw std::runtime_error("no certificate: " + made.err);
  }
  members_.resize(members);
  for (std::size_t i = 0; i < members; ++i) {
    members_[i].client_port = free_port();
    members_[i].peer_port = free_port();
    cluster_ += (i == 0 ? "" : ",") + name(i) + "=" + peer_url(members_[i].peer_port);
  }
  for (std::size_t i = 0; i < members; ++i) start(i);
  wait_until_ready();
}

std::string etcd_process::address(const std::string& prefix) const {
  std::string text = certificate_.empty() ? "etcd://" : "etcds://";
  for (const member& one : members_)
    text += (&one == &members_.front() ? "127.0.0.1:" : ",127.0.0.1:") +
            std::to_string(one.client_port);
  return text + "/" + prefix + (certificate_.empty() ? "" : "?ca=" + certificate_);
}

void etcd_process::wait_until_ready() const {
  etcd_client asked{parse_etcd_address(address("ready")).value(),
                    {.request = {},
                     .patience = std::chrono::seconds{60},
                     .pause = std::chrono::milliseconds{20}}};
  auto answer = asked.read(etcd_range_path, etcd_range_request("/ready"));
  if (!answer) throw std::runtime_error("etcd does not come up: " + answer.failure().message);
}

void etcd_process::send(int signal_number, std::size_t member) {
  members_[member].process->send(signal_number);
  if (signal_number == SIGKILL) members_[member].process->wait();
}

std::string etcd_process::url(std::uint16_t port) const {
  return (certificate_.empty() ? "http://127.0.0.1:" : "https://127.0.0.1:") + std::to_string(port);
}

// What it says goes into a file: nobody reads a pipe of it. It ends with this process, also if that
// is killed.
void etcd_process::start(std::size_t member) {
  auto& one = members_[member];
  std::vector<std::string> command{keeper_,
                                   "--pdeathsig",
                                   "KILL",
                                   program_,
                                   "--name",
                                   name(member),
                                   "--data-dir",
                                   folder_.file(name(member)),
                                   "--listen-client-urls",
                                   url(one.client_port),
                                   "--advertise-client-urls",
                                   url(one.client_port),
                                   "--listen-peer-urls",
                                   peer_url(one.peer_port),
                                   "--initial-advertise-peer-urls",
                                   peer_url(one.peer_port),
                                   "--initial-cluster",
                                   cluster_,
                                   "--logger",
                                   "zap",
                                   "--log-outputs",
                                   folder_.file(name(member) + ".log")};
  if (!certificate_.empty())
    for (const auto& more : {std::string{"--cert-file"}, certificate_, std::string{"--key-file"},
                             folder_.file("key.pem")})
      command.push_back(more);
  one.process = std::make_unique<child_process>(
      std::move(command),
      child_options{
          .environment = {}, .folder = {}, .stderr_is_terminal = false, .deadline = longest_life});
}

}  // namespace sluice
