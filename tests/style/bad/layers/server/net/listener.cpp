#include "connection/session.h"
#include "kapok/v1/frame.pb.h"
#include "storage/store.h"
