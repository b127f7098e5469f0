-- Numbers of tickets. A row of "counters" would be locked until its transaction ends, and all captures would stand in line behind it.
CREATE SEQUENCE "ticket_number" AS INTEGER;
