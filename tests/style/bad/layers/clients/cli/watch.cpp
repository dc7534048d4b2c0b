#include "kapok/v1/frame.pb.h"
#include "protocol/codec.h"
#include "protocol/frame.h"
#include "service/outbox.h"
