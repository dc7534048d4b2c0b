// co_await cond ? a : b; in a comment is no fault
awaitable<void> session(stream& peer) {
  auto bytes = co_await read(peer, limit);
  if (auto more = co_await read(peer, limit); more) limit = more ? 1 : 2;
  auto one = ready ? co_await read(peer, limit) : std::string();
  co_await write(peer, Options{.limit = 1});
  std::vector<int> all = {co_await read(peer, limit)};
  co_await run([&] { return 1; });
  co_spawn(strand, [this] { return loop(); }, detached);
  co_spawn(strand, [](stream s) -> awaitable<void> { co_await loop(s); }, detached);
  co_spawn(strand, loop(peer), [this](std::exception_ptr broke) { note(broke); });
  auto task = [&peer](int n) -> asio::awaitable<void> { co_await write(peer, n); };
  while (co_await alive(peer)) {
    limit = table[limit];
  }
}
