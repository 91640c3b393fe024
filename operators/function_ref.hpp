#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace sluice {

/// A reference to something callable, for the time of a call: unlike `std::function` it never
/// allocates, and it must not be kept.
template <class Signature>
class function_ref;

template <class R, class... Args>
class function_ref<R(Args...)> {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, function_ref> &&
           std::is_invocable_r_v<R, F&, Args...>) function_ref(F&& callee)
      : callee_(const_cast<void*>(static_cast<const void*>(std::addressof(callee)))),
        call_([](void* to, Args... args) -> R {
          return (*static_cast<std::remove_reference_t<F>*>(to))(std::forward<Args>(args)...);
        }) {}

  R operator()(Args... args) const { return call_(callee_, std::forward<Args>(args)...); }

 private:
  void* callee_;
  R (*call_)(void*, Args...);
};

}  // namespace sluice
