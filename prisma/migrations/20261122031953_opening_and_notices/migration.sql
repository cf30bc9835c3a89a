-- What a snapshot held becomes the first update of its room's log: the next compaction writes it in the new form.
INSERT INTO "RoomUpdate" ("room", "number", "update", "byServer")
SELECT "room", "number", "state", true FROM "RoomSnapshot"
ON CONFLICT ("room", "number") DO UPDATE SET "update" = excluded."update";
DELETE FROM "RoomUpdate" u USING "RoomSnapshot" s WHERE u."room" = s."room" AND u."number" < s."number";
DELETE FROM "RoomSnapshot";

-- AlterTable
ALTER TABLE "RoomSnapshot" ADD COLUMN     "bytes" INTEGER NOT NULL,
ADD COLUMN     "deletes" BYTEA NOT NULL,
ADD COLUMN     "stateVector" BYTEA NOT NULL;

-- It is compressed already.
ALTER TABLE "RoomSnapshot" ALTER COLUMN "state" SET STORAGE EXTERNAL;

-- CreateTable
CREATE TABLE "Notice" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "about" JSONB NOT NULL,

    CONSTRAINT "Notice_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Notice_at_idx" ON "Notice"("at");

-- Appends and a change of an article's status keep out of each other's way by an advisory lock: a lock on the article's row
-- would be written to disk with each append. While an article is being finished an append to it is told to come again, instead
-- of waiting with the appends of all other rooms that go in the same statement [R5, S7].
CREATE OR REPLACE FUNCTION refuse_append_to_finished() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  article RECORD;
BEGIN
  FOR article IN
    SELECT DISTINCT "Room"."articleId" AS id FROM added JOIN "Room" ON "Room"."name" = added."room" WHERE NOT added."byServer"
  LOOP
    IF NOT pg_try_advisory_xact_lock_shared(hashtextextended(article.id::text, 0)) THEN
      RAISE EXCEPTION 'the article is being finished' USING ERRCODE = '55P03';
    END IF;
    -- asked after the lock is held, so that a finish that has just been committed is seen
    IF EXISTS (SELECT FROM "Article" WHERE "id" = article.id AND "status" <> 'open') THEN
      RAISE EXCEPTION 'the article is finished' USING ERRCODE = 'GA409';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION wait_for_appends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW."id"::text, 0));
  RETURN NEW;
END $$;

CREATE TRIGGER wait_for_appends BEFORE UPDATE OF "status" ON "Article" FOR EACH ROW
  WHEN (OLD."status" <> NEW."status") EXECUTE FUNCTION wait_for_appends();
