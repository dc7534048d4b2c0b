#pragma once

struct ShiftManager {};
int utility = 1;
