#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kapok::storage {

enum class Dialect { kSqlite, kPostgresql };

/// Where a statement may run. Only the search index, behind its port, and the
/// question whether there is a schema at all are not portable (decision 23).
enum class SqlFor { kEveryStore, kSqliteOnly, kPostgresqlOnly };

/// The text of one statement: a literal in the source, or built from a row's column names. Values are
/// always bound, in order of mention (`:name`, each name once: the two stores count repeats differently), and
/// never part of the text.
///
/// Each text is entered in one register, so that a test can put every statement of the program before
/// PostgreSQL, and gets a small number under which a connection keeps its prepared form. Make them
/// `inline const` or `static const` at namespace scope.
class Sql {
 public:
  template <std::size_t N>
  explicit Sql(const char (&literal)[N], SqlFor stores = SqlFor::kEveryStore) : Sql(std::string(literal), stores) {}

  /// The statement with exactly this text, if the program has it.
  static std::optional<Sql> known(const std::string& text);

  [[nodiscard]] const std::string& text() const { return *text_; }
  [[nodiscard]] std::size_t number() const { return number_; }

 private:
  template <class Row>
  friend class Table;  // builds its texts from column names
  friend class WorkingSet;

  Sql(std::string text, SqlFor stores);
  Sql(const std::string* text, std::size_t number) : text_(text), number_(number) {}

  const std::string* text_;
  std::size_t number_;
};

struct RegisteredSql {
  std::string text;
  SqlFor stores;
};

/// Every statement known to the program so far, in order of registration.
std::vector<RegisteredSql> registered_sql();

}  // namespace kapok::storage
