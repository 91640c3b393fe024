#pragma once

#include <string>
#include <string_view>

#include "sluice/apps/fraud/handbook_world.hpp"

/// The text a world and its features are published and compared as: comma-separated integers, one
/// line a row in order of tx_id, a head of column names, `\n` after every line.
namespace sluice::fraud {

inline constexpr std::string_view world_text_head =
    "tx_id,time_s,customer,terminal,amount_cents,fraud,scenario\n";
inline constexpr std::string_view feature_text_head =
    "tx_id,weekend,night,c_n1,c_sum1,c_n7,c_sum7,c_n30,c_sum30,t_n1,t_f1,t_n7,t_f7,t_n30,t_f30\n";

/// Appends row `tx_id` of `world`, without the head.
void append_world_text(std::string& out, const handbook_world& world, std::uint64_t tx_id);

/// Appends the columns of `feature_text_head`: all fields but the amount, which the world's text
/// has.
void append_feature_text(std::string& out, const features& row);

/// All rows of `world` with their head.
std::string world_text(const handbook_world& world);

}  // namespace sluice::fraud
