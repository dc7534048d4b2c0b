-- A start reads the numbers of recent high risks; without this it looked at every contact there is.

CREATE INDEX contact_high_risk ON contact (city_id, finalised_at) WHERE risk IN ('high', 'imminent');
