#pragma once

/// Everything a program that composes graphs needs.
#include "sluice/graph/graph.hpp"
