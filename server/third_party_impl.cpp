// The heavy parts of Asio and Beast, compiled once for the whole program: every other file sees declarations
// only, because kapok_boost defines BOOST_*_SEPARATE_COMPILATION for whoever links it.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
