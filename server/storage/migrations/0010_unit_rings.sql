-- The ring preset a unit asks for itself (routing.md §1.2). NULL: that of its parent; so are all older rows.
ALTER TABLE unit ADD COLUMN rings TEXT; -- core/unit.h, RingPreset
