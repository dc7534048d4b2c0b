-- A waiting caller's place where it is not his arrival's own; a callback kept by one who waits; why a worker was asked.
-- NULL in older rows.
ALTER TABLE call ADD COLUMN place_at BIGINT;  -- a return within 120 s waits where the call before had waited
ALTER TABLE call ADD COLUMN kept_at BIGINT;   -- he chose to be rung back (保位回拨) and kept class and place
ALTER TABLE call_leg ADD COLUMN reason TEXT;  -- routing/words.h, OfferReason
