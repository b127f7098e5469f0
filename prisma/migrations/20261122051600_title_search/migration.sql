-- Derived from "tickets" and kept by triggers, so that whoever writes a ticket keeps it right: docs/adr/0010-search.md.

-- Every three characters of each title. The two spaces make three characters begin at the last two, too, so that words of one or two characters are found by
-- the beginnings of what "title_terms" lists.
CREATE VIRTUAL TABLE "title_search" USING fts5("title", content = '', contentless_delete = 1, tokenize = 'trigram', detail = 'none');
CREATE VIRTUAL TABLE "title_terms" USING fts5vocab('title_search', 'instance');
INSERT INTO "title_search" (rowid, "title") SELECT "number", "title" || '  ' FROM "tickets" ORDER BY "number";

-- Titles that are not in the index yet, or changed since: one at a time costs ten times as much as many at once, and it would be paid by who raises a ticket.
CREATE TABLE "title_waiting" ("ticket" INTEGER NOT NULL);

CREATE TRIGGER "title_added" AFTER INSERT ON "tickets" BEGIN
  INSERT INTO "title_waiting" VALUES (NEW."number");
END;
CREATE TRIGGER "title_changed" AFTER UPDATE OF "title" ON "tickets" WHEN OLD."title" <> NEW."title" BEGIN
  INSERT INTO "title_waiting" VALUES (NEW."number");
END;
CREATE TRIGGER "title_gone" AFTER DELETE ON "tickets" BEGIN
  DELETE FROM "title_search" WHERE rowid = OLD."number";
END;

-- How many tickets have ended: the sum of what was added, by status. Added up now and then into one row each.
CREATE TABLE "ended_tickets" ("status" TEXT NOT NULL, "added" INTEGER NOT NULL);
INSERT INTO "ended_tickets" SELECT "status", COUNT(*) FROM "tickets" WHERE "status" IN ('closed', 'rejected', 'cancelled') GROUP BY "status";

CREATE TRIGGER "ended_added" AFTER INSERT ON "tickets" WHEN NEW."status" IN ('closed', 'rejected', 'cancelled') BEGIN
  INSERT INTO "ended_tickets" VALUES (NEW."status", 1);
END;
CREATE TRIGGER "ended_changed" AFTER UPDATE OF "status" ON "tickets"
WHEN OLD."status" <> NEW."status"
  AND (OLD."status" IN ('closed', 'rejected', 'cancelled') OR NEW."status" IN ('closed', 'rejected', 'cancelled')) BEGIN
  INSERT INTO "ended_tickets" SELECT OLD."status", -1 WHERE OLD."status" IN ('closed', 'rejected', 'cancelled');
  INSERT INTO "ended_tickets" SELECT NEW."status", 1 WHERE NEW."status" IN ('closed', 'rejected', 'cancelled');
END;
CREATE TRIGGER "ended_gone" AFTER DELETE ON "tickets" WHEN OLD."status" IN ('closed', 'rejected', 'cancelled') BEGIN
  INSERT INTO "ended_tickets" VALUES (OLD."status", -1);
END;
