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

-- While an article is being finished an append to it is told to come again, instead of waiting with the appends of all other
-- rooms that go in the same statement [R5, S7].
CREATE OR REPLACE FUNCTION refuse_append_to_finished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "Article" WHERE "id" IN (
    SELECT "Room"."articleId" FROM added JOIN "Room" ON "Room"."name" = added."room" WHERE NOT added."byServer"
  ) FOR SHARE NOWAIT;
  IF EXISTS (
    SELECT 1 FROM added JOIN "Room" ON "Room"."name" = added."room" JOIN "Article" ON "Article"."id" = "Room"."articleId"
    WHERE NOT added."byServer" AND "Article"."status" <> 'open'
  ) THEN
    RAISE EXCEPTION 'the article is finished' USING ERRCODE = 'GA409';
  END IF;
  RETURN NULL;
END $$;
