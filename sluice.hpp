#pragma once

/// Everything a program that composes graphs needs: the graph, the connectors every build has, and
/// the command line.
#include "sluice/connectors/collect.hpp"
#include "sluice/connectors/console.hpp"
#include "sluice/connectors/csv.hpp"
#include "sluice/connectors/each.hpp"
#include "sluice/connectors/generator.hpp"
#include "sluice/connectors/json_lines.hpp"
#include "sluice/connectors/nothing.hpp"
#include "sluice/connectors/postgres.hpp"
#include "sluice/connectors/rows.hpp"
#include "sluice/connectors/sqlite.hpp"
#include "sluice/connectors/text.hpp"
#include "sluice/connectors/words.hpp"
#include "sluice/graph/graph.hpp"
#include "sluice/graph/run.hpp"
