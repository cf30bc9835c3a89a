-- Whoever changes rights or an article, by whatever way, tells every process with the same commit [G14]. Arguments: kind of
-- the notice, name and column of what it is about, and what stands before the column's value.
CREATE FUNCTION give_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "Notice" ("about") VALUES (jsonb_build_object(
    'kind', TG_ARGV[0], TG_ARGV[1], COALESCE(TG_ARGV[3], '') || (to_jsonb(OLD) ->> TG_ARGV[2])
  ));
  -- those of the last day stay
  DELETE FROM "Notice" WHERE "id" IN (
    SELECT "id" FROM "Notice" WHERE "at" < now() - interval '1 day' ORDER BY "at" LIMIT 100 FOR UPDATE SKIP LOCKED
  );
  RETURN NULL;
END $$;

CREATE TRIGGER notice_of_change AFTER UPDATE ON "User" FOR EACH ROW
  WHEN (OLD."role" <> NEW."role" OR OLD."name" <> NEW."name" OR OLD."newsroomId" <> NEW."newsroomId")
  EXECUTE FUNCTION give_notice('access', 'principal', 'id', 'user:');
CREATE TRIGGER notice_of_end AFTER DELETE ON "User" FOR EACH ROW
  EXECUTE FUNCTION give_notice('access', 'principal', 'id', 'user:');

CREATE TRIGGER notice_of_end AFTER DELETE ON "Session" FOR EACH ROW
  EXECUTE FUNCTION give_notice('access', 'sessionId', 'id');

CREATE TRIGGER notice_of_change AFTER UPDATE ON "Apikey" FOR EACH ROW
  WHEN (OLD."enabled" IS DISTINCT FROM NEW."enabled" OR OLD."expiresAt" IS DISTINCT FROM NEW."expiresAt")
  EXECUTE FUNCTION give_notice('access', 'principal', 'referenceId', 'user:');
CREATE TRIGGER notice_of_end AFTER DELETE ON "Apikey" FOR EACH ROW
  EXECUTE FUNCTION give_notice('access', 'principal', 'referenceId', 'user:');

CREATE TRIGGER notice_of_change AFTER UPDATE ON "ReviewLink" FOR EACH ROW
  WHEN (OLD IS DISTINCT FROM NEW)
  EXECUTE FUNCTION give_notice('access', 'linkId', 'id');
CREATE TRIGGER notice_of_end AFTER DELETE ON "ReviewLink" FOR EACH ROW
  EXECUTE FUNCTION give_notice('access', 'linkId', 'id');

CREATE TRIGGER notice_of_change AFTER UPDATE ON "Guest" FOR EACH ROW
  WHEN (OLD IS DISTINCT FROM NEW)
  EXECUTE FUNCTION give_notice('access', 'principal', 'id', 'guest:');
CREATE TRIGGER notice_of_end AFTER DELETE ON "Guest" FOR EACH ROW
  EXECUTE FUNCTION give_notice('access', 'principal', 'id', 'guest:');

CREATE TRIGGER notice_of_change AFTER UPDATE ON "Article" FOR EACH ROW
  WHEN (OLD."title" <> NEW."title" OR OLD."status" <> NEW."status" OR OLD."version" <> NEW."version"
    OR OLD."textLocked" <> NEW."textLocked")
  EXECUTE FUNCTION give_notice('article', 'articleId', 'id');
