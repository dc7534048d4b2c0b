#include "api/request.h"
#include "kapok/v1/frame.pb.h"
#include "service/outbox.h"
