#pragma once

/// Faults that tests plant to see whether their harness finds them (decision 36). They exist in `kapokd-faulty` alone,
/// which tests/faults builds out of these sources with KAPOK_PLANTED_FAULTS set; in every other program the two macros
/// are the constant false and what stands behind them is not compiled in.
///
/// A fault is named by one word. KAPOK_IS_PLANTED says whether the running test wants it now; KAPOK_HANG_IF_PLANTED
/// stands still for ever, once per order of the test.
#ifdef KAPOK_PLANTED_FAULTS
namespace kapok {
bool is_planted(const char* fault);
void hang_if_planted(const char* fault);
}  // namespace kapok
#define KAPOK_IS_PLANTED(fault) ::kapok::is_planted(#fault)
#define KAPOK_HANG_IF_PLANTED(fault) ::kapok::hang_if_planted(#fault)
#else
#define KAPOK_IS_PLANTED(fault) false
#define KAPOK_HANG_IF_PLANTED(fault) static_cast<void>(0)
#endif
