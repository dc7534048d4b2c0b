#pragma once

// #include "storage/store.h" would be refused; in a comment it is not.
#include <vector>

#include "core/id.h"
#include "routing/policy.h"
#include "storage/store.h"
