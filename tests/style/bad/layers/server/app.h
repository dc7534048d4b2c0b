#pragma once

#include "net/listener.h"
