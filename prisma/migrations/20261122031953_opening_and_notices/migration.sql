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
