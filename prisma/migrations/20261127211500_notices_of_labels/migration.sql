-- A label that is new, too, is told of: there is no row before it.
CREATE OR REPLACE FUNCTION give_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "Notice" ("about") VALUES (jsonb_build_object(
    'kind', TG_ARGV[0], TG_ARGV[1], COALESCE(TG_ARGV[3], '') || (to_jsonb(COALESCE(OLD, NEW)) ->> TG_ARGV[2])
  ));
  -- those of the last day stay
  DELETE FROM "Notice" WHERE "id" IN (
    SELECT "id" FROM "Notice" WHERE "at" < now() - interval '1 day' ORDER BY "at" LIMIT 100 FOR UPDATE SKIP LOCKED
  );
  RETURN NULL;
END $$;

CREATE TRIGGER notice_of_new AFTER INSERT ON "Label" FOR EACH ROW
  EXECUTE FUNCTION give_notice('labels', 'newsroomId', 'newsroomId');
CREATE TRIGGER notice_of_change AFTER UPDATE ON "Label" FOR EACH ROW
  WHEN (OLD IS DISTINCT FROM NEW)
  EXECUTE FUNCTION give_notice('labels', 'newsroomId', 'newsroomId');
