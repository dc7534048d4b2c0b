#pragma once

#include "core/id.h"
