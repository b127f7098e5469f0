-- Derived from "tickets" and kept by triggers, so that whoever writes a ticket keeps it right: docs/adr/0010-search.md.

-- Every three characters of a text. The two spaces make three characters begin at the last two, too, so that words of one or two characters are found by the
-- beginnings of these.
CREATE FUNCTION "title_grams"("title" TEXT) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_to_tsvector(array_agg(substr($1 || '  ', i, 3))) FROM generate_series(1, length($1)) AS i
$$;

-- What a title that has this word in it must have. Without a word nothing is asked.
CREATE FUNCTION "title_question"("word" TEXT) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT string_agg('''' || replace(replace(substr(lower($1), i, 3), '\', '\\'), '''', '''''') || CASE WHEN length(lower($1)) < 3 THEN ''':*' ELSE '''' END, ' & ')::tsquery
    FROM generate_series(1, greatest(length(lower($1)) - 2, 1)) AS i
$$;

-- Beside the tickets: a ticket changes often and its title hardly ever, and each change of a row is a change of all its indexes.
CREATE TABLE "title_search" ("number" INTEGER PRIMARY KEY, "title" TEXT NOT NULL);
INSERT INTO "title_search" SELECT "number", lower("title") FROM "tickets" ORDER BY "number";
CREATE INDEX "title_search_grams" ON "title_search" USING gin ("title_grams"("title")) WITH (fastupdate = off);

-- Titles that are not in the index yet, or changed since: one at a time costs ten times as much as many at once, and it would be paid by who raises a ticket.
-- A row for each change: of two changes at once, each leaves its own.
CREATE TABLE "title_waiting" ("ticket" INTEGER NOT NULL);

CREATE FUNCTION "title_waits"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "title_waiting" VALUES (NEW."number");
  RETURN NULL;
END
$$;
CREATE FUNCTION "title_goes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "title_search" WHERE "number" = OLD."number";
  RETURN NULL;
END
$$;
CREATE TRIGGER "title_added" AFTER INSERT ON "tickets" FOR EACH ROW EXECUTE FUNCTION "title_waits"();
CREATE TRIGGER "title_changed" AFTER UPDATE OF "title" ON "tickets" FOR EACH ROW WHEN (OLD."title" <> NEW."title") EXECUTE FUNCTION "title_waits"();
CREATE TRIGGER "title_gone" AFTER DELETE ON "tickets" FOR EACH ROW EXECUTE FUNCTION "title_goes"();

-- How many tickets have ended: the sum of what was added, by status. A row of its own for each that ends, as a total would be locked until its transaction
-- ends, and all that end would stand in line behind it. Added up now and then into one row each.
CREATE TABLE "ended_tickets" ("status" TEXT NOT NULL, "added" INTEGER NOT NULL);
INSERT INTO "ended_tickets" SELECT "status", COUNT(*) FROM "tickets" WHERE "status" IN ('closed', 'rejected', 'cancelled') GROUP BY "status";

CREATE FUNCTION "count_ended"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD."status" IN ('closed', 'rejected', 'cancelled') THEN
    INSERT INTO "ended_tickets" VALUES (OLD."status", -1);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW."status" IN ('closed', 'rejected', 'cancelled') THEN
    INSERT INTO "ended_tickets" VALUES (NEW."status", 1);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "ended_added" AFTER INSERT ON "tickets" FOR EACH ROW
  WHEN (NEW."status" IN ('closed', 'rejected', 'cancelled')) EXECUTE FUNCTION "count_ended"();
CREATE TRIGGER "ended_changed" AFTER UPDATE OF "status" ON "tickets" FOR EACH ROW
  WHEN (OLD."status" <> NEW."status"
    AND (OLD."status" IN ('closed', 'rejected', 'cancelled') OR NEW."status" IN ('closed', 'rejected', 'cancelled'))) EXECUTE FUNCTION "count_ended"();
CREATE TRIGGER "ended_gone" AFTER DELETE ON "tickets" FOR EACH ROW
  WHEN (OLD."status" IN ('closed', 'rejected', 'cancelled')) EXECUTE FUNCTION "count_ended"();
