#pragma once

// A class member, an agent and a ticket in a comment are no fault.
struct AgentQueue {
  int open_tickets;
  int worker_member_id;
  int remember;
  int management;
};
inline const char* kLabel = "ticket";
inline auto field = http::field::user_agent;
