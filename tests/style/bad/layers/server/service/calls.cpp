#include "app.h"
#include "ops/log.h"
#include "storage/store.h"
