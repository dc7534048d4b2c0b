#pragma once

#include "ops/metrics.h"

namespace kapok::ops {

/// Sets what the kernel says of this process: memory, processor time, open files. What it does not say stays as it
/// was. Any thread.
void measure_process(Metrics& metrics);

}  // namespace kapok::ops
