#include <iostream>
#include <string>
#include <vector>

#include "kapokd.h"
#include "open_city.h"

int main(int count, char** words) {
  return kapok::run_kapokd(std::vector<std::string>(words + 1, words + count), kapok::open_city, std::cout, std::cerr);
}
