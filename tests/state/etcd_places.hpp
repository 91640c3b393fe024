#pragma once

#include "sluice/state/etcd_address.hpp"
#include "sluice/tests/support/etcd_process.hpp"

namespace sluice {

/// The etcd of this test program; started when it is first asked for.
etcd_process& running_etcd();
/// A place in it where nothing is yet.
etcd_address new_etcd_address();

}  // namespace sluice
