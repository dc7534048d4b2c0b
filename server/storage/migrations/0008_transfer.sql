-- Talks that were passed on (转接): written on the leg of the one who passed them on. NULL in older rows.
ALTER TABLE call ADD COLUMN reached_at BIGINT;       -- he who chose to be rung back (call.kept_at) was on the line again
ALTER TABLE call_leg ADD COLUMN transfer_kind TEXT;  -- cold, warm: routing/words.h, TransferKind
ALTER TABLE call_leg ADD COLUMN transfer_to BIGINT;  -- worker named or chosen
ALTER TABLE call_leg ADD COLUMN transfer_unit BIGINT;
ALTER TABLE call_leg ADD COLUMN transfer_at BIGINT;
ALTER TABLE call_leg ADD COLUMN transfer_end TEXT;   -- of a warm one: TransferEnd; NULL while it rings
