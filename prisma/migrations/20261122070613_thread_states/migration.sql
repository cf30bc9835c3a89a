-- CreateTable
CREATE TABLE "CountedLayer" (
    "room" TEXT NOT NULL,
    "number" INTEGER NOT NULL,

    CONSTRAINT "CountedLayer_pkey" PRIMARY KEY ("room")
);

-- CreateTable
CREATE TABLE "ThreadState" (
    "room" TEXT NOT NULL,
    "thread" TEXT NOT NULL,
    "isOpen" BOOLEAN NOT NULL,
    "assignee" TEXT,
    "news" INTEGER NOT NULL,
    "newsBy" TEXT NOT NULL,
    "newsBefore" INTEGER,
    "mentions" JSONB,

    CONSTRAINT "ThreadState_pkey" PRIMARY KEY ("room","thread")
);

-- AddForeignKey
ALTER TABLE "CountedLayer" ADD CONSTRAINT "CountedLayer_room_fkey" FOREIGN KEY ("room") REFERENCES "Room"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ThreadState" ADD CONSTRAINT "ThreadState_room_fkey" FOREIGN KEY ("room") REFERENCES "Room"("name") ON DELETE RESTRICT ON UPDATE CASCADE;
